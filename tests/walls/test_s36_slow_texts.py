"""Texts that keep a careless pattern busy for ever (S36), and what is made to swell (S35): in every part of a mail and every field, bounded work.

Processor time of this process is counted, which a busy machine does not stretch; the bound is far above what any of them needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from itertools import product
from types import MappingProxyType

import pytest

from sportello.intake.notifications import quotable
from sportello.mail import composition, headers
from sportello.mail.glance import glance
from sportello.mail.parsing.parse import parse
from sportello.tickets.queries.search import highlighted, terms_of
from sportello.tickets.rules import file_name, one_line, snippet_of
from sportello.ui.prose import paragraphs
from tests.walls.hostile.files import NAMES
from tests.walls.hostile.slow import slow_texts
from tests.walls.hostile.tally import IS_LONG, Tally, sample

pytestmark = pytest.mark.timeout(3000 if IS_LONG else 300)
MOST_SECONDS = 5.0
FEW = 100
Record = Callable[[str, object], None]
_FROM = b"From: a@b.example\r\n"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _header(before: bytes) -> Callable[[str], bytes]:
    """A mail whose header begins so and goes on with the text, folded where it has lines."""
    return lambda text: _FROM + before + _bytes(text).replace(b"\r", b"").replace(b"\n", b"\r\n ") + b"\r\n\r\nciao\r\n"


def _body(head: bytes, begun: bytes = b"", ended: bytes = b"") -> Callable[[str], bytes]:
    return lambda text: _FROM + head + b"\r\n" + begun + _bytes(text) + ended


_REPORT = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
_STATUS = b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: "

PLACES: Mapping[str, Callable[[str], bytes]] = MappingProxyType(
    {
        "text": _body(b"Content-Type: text/plain; charset=utf-8\r\n"),
        "quote": _body(b"In-Reply-To: <a@b>\r\n", b"ok\r\n\r\nIl giorno 1 gen 2026 a@b.it ha scritto:\r\n"),
        "HTML": _body(b"Content-Type: text/html; charset=utf-8\r\n", b"<p>ciao</p>"),
        "quoted-printable": _body(b"Content-Transfer-Encoding: quoted-printable\r\n"),
        "base64": _body(b"Content-Transfer-Encoding: base64\r\n"),
        "uuencoded": _body(b"Content-Transfer-Encoding: x-uuencode\r\n", b"begin 644 a\r\n"),
        "a bounce": _body(b"Return-Path: <>\r\nSubject: Undelivered Mail Returned to Sender\r\n"),
        "a delivery report": _body(_REPORT, _STATUS, b"\r\n--b--\r\n"),
        "an invitation": _body(b"Content-Type: text/calendar; method=REQUEST\r\n", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:", b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
        "any header": _header(b""),
        **{
            name: _header(f"{name}: {begun}".encode())
            for name, begun in [
                ("Subject", ""), ("From", ""), ("To", ""), ("Reply-To", ""), ("Message-ID", ""), ("References", "<a@b> "), ("Date", ""), ("Content-Type", ""),
                ("Content-Type ", "text/plain; charset="), ("Content-Type  ", "multipart/mixed; boundary="), ("Content-Disposition", "attachment; filename="),
                ("Content-Disposition ", "attachment; filename*="), ("Authentication-Results", "mx.provider.example; "), ("Received", ""), ("X-Spam-Status", ""), ("List-Id", ""),
                ("Auto-Submitted", ""), ("Received-SPF", ""), ("X-Ricevuta", ""), ("Content-ID", ""), ("Content-Transfer-Encoding", ""),
            ]
        },
    }
)  # fmt: skip
FIELDS: Mapping[str, Callable[[str], object]] = MappingProxyType(
    {
        "a text on a page": paragraphs,
        "a letter": lambda text: composition.typeset(composition.tidy(text)),
        "a subject that goes out": lambda text: headers.text("Subject", text),
        "a name that goes out": lambda text: headers.mailbox(text, "a@b.example"),
        "a file's name that goes out": headers.disposition,
        "a subject in a receipt": quotable,
        "words to look for": terms_of,
        "words that were found": lambda text: highlighted(text, ["a", "b"]),
        "one line": lambda text: one_line(text, 500),
        "a row of the queue": snippet_of,
        "a file's name": file_name,
    }
)


def _harms(work: Callable[[], object]) -> list[str]:
    begun = time.process_time()
    work()
    spent = time.process_time() - begun
    return [f"{spent:.1f} s of processor"] if spent > MOST_SECONDS else []


def _read(raw: bytes) -> None:
    parse(raw, trusted_authserv="mx.provider.example")
    glance(raw)


def test_s36_slow_texts_in_every_part_of_a_mail(record_property: Record) -> None:
    tally = Tally("S36 slow texts in parts of mails")
    for (name, text), (place, make) in sample(list(product(slow_texts(), PLACES.items())), FEW):
        raw = make(text)
        tally.add(f"{place}: {name}", _harms(partial(_read, raw)))
    record_property("counted", str(tally))
    tally.settle()


def test_s36_slow_texts_in_every_field(record_property: Record) -> None:
    tally = Tally("S36 slow texts in fields")
    for (name, text), (field, take) in sample(list(product(slow_texts(), FIELDS.items())), FEW):
        tally.add(f"{field}: {name}", _harms(partial(take, text)))
    record_property("counted", str(tally))
    tally.settle()


@pytest.mark.parametrize("parameter", ["filename", "filename*"])
def test_a_files_name_without_any_slash_is_read_at_once(parameter: str) -> None:
    """It once took half a minute: the pattern for its folder began anew at each letter."""
    raw = PLACES["any header"](f"Content-Disposition: attachment; {parameter}={'a' * 100_000}")
    assert _harms(lambda: parse(raw)) == []


@pytest.mark.parametrize("piece", [",", "\n"] if IS_LONG else [","])
def test_a_bounce_of_commas_or_blank_lines_is_read_in_time(piece: str) -> None:
    """It once took twenty seconds: the detectors of private formats look through all of it again and again."""
    assert _harms(lambda: _read(PLACES["a bounce"](piece * 60_000))) == []


def test_s34_names_of_files_stay_names(record_property: Record) -> None:
    """In a mail that comes in, on the way out, and as stored: one line, no folder, nothing that turns the direction, never empty."""
    tally = Tally("S34 names of files")
    for name in [*NAMES, *(f"{name}.html" for name in NAMES), *(f"a/{name}" for name in NAMES)]:
        kept = file_name(name)
        harms = (
            [f"kept as {kept!r}"]
            if not kept or len(kept) > 255 or any(char in kept for char in "/\\\0\r\n\u2028\u202e\u2066")
            else []
        )
        header = headers.disposition(name).replace("\r\n ", "")
        harms += [f"sent as {header!r}"] if "\r" in header or "\n" in header or not header.isascii() else []
        tally.add(repr(name), harms)
    record_property("counted", str(tally))
    tally.settle()
