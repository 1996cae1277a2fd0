"""`sportello mail receive`: the door for mail servers that start a program for each mail, and for a mail in a file."""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Iterable
from email.parser import BytesHeaderParser
from email.utils import getaddresses

from django.conf import settings

from sportello.core import clock
from sportello.core.patience import within
from sportello.mail.actions import ring, store_inbound
from sportello.mail.enums import Door
from sportello.mail.models import Mailbox
from sportello.mail.queries import mailbox_for

STORING_SECONDS = 16.0
"""For which the database is waited for in all: a mail server that starts a program for each mail has few to wait with."""
_ADDRESSED = ("Delivered-To", "X-Original-To", "To", "Cc")


class NotStoredError(Exception):
    """Why a mail was not stored; the mail server must keep it."""


def run(options: argparse.Namespace) -> int:
    """0 only once the bytes are committed; every failure raises, and `__main__` turns it into 75."""
    logging.getLogger("psycopg.pool").setLevel(logging.ERROR)  # what a mail server reads is our last word
    raw = sys.stdin.buffer.read(settings.MAIL_MAX_BYTES + 1)
    if len(raw) > settings.MAIL_MAX_BYTES:
        raise NotStoredError(f"it is larger than {settings.MAIL_MAX_BYTES} bytes (SPORTELLO_MAIL_MAX_BYTES)")
    if not raw.strip():
        raise NotStoredError("there was none on standard input")
    with within(STORING_SECONDS):
        recipient, mailbox = _destination(options.recipient, raw)
        store_inbound(
            raw=raw,
            mailbox=mailbox,
            door=Door.PIPE,
            envelope_from=options.sender,
            envelope_to=recipient,
            now=clock.now(),
        )
        ring()
    return 0


def _destination(recipient: str | None, raw: bytes) -> tuple[str, Mailbox]:
    """The envelope's recipient and its mailbox; without one, the first of our addresses in the headers, as for a mail out of a file."""
    for address in [recipient] if recipient else _addressed_to(raw):
        mailbox = mailbox_for(address)
        if mailbox is not None:
            return address, mailbox
    raise NotStoredError(f"{recipient or 'nobody it is addressed to'} is none of our addresses")


def _addressed_to(raw: bytes) -> Iterable[str]:
    headers = BytesHeaderParser().parsebytes(raw[:65_536])
    values = [str(value) for name in _ADDRESSED for value in headers.get_all(name, [])]
    return [address for _name, address in getaddresses(values[:50]) if "@" in address]
