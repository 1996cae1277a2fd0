"""Senders that are slow on purpose hold no place that somebody needs who has a mail (S25)."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from sportello.intake import lmtp
from sportello.mail.models import InboundMail
from tests.factories import make_mailbox
from tests.intake.open_door import OpenDoor
from tests.servers.until import until

pytestmark = pytest.mark.django_db(transaction=True)
Mails = Callable[[str], bytes]
SENDER = "laura@ceramichedoria.example"
ADDRESS = "assistenza@provider.example"
BEGUN = f"LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<{ADDRESS}>\r\nDATA\r\n".encode()


@contextmanager
def dripping(port: int, *sayings: bytes, drop: bytes = b"x") -> Iterator[None]:
    """As many lines as sayings; each says its own and then a drop again and again, also after it was sent away."""
    enough = threading.Event()

    def drip(saying: bytes) -> None:
        while not enough.is_set():
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10) as line:
                line.sendall(saying)
                while not enough.wait(0.05):
                    line.sendall(drop)

    threads = [threading.Thread(target=drip, args=(saying,)) for saying in sayings]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def is_taken(door: OpenDoor, raw: bytes) -> bool:
    try:
        with smtplib.LMTP("127.0.0.1", door.lmtp_port, timeout=20) as client:
            return client.sendmail(SENDER, [ADDRESS], raw) == {}
    except (OSError, smtplib.SMTPException):
        return False


@pytest.mark.parametrize(
    ("saying", "drop"),
    [(b"", b"N"), (b"LHLO mx\r\n", b"NOOP\r\n"), (BEGUN, b"x"), (BEGUN, b"x\r\n"), (BEGUN, b"a.\r\n")],
    ids=["in a command", "commands", "in a line", "lines", "lines that end with a dot"],
)
def test_s25_a_byte_now_and_then_keeps_nobody_out(
    saying: bytes, drop: bytes, door: OpenDoor, mail: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: only whoever was silent gave way, so that as many drips as there are places shut the door."""
    make_mailbox(ADDRESS)
    monkeypatch.setattr(lmtp, "MAX_CONNECTIONS", 6)
    monkeypatch.setattr(lmtp, "STALLED_SECONDS", 1.0)
    with dripping(door.lmtp_port, *[saying] * 6, drop=drop):
        until(lambda: len(door.store.connections) == 6, seconds=60)
        until(lambda: is_taken(door, mail("sito_giu")), seconds=60)
    assert InboundMail.objects.count() == 1


def test_s25_two_big_mails_that_never_end_keep_no_other_big_one_waiting(
    door: OpenDoor, mail: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: a mail beyond the size of a small one held one of the two places for as long as its sender liked, five minutes at a time."""
    make_mailbox(ADDRESS)
    monkeypatch.setattr(lmtp, "SMALL_MAIL", 1000)
    monkeypatch.setattr(lmtp, "STALLED_SECONDS", 1.0)
    monkeypatch.setattr(lmtp, "LATENESS_LOOK_SECONDS", 0.1)
    big = mail("sito_giu") + b"It does not open.\r\n" * 200
    endless = BEGUN + b"Subject: x\r\n\r\n" + b"x\r\n" * 400 + b"end.\r\n"
    with dripping(door.lmtp_port, *[endless] * lmtp.BIG_MAILS_AT_ONCE):
        until(door.store.big_mails.locked, seconds=60)
        until(lambda: is_taken(door, big), seconds=60)
    assert InboundMail.objects.count() == 1


def test_a_big_mail_on_a_slow_line_is_taken_as_long_as_nobody_else_needs_its_place(
    door: OpenDoor, mail: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was sent away after half a minute at less than 20 kB/s, each time that its sender came again."""
    make_mailbox(ADDRESS)
    monkeypatch.setattr(lmtp, "SMALL_MAIL", 1000)
    monkeypatch.setattr(lmtp, "STALLED_SECONDS", 0.2)
    monkeypatch.setattr(lmtp, "LATENESS_LOOK_SECONDS", 0.05)
    with socket.create_connection(("127.0.0.1", door.lmtp_port), timeout=60) as line:
        line.sendall(BEGUN + mail("sito_giu") + b"It does not open.\r\n" * 200)
        until(lambda: any(one.lateness > 1.0 for one in list(door.store.connections)), seconds=60)
        line.sendall(b".\r\nQUIT\r\n")
        answers = b"".join(iter(lambda: line.recv(4096), b""))
    assert InboundMail.objects.count() == 1, answers
