"""R04: the file store may not be written to. What is not stored is said, and can be sent again; a mail with files waits and is filed later."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.test import Client
from pytest_django import Settings

from sportello.config import processes
from sportello.core import clock
from sportello.core.files import FileStoreAway
from sportello.intake import actions
from sportello.intake.actions.receiving import TRIES, TRIES_ENDED, ReaderEnded
from sportello.mail import sandbox
from sportello.mail.actions import store_inbound
from sportello.mail.actions.outbound import deliver
from sportello.mail.adapters.smtp import Kept
from sportello.mail.enums import Door, InboundState, OutboundState
from sportello.mail.models import InboundMail
from sportello.mail.queries import inbound_to_process
from sportello.mail.queries.standing import mail_standing
from sportello.mail.reasons import MailReason
from sportello.mail.rules import FILES_AWAY
from sportello.tickets.actions import NewFile, reply, tell_undelivered
from sportello.tickets.models import Message
from tests.factories import make_contact, make_mailbox, make_queue, make_ticket, make_user
from tests.faults.installation import children_of
from tests.faults.poison import attached

pytestmark = pytest.mark.django_db


@contextmanager
def gone(store: Path) -> Iterator[None]:
    """A file lies where its folder was."""
    aside = store.with_name("aside")
    if store.exists():
        store.rename(aside)
    store.write_text("no folder")
    try:
        yield
    finally:
        store.unlink()
        if aside.exists():
            aside.rename(store)


@pytest.fixture
def trouble(settings: Settings, tmp_path: Path) -> AbstractContextManager[None]:
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "sportello.core.files.DurableFileStorage"}}
    return gone(tmp_path / "files")


def test_r04_a_file_that_cannot_be_kept_is_said_kindly_and_nothing_is_half_done(
    trouble: AbstractContextManager[None],
) -> None:
    ticket, desk = make_ticket(mailbox=make_mailbox()), Client(raise_request_exception=False)
    desk.force_login(make_user(language="en"))
    form = {"text": "See the file.", "seen_version": ticket.version}
    with trouble:
        given = {**form, "uploads": [SimpleUploadedFile("a.txt", b"one")]}
        answer = desk.post(f"/desk/tickets/{ticket.public_id}/reply", given)
        assert (answer.status_code, "it is still in the form" in answer.content.decode()) == (503, True)
        assert Message.objects.filter(ticket=ticket, text="See the file.").count() == 0
    given = {**form, "uploads": [SimpleUploadedFile("a.txt", b"one")]}
    assert desk.post(f"/desk/tickets/{ticket.public_id}/reply", given).status_code == 302
    assert [file.name for file in Message.objects.get(text="See the file.").attachments.all()] == ["a.txt"]


def test_r04_an_answer_with_a_file_waits_for_a_store_that_is_away_and_nobody_is_alarmed(
    trouble: AbstractContextManager[None],
) -> None:
    """It leaves by itself, and health has the cause."""
    ticket = make_ticket(contact=make_contact(address="laura@doria.example"), mailbox=make_mailbox())
    file = NewFile("a.txt", "text/plain", b"one")
    now = clock.now()
    said = reply(ticket=ticket, text="See.", by=make_user(), now=now, seen_version=ticket.version, attachments=[file])
    sent = said.outbound
    assert sent
    with trouble:
        deliver(outbound_id=sent.pk, transport=Kept(), at=lambda: now + timedelta(minutes=1))
    sent.refresh_from_db()
    assert (sent.state, sent.last_answer, sent.failed_at) == (OutboundState.DEFERRED, FILES_AWAY, None)
    assert tell_undelivered(now=now + timedelta(minutes=2)) == 0


def test_r04_a_mail_with_a_file_is_taken_in_and_filed_once_there_is_room(trouble: AbstractContextManager[None]) -> None:
    make_queue()
    raw = attached((b"text/plain", b"a.txt", b"one"))
    with trouble:
        kept = store_inbound(
            raw=raw, mailbox=make_mailbox(), door=Door.LMTP, envelope_from="anna@poison.example", envelope_to="", now=clock.now()
        ).inbound  # fmt: skip
        with pytest.raises(OSError, match="directory"):  # told in the log, and the mail is tried again
            receive(kept.pk)
    assert (InboundMail.objects.get().state, Message.objects.count()) == (InboundState.RECEIVED, 0)
    receive(kept.pk)
    assert InboundMail.objects.get().state == InboundState.FILED
    assert [file.name for file in Message.objects.get().attachments.all()] == ["a.txt"]


def test_r04_a_mail_outlasts_any_time_without_a_file_store_and_needs_nobodys_hand(
    trouble: AbstractContextManager[None],
) -> None:
    """A fault found: after the fifth try, half a minute, it was listed as failed, and stayed so."""
    make_queue()
    raw = attached((b"text/plain", b"a.txt", b"one"))
    kept = store_inbound(
        raw=raw, mailbox=make_mailbox(), door=Door.LMTP, envelope_from="anna@poison.example", envelope_to="", now=clock.now()
    ).inbound  # fmt: skip
    with trouble:
        for _ in range(TRIES + 1):
            with pytest.raises(FileStoreAway):
                receive(kept.pk)
        InboundMail.objects.update(waits_since=Now() - timedelta(minutes=5), next_attempt_at=None)
        since = mail_standing(now=clock.now()).oldest_job_at
        assert since is not None
        assert since < clock.now() - timedelta(minutes=4)
    receive(kept.pk)
    assert InboundMail.objects.get().state == InboundState.FILED
    assert [file.name for file in Message.objects.get().attachments.all()] == ["a.txt"]


def test_r04_a_mail_for_which_no_reader_can_be_started_waits_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault found: on a machine without room for another process each mail became a ticket that shows nothing but a file."""
    make_queue()
    kept = store_inbound(
        raw=attached(), mailbox=make_mailbox(), door=Door.LMTP, envelope_from="anna@poison.example", envelope_to="", now=clock.now()
    ).inbound  # fmt: skip
    with closing(sandbox.Reader()) as reader:
        monkeypatch.setattr(sandbox, "_reader", reader)
        for _ in range(TRIES + 1):
            waiting = inbound_to_process(kept.pk)
            assert waiting is not None
            with no_more_open_files(), pytest.raises(actions.NotYet):
                actions.receive_mail(inbound=waiting, now=clock.now())
        receive(kept.pk)
    found = InboundMail.objects.get()
    assert (found.state, found.attempts, found.reason == MailReason.FILED_UNREAD) == (InboundState.FILED, 0, False)


def test_r09_a_mail_whose_readers_the_machine_ends_is_tried_again_and_kept_as_a_file_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault found: where the kernel ends readers for want of memory, each mail became a ticket that shows nothing but a file, at once."""
    make_queue()
    mailbox = make_mailbox()
    kept = [
        store_inbound(
            raw=attached((b"text/plain", b"a.txt", b"%d" % number)),
            mailbox=mailbox,
            door=Door.LMTP,
            envelope_from="anna@poison.example",
            envelope_to="",
            now=clock.now(),
        ).inbound.pk
        for number in range(2)
    ]
    InboundMail.objects.filter(pk=kept[1]).update(attempts=TRIES_ENDED - 1)
    with closing(sandbox.Reader()) as reader:
        monkeypatch.setattr(sandbox, "_reader", reader)
        with readers_ended():
            with pytest.raises(ReaderEnded):
                receive(kept[0])
            receive(kept[1])
        receive(kept[0])
    outcomes = InboundMail.objects.order_by("pk").values_list("state", "attempts", "reason")
    assert [(state, tries, reason == MailReason.FILED_UNREAD) for state, tries, reason in outcomes] == [
        (InboundState.FILED, 1, False),
        (InboundState.FILED, TRIES_ENDED, True),
    ]


@contextmanager
def readers_ended() -> Iterator[None]:
    """Each that is started is killed, long before it can have read anything."""
    over = Event()

    def kill() -> None:
        while not over.wait(0.01):
            for child in children_of(os.getpid()):
                if "sportello.mail.parsing.child" in processes.command_line(child):
                    processes.send(child, signal.SIGKILL)

    killer = Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


@contextmanager
def no_more_open_files() -> Iterator[None]:
    """For this process, as when something has left very many open."""
    limit, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))


def receive(inbound_id: int) -> None:
    waiting = inbound_to_process(inbound_id)
    assert waiting is not None
    actions.receive_mail(inbound=waiting, now=clock.now())
