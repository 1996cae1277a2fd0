"""The mails in tests/mails, by name."""

from __future__ import annotations

from pathlib import Path

from sportello.mail.parsing import ParsedMail
from sportello.mail.parsing.parse import parse

FOLDER = Path(__file__).parent.parent / "mails"
OUR_SERVER = "mx.provider.example"


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def read(name: str) -> ParsedMail:
    return parse(raw(name), trusted_authserv=OUR_SERVER)


def written(text: str, *, headers: str = "") -> ParsedMail:
    """A plain mail with that text."""
    head = f"From: anna@example.it\nSubject: Prova\nContent-Type: text/plain; charset=utf-8\n{headers}\n"
    return parse((head + text).encode())


def written_html(source: str) -> ParsedMail:
    head = "From: anna@example.it\nSubject: Prova\nContent-Type: text/html; charset=utf-8\n\n"
    return parse((head + source).encode())
