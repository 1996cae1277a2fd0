"""Two hundred mails come in while every process is killed in turn and the database is stopped: each is one ticket, once."""

from __future__ import annotations

import signal
import smtplib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from sportello.config import embedded, processes
from tests.config.house import House, until

pytestmark = [pytest.mark.system, pytest.mark.slow(60), pytest.mark.timeout(900)]
MAILS = 200
SENDERS = 4
SUPPORT = "support@provider.example"
SET_UP = f"""
import django; django.setup()
from sportello.mail.models import Mailbox
Mailbox.objects.create(address={SUPPORT!r}, display_name="Assistenza")
"""
POISON = {
    17: b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\r\n",
    43: b"From: " + b"(" * 6_000 + b"\r\n",
    88: b"Content-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\n" * 20_000,
    131: b"Content-Type: text/html\r\n\r\n" + b"<div>" * 50_000,
}


@dataclass
class Sender:
    """A mail server: keeps each mail until it was answered 250, and comes again after anything else."""

    port: int
    kept: list[tuple[int, bytes]]
    acknowledged: set[int] = field(default_factory=set)

    def run(self) -> None:
        while self.kept:
            try:
                with smtplib.LMTP("127.0.0.1", self.port, timeout=20) as door:
                    while self.kept:
                        number, mail = self.kept[0]
                        door.sendmail(f"laura{number}@doria.example", [SUPPORT], mail)
                        self.acknowledged.add(number)
                        self.kept.pop(0)
                        time.sleep(0.05)
            except (OSError, smtplib.SMTPException):
                time.sleep(0.2)


def written(number: int) -> bytes:
    head = f"Message-ID: <m{number}@doria.example>\r\n".encode()
    if number in POISON:
        return head + POISON[number] + b"\r\npoison\r\n"
    return (
        head
        + f"From: Laura <laura{number}@doria.example>\r\nSubject: Richiesta {number}\r\n\r\nAiuto {number}\r\n".encode()
    )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path, extra={"SPORTELLO_SELF_TEST_MINUTES": "0", "SPORTELLO_WEB_WORKERS": "1"})
    house.up()
    yield house
    house.stop()
    house.clear()


def database(house: House) -> str:
    return embedded.cluster_in(house.folder / "data").url


def one(house: House, query: str) -> tuple[int, ...]:
    with psycopg.connect(database(house)) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return tuple(row)


def kill(house: House, *words: str) -> None:
    for pid in house.pids(*words):
        processes.send(pid, signal.SIGKILL)


def test_nothing_is_lost_and_nothing_is_doubled(house: House) -> None:
    environment = {
        **house.environment,
        "DATABASE_URL": database(house),
        "SPORTELLO_SECRET_KEY_FILE": str(house.folder / "data" / "secret-key"),
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    }
    subprocess.run([sys.executable, "-c", SET_UP], env=environment, check=True)
    mails = [(number, written(number)) for number in range(MAILS)]
    senders = [Sender(house.ports[2], mails[index::SENDERS]) for index in range(SENDERS)]
    threads = [threading.Thread(target=sender.run) for sender in senders]
    for thread in threads:
        thread.start()
    for words in (("mail-door",), ("worker",), ("mail-door",), ("web",), ("live",), ("worker",)):
        time.sleep(1.5)
        kill(house, *words)
    time.sleep(1)
    processes.send(house.server_pids()[0], signal.SIGKILL)
    for thread in threads:
        thread.join(200)
        assert not thread.is_alive(), "a mail was never acknowledged"
    until(house.well, seconds=60, what="the database is back")
    waiting = "SELECT count(*) FROM mail_inboundmail WHERE state = 'received'"
    until(lambda: one(house, waiting) == (0,), seconds=200, what="every mail has been read")
    assert len(set().union(*(sender.acknowledged for sender in senders))) == MAILS
    mails_and_ids = one(house, "SELECT count(*), count(DISTINCT message_id) FROM mail_inboundmail")
    assert mails_and_ids == (MAILS, MAILS)
    tickets = one(house, "SELECT count(*), count(DISTINCT ticket_id), count(DISTINCT inbound_id) FROM tickets_message")
    assert tickets == (MAILS, MAILS, MAILS)
    receipts = one(house, "SELECT count(*), count(DISTINCT \"to\") FROM mail_outboundmail WHERE kind = 'receipt'")
    assert receipts[0] == receipts[1] == MAILS - len(POISON)
