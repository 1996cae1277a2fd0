"""`sportello mail receive`: what a mail server's pipe hands over is stored as through any other door."""

from __future__ import annotations

import argparse
import io
import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django import connector_params

from sportello.__main__ import EX_TEMPFAIL
from sportello.config import cli, pooling
from sportello.config.commands import pipe
from sportello.mail.enums import Door, Purpose
from sportello.mail.models import InboundMail, Mailbox

pytestmark = pytest.mark.django_db
MAIL = b"From: Anna <anna@example.com>\r\nTo: %s\r\nMessage-ID: <1@example.com>\r\nSubject: Sito fermo\r\n\r\nAiuto\r\n"


@pytest.fixture(autouse=True)
def mailbox() -> Mailbox:
    return Mailbox.objects.create(
        address="support@hosting.example",
        aliases=["help@hosting.example"],
        purpose=Purpose.SUPPORT,
        display_name="Assistenza",
    )


def _receive(monkeypatch: pytest.MonkeyPatch, raw: bytes, *, recipient: str | None = None, sender: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", argparse.Namespace(buffer=io.BytesIO(raw)))
    return pipe.run(argparse.Namespace(recipient=recipient, sender=sender))


def test_the_envelope_decides_where_it_goes(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> None:
    raw = MAIL % b"somebody@else.example"
    assert _receive(monkeypatch, raw, recipient="Help@hosting.example", sender="bounce@example.com") == 0
    stored = InboundMail.objects.get()
    assert (stored.mailbox, stored.door, stored.envelope_from) == (mailbox, Door.PIPE, "bounce@example.com")
    assert bytes(stored.raw.content) == raw


def test_a_mail_out_of_a_file_goes_where_its_headers_say(monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox) -> None:
    assert _receive(monkeypatch, MAIL % b"Somebody <x@else.example>, Assistenza <support@hosting.example>") == 0
    assert InboundMail.objects.get().mailbox == mailbox


@pytest.mark.parametrize("recipient", [None, "nobody@hosting.example"])
def test_a_mail_for_nobody_we_know_is_not_taken(monkeypatch: pytest.MonkeyPatch, recipient: str | None) -> None:
    with pytest.raises(pipe.NotStoredError, match="is none of our addresses"):
        _receive(monkeypatch, MAIL % b"x@else.example", recipient=recipient)
    assert not InboundMail.objects.exists()


def test_the_same_mail_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        assert _receive(monkeypatch, MAIL % b"support@hosting.example") == 0
    assert InboundMail.objects.count() == 1


@pytest.fixture
def _connected_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command has a process of its own and chooses how it connects. This one has its connections, for all tests behind this one, too."""
    monkeypatch.setattr(pooling, "keep", lambda _connections: None)


@pytest.mark.usefixtures("_connected_already")
@pytest.mark.parametrize("arguments", [["help@hosting.example"], ["--recipient", "help@hosting.example"]])
def test_a_bare_recipient_is_taken_as_mail_servers_pass_it(
    monkeypatch: pytest.MonkeyPatch, mailbox: Mailbox, arguments: list[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", argparse.Namespace(buffer=io.BytesIO(MAIL % b"somebody@else.example")))
    assert cli.run(["mail", "receive", *arguments, "--sender", "anna@example.com"]) == 0
    stored = InboundMail.objects.get()
    assert (stored.mailbox, stored.envelope_to) == (mailbox, "help@hosting.example")


@pytest.mark.usefixtures("_connected_already")
def test_two_recipients_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit):
        cli.run(["mail", "receive", "support@hosting.example", "--recipient", "help@hosting.example"])


@pytest.mark.slow(20)
@pytest.mark.django_db(transaction=True)
def test_r03_a_table_that_is_locked_leaves_the_mail_to_the_mail_server_in_bounded_time() -> None:
    """The real program: it has to end by itself while the lock is held."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with psycopg.connect(**connector_params()) as somebody:
        somebody.execute("LOCK TABLE mail_rawmail IN ACCESS EXCLUSIVE MODE")
        ended = subprocess.run(
            [sys.executable, "-m", "sportello", "mail", "receive", "support@hosting.example"],
            env={**os.environ, "DATABASE_URL": url},
            input=MAIL % b"support@hosting.example",
            capture_output=True,
            check=False,
            timeout=250,
        )
        somebody.rollback()
    assert (ended.returncode, ended.stderr[:36]) == (EX_TEMPFAIL, b"sportello: the mail was not stored: ")
    assert not InboundMail.objects.exists()
