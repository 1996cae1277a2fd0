"""R28: health names the fault itself, not a row that was put there, and is well again after it. Where a limit has to pass, the time is passed in."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import translation
from pytest_django.fixtures import Settings

from sportello.config import processes
from sportello.core import clock
from sportello.mail.actions import store_inbound
from sportello.mail.actions.outbound import deliver
from sportello.mail.adapters.smtp import Smtp, Transport
from sportello.mail.enums import Door, OutboundState
from sportello.mail.models import ImapAccount, OutboundMail
from sportello.tickets.actions import reply
from sportello.watch import beating, queries, words
from sportello.watch.enums import Cause
from tests.config.house import until
from tests.factories import make_contact, make_customer, make_mailbox, make_ticket, make_user
from tests.faults.browser import Browser
from tests.faults.hardships import fill
from tests.faults.installation import Installation, installation
from tests.mail.smtp_server import Conduct, serving
from tests.ports import free_port
from tests.servers.fetching import account_at, fetching
from tests.servers.imap_server import Asked, ImapServer, Say, good

LIMITS_ARE_OVER = timedelta(seconds=62)
"""The longest is a minute; well below the two in which health has to be red."""


def health(at: datetime) -> set[str]:
    return {str(problem.cause) for problem in queries.examine(now=at).problems}


# -- mail out ------------------------------------------------------------------------------------------------------------
@contextmanager
def gone() -> Iterator[Transport]:
    yield Smtp("127.0.0.1", free_port(), timeout=0.3)


@contextmanager
def answering(answer: str) -> Iterator[Transport]:
    with serving(Conduct(data=[answer])) as (host, port):
        yield Smtp(host, port, timeout=0.3)


@pytest.mark.django_db
@pytest.mark.parametrize("bad", [gone(), answering("hang"), answering("cut")], ids=["gone", "hangs", "cuts"])
def test_r28_a_mail_server_that_takes_nothing(bad: AbstractContextManager[Transport]) -> None:
    ticket = make_ticket(contact=make_contact(customer=make_customer()), mailbox=make_mailbox())
    waiting = reply(
        ticket=ticket, text="Ora va.", by=make_user(), now=clock.now(), seen_version=ticket.version
    ).outbound
    assert waiting is not None
    due = waiting.not_before + timedelta(seconds=1)
    with bad as transport:
        deliver(outbound_id=waiting.pk, transport=transport, at=lambda: due)
    assert "outbox" not in health(due + timedelta(seconds=30))
    assert "outbox" in health(due + LIMITS_ARE_OVER)
    again = OutboundMail.objects.get().next_attempt_at
    assert again is not None
    with answering("250 kept") as transport:
        deliver(outbound_id=waiting.pk, transport=transport, at=lambda: again)
    assert OutboundMail.objects.get().state == OutboundState.SENT
    assert "outbox" not in health(again + LIMITS_ARE_OVER)


# -- mail in -------------------------------------------------------------------------------------------------------------
def refusing(asked: Asked, say: Say) -> None:
    """The password was changed at the provider of the mailbox."""
    if asked.name in {"LOGIN", "AUTHENTICATE"}:
        say(asked.tag + b" NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")
    else:
        good(asked, say)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["refused", "gone"])
def test_r28_a_mailbox_that_cannot_be_fetched(how: str, settings: Settings) -> None:
    settings.SECRETS = {"TEST": "secret"}
    with ImapServer(conduct=refusing if how == "refused" else good) as server:
        account = account_at(server.port if how == "refused" else free_port())
        failing = ImapAccount.objects.filter(failing_since__isnull=False)
        with fetching(account):
            until(failing.exists, seconds=20, what="the failure is noted")
        assert "imap" not in health(clock.now())
        assert "imap" in health(clock.now() + LIMITS_ARE_OVER)
        server.conduct = good
        ImapAccount.objects.update(port=server.port)
        with fetching(account):
            until(lambda: not failing.exists(), seconds=20, what="the mailbox is fetched")
        assert "imap" not in health(clock.now() + LIMITS_ARE_OVER)


@pytest.mark.django_db
def test_r28_a_silence_of_mail(settings: Settings) -> None:
    settings.MAIL_SILENCE_MINUTES = 60
    box, now = make_mailbox(), clock.now()

    def comes(at: datetime) -> None:
        raw = f"From: anna@example.com\r\nMessage-ID: <{at.timestamp()}@example.com>\r\n\r\nAiuto\r\n".encode()
        store_inbound(raw=raw, mailbox=box, door=Door.LMTP, envelope_from="", envelope_to="", now=at)

    comes(now)
    assert "no_mail" not in health(now + timedelta(minutes=59))
    assert "no_mail" in health(now + timedelta(minutes=61))
    comes(now + timedelta(minutes=61))
    assert "no_mail" not in health(now + timedelta(minutes=62))


# -- the file store ------------------------------------------------------------------------------------------------------
@pytest.mark.needs("root")
@pytest.mark.django_db
def test_r28_a_full_disk_under_the_file_store(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "sportello.core.files.DurableFileStorage"}}
    monkeypatch.setattr(beating, "LEAST_FREE_BYTES", 0)
    probe = beating.StoreProbe("node")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "small", str(tmp_path)], check=True)
    try:
        fill(tmp_path / "fill")
        assert probe._try() == Cause.FILES_FULL
        (tmp_path / "fill").unlink()
        assert probe._try() == ""
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


# -- processes -----------------------------------------------------------------------------------------------------------
def told(desk: Installation) -> list[str]:
    return sorted(desk.house.health().get("problems", ["?"]))


@contextmanager
def standing_still(pids: Sequence[int]) -> Iterator[None]:
    for pid in pids:
        processes.send(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            processes.send(pid, signal.SIGCONT)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Well again after each of those that share it."""
    with installation(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.mark.system
@pytest.mark.slow(90)
@pytest.mark.timeout(900)
def test_r28_processes_that_stand_still_are_named_to_monitoring_and_on_the_desk_and_forgotten_when_they_go_on(
    desk: Installation,
) -> None:
    browser = Browser(desk)
    browser.sign_in()
    until(lambda: told(desk) == [], seconds=60, what="all is well")
    frozen = [pid for name in ("worker", "live", "mail-door") for pid in desk.house.pids(name)]
    with standing_still(frozen):
        until(lambda: told(desk) == ["live", "mail_door", "worker"], seconds=60, what="all three are named")
        with translation.override("en"):
            banner = [str(words.WRONG[cause]) for cause in (Cause.WORKER, Cause.LIVE, Cause.MAIL_DOOR)]
        until(lambda: all(one in browser.get("/desk/").text for one in banner), seconds=30, what="the desk says so")
        figures = browser.get("/metrics").text
        assert set(re.findall(r'sportello_problem\{cause="(\w+)"\} 1', figures)) == {"live", "mail_door", "worker"}
    until(lambda: told(desk) == [], seconds=60, what="all is well again")


@pytest.mark.system
@pytest.mark.slow(120)
@pytest.mark.timeout(900)
def test_r12_a_process_that_stands_still_is_ended_by_its_neighbours_and_started_again(desk: Installation) -> None:
    """A fault found: half of those who came waited for as long as it stood. The parents, which give no sign, are ended by `sportello up`."""
    until(lambda: told(desk) == [], seconds=60, what="all is well")
    frozen = [
        min(desk.house.pids("web")),
        max(desk.house.pids("web")),
        *desk.house.pids("worker"),
        *desk.house.pids("live"),
    ]
    with standing_still(frozen):
        until(lambda: not set(frozen) & set(desk.house.pids()), seconds=150, what="they are ended")
    until(lambda: told(desk) == [], seconds=60, what="all is well again")


@pytest.mark.system
@pytest.mark.slow(40)
@pytest.mark.timeout(600)
@pytest.mark.needs("faketime")
def test_r28_r18_a_machine_whose_clock_is_an_hour_wrong(desk: Installation) -> None:
    (library,) = Path("/usr/lib").glob(
        "*/faketime/libfaketime.so.1"
    )  # the command itself would stand between us and the worker
    wrong = {"LD_PRELOAD": str(library), "FAKETIME": "+1h", "DONT_FAKE_MONOTONIC": "1", "SPORTELLO_NODE": "another"}
    key = {"SPORTELLO_SECRET_KEY_FILE": str(desk.house.folder / "data" / "secret-key"), "DATABASE_URL": desk.url}
    command = [sys.executable, "-m", "sportello", "worker"]
    until(lambda: told(desk) == [], seconds=60, what="all is well")
    with (desk.house.folder / "another.log").open("wb") as log:
        worker = subprocess.Popen(command, env={**desk.house.environment, **key, **wrong}, stdout=log, stderr=log)
    try:
        until(lambda: told(desk) == ["clock"], seconds=60, what="the clock is named")
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(90)
    until(lambda: told(desk) == [], seconds=60, what="all is well again")
