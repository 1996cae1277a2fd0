"""The hands of a worker that read mail, on a real database."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from sportello.config import reading
from sportello.config.errands import Messenger
from sportello.config.reading import Bell, read_on
from sportello.core import clock
from sportello.intake.actions import receiving
from sportello.mail.actions import outbound, store_inbound, take_waiting
from sportello.mail.enums import Door, InboundState, OutboundKind, OutboundState, Purpose
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.mail.queries.raw import BIG_MAIL
from sportello.mail.queries.standing import mail_standing
from sportello.tickets.models import Ticket
from sportello.triage.models import Queue
from tests.config.house import until
from tests.factories import make_contact, make_mailbox, make_queue

_END_WHO_WAITS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
_END_WHO_FILES = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
RAW = b"From: Laura <laura%d@doria.example>\r\nSubject: %s\r\nMessage-ID: <%d@doria.example>\r\n\r\nBuongiorno\r\n"


@pytest.fixture
def mailbox(transactional_db: None) -> Mailbox:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    make_queue()
    return make_mailbox()


def store(mailbox: Mailbox, number: int, subject: bytes = b"Ciao") -> InboundMail:
    raw = RAW % (number, subject, number)
    now = clock.now()
    return store_inbound(
        raw=raw, mailbox=mailbox, door=Door.LMTP, envelope_from=f"laura{number}@doria.example", envelope_to="", now=now
    ).inbound


def read_until(condition: Callable[[], bool], *, hands: int = 2) -> None:
    """At most two minutes."""

    def asked() -> bool:
        try:
            return condition()
        finally:
            connection.close()

    async def reads() -> None:
        work = asyncio.ensure_future(read_on(Bell(), hands=hands))
        for _ in range(2400):
            await asyncio.wait([work], timeout=0.05)
            if await asyncio.to_thread(asked):
                break
        work.cancel()
        await asyncio.wait([work])

    asyncio.run(reads())
    assert condition()


def none_waits() -> bool:
    return not InboundMail.objects.filter(state=InboundState.RECEIVED).exists()


def test_whatever_waits_is_read_once_by_several_hands(mailbox: Mailbox) -> None:
    for number in range(20):
        store(mailbox, number)
    read_until(none_waits, hands=3)
    assert (Ticket.objects.count(), InboundMail.objects.filter(state=InboundState.FILED).count()) == (20, 20)


def test_the_most_urgent_is_read_first(mailbox: Mailbox) -> None:
    for number in range(12):
        store(mailbox, number)
    outage = store(mailbox, 99, b"Sito down")
    read_until(none_waits, hands=1)
    first = Ticket.objects.order_by("number").first()
    assert first is not None
    assert first.messages.get().inbound == outage


def test_a_mail_that_fails_keeps_no_other_from_being_read_and_is_tried_again(mailbox: Mailbox) -> None:
    """The queue that it belongs in is gone."""
    Queue.objects.filter(slug="presales").delete()
    nowhere = make_mailbox()
    Mailbox.objects.filter(pk=nowhere.pk).update(purpose=Purpose.PRESALES)
    failing, good = store(nowhere, 1, b"Sito down"), store(mailbox, 2)
    read_until(lambda: InboundMail.objects.filter(pk=good.pk, state=InboundState.FILED).exists(), hands=1)
    failing.refresh_from_db()
    assert (failing.state, failing.attempts) == (InboundState.RECEIVED, 1)
    assert failing.next_attempt_at is not None
    assert "there is no queue presales" in failing.error


def test_a_mail_that_waits_is_late_only_when_nobody_has_it(mailbox: Mailbox) -> None:
    store(mailbox, 1)
    assert mail_standing(now=clock.now()).oldest_job_at is not None
    take_waiting(most=1)
    assert mail_standing(now=clock.now()).oldest_job_at is None


def test_a_word_that_comes_while_all_hands_are_full_is_not_lost() -> None:
    async def rung_before() -> float:
        bell = Bell()
        bell.ring()
        begun = time.monotonic()
        await bell.wait(5)
        return time.monotonic() - begun

    assert asyncio.run(rung_before()) < 1


def test_asked_to_stop_the_hands_give_back_what_they_did_not_begin(mailbox: Mailbox) -> None:
    for number in range(5):
        store(mailbox, number)
    stop = threading.Event()
    stop.set()
    reading.read_some(stop, lambda: None, Messenger(stop))
    assert InboundMail.objects.filter(state=InboundState.RECEIVED, next_attempt_at=None).count() == 5


def test_r03_a_break_of_the_database_leaves_no_mail_lying_that_was_taken_with_the_one_in_hand(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: whatever a hand had taken lay for forty seconds after each break, however short."""
    monkeypatch.setattr(receiving.Patience, "LONG", 60.0)
    monkeypatch.setattr(receiving, "patience", receiving.Patience())
    first, *others = [store(mailbox, number) for number in range(4)]
    hand = threading.Thread(
        target=reading.read_some, args=(threading.Event(), lambda: None, Messenger(threading.Event()))
    )
    ours = connector_params()
    with psycopg.connect(**ours) as operator, psycopg.connect(**ours, autocommit=True) as killer:
        operator.execute("LOCK TABLE tickets_message IN ACCESS EXCLUSIVE MODE")
        hand.start()
        until(lambda: killer.execute(_END_WHO_FILES).rowcount > 0, seconds=20, what="the filing is cut off")
        hand.join()
    left = dict(InboundMail.objects.filter(state=InboundState.RECEIVED).values_list("pk", "next_attempt_at"))
    assert left.keys() == {first.pk, *(other.pk for other in others)}
    assert [left[other.pk] for other in others] == [None, None, None]
    assert left[first.pk] is not None, "the one in hand may be what breaks it, and comes after the others"


def test_big_mails_are_read_one_at_a_time_and_hold_up_nobody_behind_them(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R09: two at once took the worker past 512 MiB."""
    big, small = store(mailbox, 1, b"Un testo che la fa grande"), store(mailbox, 2)
    monkeypatch.setattr(reading, "BIG_MAIL", big.raw.size)
    nobody_stops, messenger = threading.Event(), Messenger(threading.Event())
    with reading._big_mail:
        reading.read_some(nobody_stops, lambda: None, messenger)
    assert [mail.pk for mail in InboundMail.objects.filter(state=InboundState.RECEIVED)] == [big.pk]
    InboundMail.objects.update(next_attempt_at=None)
    reading.read_some(nobody_stops, lambda: None, messenger)
    assert InboundMail.objects.filter(pk__in=[big.pk, small.pk], state=InboundState.FILED).count() == 2


def test_r09_the_bytes_of_a_big_mail_come_in_pieces_so_that_they_are_in_memory_once(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R09: a worker that read six mails of 31 MiB took 532 MiB."""
    inbound = store(mailbox, 1, bytes(range(32, 256)) * 40)
    size = inbound.raw.size
    monkeypatch.setattr("sportello.mail.queries.raw._PIECE", size // 3)
    with CaptureQueriesContext(connection) as pieces:
        found = inbound_to_process(inbound.pk, size=BIG_MAIL)
    assert found is not None
    assert found.raw.content == bytes(inbound.raw.content)
    assert len(pieces) == 1 + 4
    assert inbound_to_process(inbound.pk + 1, size=BIG_MAIL) is None


def test_a_receipt_goes_out_without_a_job_and_gets_one_when_it_was_left(mailbox: Mailbox, settings: Settings) -> None:
    """R12: the worker died between the filing and the sending."""
    settings.DEMO = True
    make_contact(address="laura1@doria.example")
    store(mailbox, 1)
    read_until(lambda: OutboundMail.objects.filter(state=OutboundState.SENT).exists())
    assert not ProcrastinateJob.objects.exists()

    OutboundMail.objects.update(state=OutboundState.QUEUED)
    read_until(lambda: ProcrastinateJob.objects.filter(task_name=outbound.JOB).count() == 1)


def test_a_receipt_whose_sending_the_database_broke_off_is_sent_as_soon_as_it_answers(
    mailbox: Mailbox, settings: Settings
) -> None:
    """R03: it was left to a job that comes within two minutes, and here nobody does jobs."""
    settings.DEMO = True
    stop = threading.Event()
    messenger = Messenger(stop)
    with messenger.errands():
        receipt = outbound.enqueue(
            mailbox=mailbox, kind=OutboundKind.RECEIPT, to="laura@doria.example", subject="Ricevuta", text="Ricevuta.", language="it", now=clock.now()
        )  # fmt: skip
    with psycopg.connect(**connector_params(), autocommit=True) as operator:
        operator.execute(
            "SELECT pg_advisory_lock(hashtextextended('sportello outbound ' || %s::text, 0))", [receipt.pk]
        )
        messenger.start()
        until(lambda: operator.execute(_END_WHO_WAITS).rowcount > 0, seconds=20, what="the messenger is cut off")
    until(
        lambda: OutboundMail.objects.filter(state=OutboundState.SENT).exists(), seconds=20, what="the receipt is sent"
    )
    stop.set()
    messenger.wait_to_end()
