"""Reading in a process that may be killed: whoever asks always gets an answer, and soon."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sportello.config import processes
from sportello.mail.glance import glance
from sportello.mail.parsing import Limits, ParsedMail
from sportello.mail.parsing.parse import parse
from sportello.mail.sandbox import Allowance, Reader, Unreadable
from tests.faults.installation import children_of
from tests.mail.mails import OUR_SERVER, raw

pytestmark = pytest.mark.system
HEAVY = (
    b"From: Anna <anna@example.it>\r\nSubject: Pesante\r\nMessage-ID: <h@example.it>\r\n\r\n"
    + b"Da: a@example.it\n" * 100_000
)

_ENDLESS = (
    b"From: anna@example.it\r\nContent-Type: text/html\r\n\r\n<p "
    + b" ".join(b"a%d=b" % number for number in range(60_000))
    + b">ciao"
)
"""Quadratic, were it not for the limits that a test lifts."""


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader(size=2)
    yield made
    made.close()


def _with(allowance: Allowance) -> Reader:
    return Reader(size=1, allowance=allowance)


@pytest.mark.parametrize(
    "name",
    ["outlook_it", "inline_image", "invitation", "pec_envelope", "bounce_two_recipients", "forged_trust", "empty"],
)
def test_same_reading_as_in_this_process(reader: Reader, name: str) -> None:
    assert reader.read(raw(name), trusted_authserv=OUR_SERVER) == parse(raw(name), trusted_authserv=OUR_SERVER)


def test_one_child_serves_many_mails(reader: Reader) -> None:
    pids = set()
    for name in ("gmail_it", "iphone_it", "tim_it"):
        assert isinstance(reader.read(raw(name)), ParsedMail)
        pids |= {child._process.pid for child in reader._idle}
    assert len(pids) == 1


def test_child_is_replaced_after_its_share_of_mails() -> None:
    reader = _with(Allowance(mails=1))
    assert isinstance(reader.read(raw("gmail_it")), ParsedMail)
    assert reader._idle == []
    assert isinstance(reader.read(raw("gmail_it")), ParsedMail)
    reader.close()


def test_child_killed_while_idle_costs_nothing(reader: Reader) -> None:
    reader.read(raw("gmail_it"))
    os.kill(reader._idle[0]._process.pid, signal.SIGKILL)
    assert isinstance(reader.read(raw("iphone_it")), ParsedMail)


def test_mail_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    reader = _with(Allowance(seconds=0.0))
    started = time.monotonic()
    assert reader.read(HEAVY) == Unreadable("timed-out", "anna@example.it", "Pesante", "h@example.it")
    assert time.monotonic() - started < 20
    reader.allowance = Allowance()
    assert isinstance(reader.read(raw("gmail_it")), ParsedMail)
    reader.close()


def test_a_child_that_stands_still_is_not_the_mails_fault() -> None:
    reader = _with(Allowance(seconds=10.0))
    reader.read(raw("gmail_it"))
    os.kill(reader._idle[0]._process.pid, signal.SIGSTOP)
    assert isinstance(reader.read(raw("gmail_it")), ParsedMail)
    reader.close()


def test_a_reader_that_is_killed_from_outside_is_not_the_mails_fault(reader: Reader) -> None:
    """A fault found: on a machine out of memory, whose kernel ends readers, each mail became a ticket that shows nothing but a file."""
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(reader.read, _ENDLESS, limits=Limits(html_attributes=1_000_000))
        while not asked.done():
            for child in children_of(os.getpid()):
                if "sportello.mail.parsing.child" in processes.command_line(child):
                    processes.send(child, signal.SIGKILL)
    assert asked.result() == Unreadable("ended", "anna@example.it", "", "")


def test_mail_that_needs_too_much_memory_kills_only_its_child() -> None:
    reader = _with(Allowance(memory_bytes=16 * 1024 * 1024))
    outcome = reader.read(HEAVY + b"x" * 40_000_000)
    assert outcome == Unreadable("killed", "anna@example.it", "Pesante", "h@example.it")
    assert isinstance(reader.read(raw("gmail_it")), ParsedMail)
    reader.close()


def test_mail_that_burns_too_much_processor_time_kills_only_its_child() -> None:
    reader = _with(Allowance(cpu_seconds=1))
    outcome = reader.read(_ENDLESS, limits=Limits(html_attributes=1_000_000))
    assert outcome == Unreadable("killed", "anna@example.it", "", "")
    assert isinstance(reader.read(raw("gmail_it")), ParsedMail)
    reader.close()


def test_limits_are_carried_over(reader: Reader) -> None:
    mail = reader.read(raw("inline_image"), limits=Limits(attachments=1))
    assert isinstance(mail, ParsedMail)
    assert (len(mail.attachments), "attachments-cut" in mail.problems) == (1, True)


def test_threads_share_the_readers(reader: Reader) -> None:
    names = ["outlook_it", "gmail_es", "inline_image", "pec_envelope"] * 8
    with ThreadPoolExecutor(6) as threads:
        outcomes = list(threads.map(lambda name: reader.read(raw(name)), names))
    assert outcomes == [parse(raw(name)) for name in names]
    assert len(reader._idle) <= 2


def test_children_die_with_the_process_that_started_them() -> None:
    script = (
        "import os, signal, threading\n"
        "from sportello.mail import sandbox\n"
        "worker = threading.Thread(target=sandbox.read, args=(b'From: a@example.it\\n\\nx',))\n"
        "worker.start(); worker.join()\n"  # the thread that asked first is gone; its child must not be
        "print(sandbox._reader._idle[0]._process.pid, sandbox._reader._idle[0].usable, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": "src"},
    )
    pid, usable = done.stdout.split()
    assert usable == "True"
    for _ in range(100):
        if not _alive(int(pid)):
            return
        time.sleep(0.05)
    pytest.fail("the reader outlived its parent")


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_child_can_write_no_file_and_knows_none_of_our_secrets(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPORTELLO_SECRET_KEY", "very secret")
    reader.read(raw("gmail_it"))
    pid = reader._idle[0]._process.pid
    assert b"very secret" not in Path(f"/proc/{pid}/environ").read_bytes()
    assert "Max file size             0 " in Path(f"/proc/{pid}/limits").read_text()


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        (b"From: Anna <anna@example.it>\nSubject: Aiuto\nMessage-ID: <1@x>\n\nx", ("anna@example.it", "Aiuto", "1@x")),
        (b"subject: perch\xe9\x00\n", ("", "perché", "")),
        (b"\x00\xff" * 1000, ("", "", "")),
        (b"", ("", "", "")),
        (b"Reply-To: a@example.it\n", ("a@example.it", "", "")),
    ],
)
def test_glance_finds_who_and_what_about(mail: bytes, found: tuple[str, str, str]) -> None:
    seen = glance(mail)
    assert (seen.from_addr, seen.subject, seen.message_id) == found
