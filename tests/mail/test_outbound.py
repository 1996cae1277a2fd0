"""From the outbox to a real mail server: what leaves, what is tried again, what is given up, and that nothing leaves twice."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.db import connection, connections, transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from sportello.config.leftovers import Again
from sportello.core import clock
from sportello.mail import actions, queries, tokens
from sportello.mail.actions import outbound
from sportello.mail.adapters.smtp import Kept, Parcel, Smtp
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import Mailbox, OutboundMail
from sportello.mail.rules import FILE_MISSING, Answer, Outcome, Phase
from tests.factories import make_mailbox
from tests.mail.smtp_server import Conduct, serving

NOW = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)
TICKET = "0a2b4c6d-8e0f-4a2b-8c4d-6e8f0a2b4c6d"

pytestmark = pytest.mark.django_db


@pytest.fixture
def server() -> Iterator[tuple[Conduct, Smtp]]:
    conduct = Conduct()
    with serving(conduct) as (host, port):
        yield conduct, Smtp(host, port, timeout=2)


def put_in(**changes: Any) -> OutboundMail:
    values: dict[str, Any] = {
        "mailbox": changes.pop("mailbox", None) or make_mailbox("support@provider.example"),
        "kind": OutboundKind.REPLY,
        "to": "laura@customer.example",
        "to_name": "Laura Doria",
        "subject": "Re: Il negozio non si apre [#1042]",
        "text": "Buongiorno,\n\nil negozio è di nuovo raggiungibile.",
        "language": "it",
        "now": NOW,
        "reference": TICKET,
    }
    return actions.enqueue(**values | changes)


def send(mail: OutboundMail, transport: Any, at: datetime = NOW, **how: Any) -> Outcome | None:
    outcome = outbound.deliver(outbound_id=mail.pk, transport=transport, at=lambda: at, **how)
    mail.refresh_from_db()
    return outcome


def jobs_of(mail: OutboundMail) -> list[ProcrastinateJob]:
    return list(
        ProcrastinateJob.objects.filter(task_name="sportello.mail.deliver", args__outbound_id=mail.pk).order_by("id")
    )


# -- putting in --------------------------------------------------------------------------------------------------------------------------
def test_the_mail_and_its_job_are_there_together_or_not_at_all() -> None:
    mailbox = make_mailbox()
    with transaction.atomic():
        put_in(mailbox=mailbox)
        transaction.set_rollback(True)
    assert (OutboundMail.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)
    mail = put_in(mailbox=mailbox)
    assert [job.status for job in jobs_of(mail)] == ["todo"]


def test_a_mail_that_can_still_be_undone_waits_for_its_time() -> None:
    mail = put_in(not_before=NOW + timedelta(seconds=10))
    assert [job.scheduled_at for job in jobs_of(mail)] == [NOW + timedelta(seconds=10)]
    assert send(mail, Kept(), NOW + timedelta(seconds=9)) is None
    assert mail.state == OutboundState.QUEUED
    assert send(mail, Kept(), NOW + timedelta(seconds=10)) == Outcome.SENT


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)])
def test_r18_a_mail_leaves_in_time_whatever_the_clock_of_the_database_says(
    ahead: timedelta, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: jobs begin by the database's clock, so that every answer left by as much later, or before it could be taken back."""
    monkeypatch.setattr(clock, "_difference", clock._Difference())
    clock.note_difference(ahead.total_seconds())
    mail = put_in(not_before=NOW + timedelta(seconds=10))
    assert [job.scheduled_at for job in jobs_of(mail)] == [NOW + timedelta(seconds=10) - ahead]
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="any")
    again = Again(RetryStrategy(wait=10)).get_retry_decision(exception=ValueError(), job=job)
    assert again is not None
    assert again.retry_at is not None
    assert abs(again.retry_at - (clock.now() - ahead)) < timedelta(minutes=5)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "laura",
        "laura@",
        "@customer.example",
        "a b@customer.example",
        "laura@cus tomer.example",
        "laura@[127.0.0.1]",
        "laura@x\r\nRCPT TO:<other@customer.example>",
        "l\u2028a@customer.example",
        "laura@customer..example",
    ],
)
def test_an_address_that_takes_no_mail_gives_a_row_that_failed_and_no_exception(to: str) -> None:
    mail = put_in(to=to)
    assert (mail.state, mail.last_answer, jobs_of(mail)) == (
        OutboundState.FAILED,
        "no mail can be sent to this address",
        [],
    )


def test_a_mail_about_a_ticket_carries_tokens_that_only_we_can_make() -> None:
    mail = put_in()
    assert tokens.reference_of_message_id(mail.message_id) == TICKET
    assert tokens.reference_in(mail.reply_to) == TICKET
    assert tokens.outbound_of_envelope(mail.envelope_from) == mail.public_id


def test_a_mail_about_nothing_is_answered_to_the_mailbox() -> None:
    mail = put_in(reference="", kind=OutboundKind.ALARM)
    assert (mail.reply_to, tokens.reference_of_message_id(mail.message_id)) == ("", None)


# -- sending -----------------------------------------------------------------------------------------------------------------------------
def test_a_mail_leaves_once_and_is_sent_after_the_servers_250(server: tuple[Conduct, Smtp]) -> None:
    conduct, smtp = server
    mail = put_in()
    assert send(mail, smtp) == Outcome.SENT
    assert (mail.state, mail.sent_at, mail.attempts, mail.last_answer) == (OutboundState.SENT, NOW, 1, "250 kept")
    assert send(mail, smtp) is None
    (got,) = conduct.got
    assert (got.sender, got.recipients) == (mail.envelope_from, ["laura@customer.example"])
    assert email.message_from_bytes(got.content)["Message-ID"] == mail.message_id


def test_a_receipt_has_no_envelope_sender(server: tuple[Conduct, Smtp]) -> None:
    conduct, smtp = server
    send(put_in(kind=OutboundKind.RECEIPT, automatic=True), smtp)
    assert [got.sender for got in conduct.got] == ["<>"]


def test_a_refusal_for_now_is_tried_again_later_as_the_same_mail(server: tuple[Conduct, Smtp]) -> None:
    conduct, smtp = server
    conduct.data = ["451 4.3.0 try again", "452 4.2.2 full", "250 kept"]
    mail = put_in()
    assert send(mail, smtp) == Outcome.RETRY
    assert (mail.state, mail.next_attempt_at, mail.last_answer) == (
        OutboundState.DEFERRED,
        NOW + timedelta(minutes=1),
        "451 4.3.0 try again",
    )
    assert [job.scheduled_at for job in jobs_of(mail)] == [NOW, NOW + timedelta(minutes=1)]
    assert send(mail, smtp, NOW + timedelta(seconds=59)) is None
    assert send(mail, smtp, NOW + timedelta(minutes=1)) == Outcome.RETRY
    assert mail.next_attempt_at == NOW + timedelta(minutes=3)
    assert send(mail, smtp, NOW + timedelta(minutes=3)) == Outcome.SENT
    assert [email.message_from_bytes(got.content)["Message-ID"] for got in conduct.got] == [mail.message_id]


@pytest.mark.parametrize(
    "refusal",
    [{"data": ["554 5.6.0 no"]}, {"recipient": "550 5.1.1 no such user"}, {"sender": "553 5.7.1 not from you"}],
)
def test_a_refusal_for_good_is_shown_with_the_servers_words(
    server: tuple[Conduct, Smtp], refusal: dict[str, Any]
) -> None:
    conduct, smtp = server
    for name, value in refusal.items():
        setattr(conduct, name, value)
    (words,) = ["".join(value) for value in refusal.values()]
    mail = put_in()
    assert send(mail, smtp) == Outcome.FAILED
    assert (mail.state, mail.failed_at, mail.last_answer, mail.next_attempt_at) == (
        OutboundState.FAILED,
        NOW,
        words,
        None,
    )
    assert len(jobs_of(mail)) == 1


def test_s42_a_servers_words_which_name_the_recipient_do_not_stand_in_the_log(
    server: tuple[Conduct, Smtp], caplog: pytest.LogCaptureFixture
) -> None:
    conduct, smtp = server
    conduct.recipient = "550 5.1.1 <anna@customer.example>: no such user"
    mail = put_in(to="anna@customer.example")
    with caplog.at_level("INFO", "sportello"):
        assert send(mail, smtp) == Outcome.FAILED
    assert f"outbound {mail.public_id} attempt 1: failed (recipient 550)" in caplog.text
    assert "anna@customer.example" not in caplog.text
    assert "anna@customer.example" in mail.last_answer


def test_a_bad_recipient_among_good_ones_stops_nobody_else(server: tuple[Conduct, Smtp]) -> None:
    conduct, smtp = server
    mailbox = make_mailbox()
    first, second, third = (
        put_in(mailbox=mailbox, to=f"{name}@customer.example") for name in ("anna", "bruno", "carla")
    )
    assert send(first, smtp) == Outcome.SENT
    conduct.recipient = "550 5.1.1 no such user"
    assert send(second, smtp) == Outcome.FAILED
    conduct.recipient = "250 OK"
    assert send(third, smtp) == Outcome.SENT
    assert [got.recipients for got in conduct.got] == [["anna@customer.example"], ["carla@customer.example"]]


def test_a_line_cut_before_the_answer_is_tried_again_as_the_same_mail(server: tuple[Conduct, Smtp]) -> None:
    conduct, smtp = server
    conduct.data = ["keep and cut", "250 kept"]
    mail = put_in()
    assert send(mail, smtp) == Outcome.RETRY
    assert mail.state == OutboundState.DEFERRED
    assert send(mail, smtp, NOW + timedelta(minutes=1)) == Outcome.SENT
    assert {email.message_from_bytes(got.content)["Message-ID"] for got in conduct.got} == {mail.message_id}


def test_r14_a_server_that_may_have_a_mail_is_not_given_it_every_minute(server: tuple[Conduct, Smtp]) -> None:
    """A fault found: one that keeps a mail and cuts the line each time, and is well for others, would have had it 2,880 times in two days."""
    conduct, smtp = server
    conduct.data = ["250 kept", "keep and cut"]
    mailbox = make_mailbox("support@provider.example")
    assert send(put_in(mailbox=mailbox), smtp) == Outcome.SENT
    mail = put_in(mailbox=mailbox)
    for minutes in (0, 1, 3):
        assert send(mail, smtp, NOW + timedelta(minutes=minutes)) == Outcome.RETRY
    due = mail.next_attempt_at
    outbound.sweep(now=NOW + timedelta(minutes=4))
    mail.refresh_from_db()
    assert mail.next_attempt_at == due == NOW + timedelta(minutes=8)


def test_a_server_that_hangs_is_given_up_in_time(server: tuple[Conduct, Smtp]) -> None:
    conduct, smtp = server
    conduct.data = ["hang"]
    mail = put_in()
    assert send(mail, Smtp(smtp.host, smtp.port, timeout=0.3)) == Outcome.RETRY
    assert (mail.state, "timed out" in mail.last_answer) == (OutboundState.DEFERRED, True)


def test_nobody_listening_is_no_reason_to_lose_a_mail() -> None:
    with serving(Conduct()) as (host, port):
        pass
    mail = put_in()
    assert send(mail, Smtp(host, port, timeout=1)) == Outcome.RETRY
    assert mail.last_answer == "Connection refused"


def test_after_two_days_it_is_given_up() -> None:
    mail, at, tries = put_in(), NOW, 0
    while mail.state in (OutboundState.QUEUED, OutboundState.DEFERRED):
        send(mail, _Says(Answer(Phase.DATA, 451, "later")), at)
        at, tries = mail.next_attempt_at or at, tries + 1
    assert (mail.state, mail.failed_at, tries) == (OutboundState.FAILED, at, mail.attempts)
    assert timedelta(days=2) <= at - NOW < timedelta(days=2, hours=1)


def test_a_mail_whose_attachment_is_gone_does_not_stop_its_worker() -> None:
    mail = put_in(attachments=[{"name": "a.pdf", "content_type": "application/pdf", "sha256": "0" * 64, "size": 3}])
    assert send(mail, Kept()) == Outcome.RETRY
    assert mail.last_answer == FILE_MISSING


class _Says:
    """A transport that gives one answer, and tells what else happens while it talks."""

    def __init__(self, answer: Answer, meanwhile: Any = None) -> None:
        self.answer, self.meanwhile, self.sent = answer, meanwhile, 0

    def send(self, parcel: Parcel) -> Answer:
        self.sent += 1
        if self.meanwhile:
            self.meanwhile()
        return self.answer


ACCEPTED = Answer(Phase.DATA, 250, "kept")


# -- never twice -------------------------------------------------------------------------------------------------------------------------
def test_a_second_run_while_the_first_still_talks_sends_nothing() -> None:
    mail = put_in()
    second = _Says(ACCEPTED)
    first = _Says(ACCEPTED, meanwhile=lambda: outbound.deliver(outbound_id=mail.pk, transport=second, at=lambda: NOW))
    assert send(mail, first) == Outcome.SENT
    assert (first.sent, second.sent) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_ten_workers_at_once_send_it_once() -> None:
    mail, transport = put_in(), _Says(ACCEPTED)

    def work(_number: int) -> Outcome | None:
        try:
            return outbound.deliver(outbound_id=mail.pk, transport=transport, at=lambda: NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(work, range(10)))
    assert sorted(outcomes, key=str) == [*[None] * 9, Outcome.SENT]
    assert transport.sent == 1


def test_the_mail_of_a_worker_that_died_is_sent_when_its_lease_has_run_out() -> None:
    mail = put_in()
    with pytest.raises(KeyboardInterrupt):
        send(mail, _Dies())
    mail.refresh_from_db()
    assert mail.state == OutboundState.SENDING
    assert send(mail, Kept(), NOW + timedelta(minutes=14)) is None
    assert send(mail, Kept(), NOW + timedelta(minutes=15)) == Outcome.SENT
    assert mail.attempts == 2


def test_a_job_taken_over_too_early_comes_back_and_does_not_leave_its_mail_to_the_end_of_the_lease() -> None:
    mail = put_in()
    with pytest.raises(KeyboardInterrupt):
        send(mail, _Dies())
    with pytest.raises(outbound.Undecided):
        send(mail, Kept(), NOW + timedelta(seconds=29), taken_over=True)
    assert send(mail, Kept(), NOW + timedelta(seconds=30), taken_over=True) == Outcome.SENT


def test_one_who_was_overtaken_does_not_write_over_the_result() -> None:
    mail = put_in()
    late = NOW + timedelta(minutes=16)
    slow = _Says(
        Answer(Phase.DATA, 0, "timed out"),
        meanwhile=lambda: outbound.deliver(outbound_id=mail.pk, transport=Kept(), at=lambda: late),
    )
    send(mail, slow)
    assert (mail.state, mail.sent_at, len(jobs_of(mail))) == (OutboundState.SENT, late, 1)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_cuts_us_off_after_the_servers_250_does_not_make_it_leave_twice() -> None:
    mail = put_in()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (ours,) = cursor.fetchone()

    def cut_off() -> None:
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [ours])
        other.close()

    transport = _Says(ACCEPTED, meanwhile=cut_off)
    assert send(mail, transport) == Outcome.SENT
    assert (mail.state, mail.attempts, transport.sent) == (OutboundState.SENT, 1, 1)


class _Dies:
    def send(self, parcel: Parcel) -> Answer:
        raise KeyboardInterrupt


# -- taking back, trying again -----------------------------------------------------------------------------------------------------------
def test_taking_back_also_takes_back_the_copies() -> None:
    mail = put_in(not_before=NOW + timedelta(seconds=10))
    copy = put_in(
        mailbox=mail.mailbox, to="marco@customer.example", copy_of=mail, not_before=NOW + timedelta(seconds=10)
    )
    assert actions.cancel(outbound=mail, now=NOW)
    for row in (mail, copy):
        assert send(row, Kept(), NOW + timedelta(minutes=1)) is None
        assert row.state == OutboundState.CANCELLED


def test_what_has_left_cannot_be_taken_back_and_neither_can_its_copies() -> None:
    mail = put_in()
    copy = put_in(mailbox=mail.mailbox, to="marco@customer.example", copy_of=mail)
    send(copy, Kept())
    assert not actions.cancel(outbound=mail, now=NOW)
    mail.refresh_from_db()
    assert mail.state == OutboundState.QUEUED


def test_a_person_can_have_a_failed_mail_tried_again_with_two_more_days() -> None:
    mail = put_in()
    send(mail, _Says(Answer(Phase.RECIPIENT, 550, "5.1.1 no such user")))
    later = NOW + timedelta(days=3)
    assert actions.retry_now(outbound=mail, now=later)
    assert [job.scheduled_at for job in jobs_of(mail)] == [NOW, later]
    assert send(mail, _Says(Answer(Phase.DATA, 451, "later")), later) == Outcome.RETRY
    assert send(mail, Kept(), later + timedelta(minutes=1)) == Outcome.SENT
    assert not actions.retry_now(outbound=mail, now=later)


def test_a_mail_that_came_back_says_why_once() -> None:
    mail = put_in()
    assert not actions.record_bounce(outbound=mail, reason="550 no such user", now=NOW)
    send(mail, Kept())
    assert actions.record_bounce(outbound=mail, reason="550 5.1.1 no\r\nsuch user", now=NOW)
    assert not actions.record_bounce(outbound=mail, reason="again", now=NOW)
    mail.refresh_from_db()
    assert (mail.state, mail.last_answer) == (OutboundState.BOUNCED, "550 5.1.1 no such user")


def test_a_link_that_signs_somebody_in_is_not_kept_once_it_is_sent(settings: Any) -> None:
    settings.DEMO = False
    mail = put_in(kind=OutboundKind.SIGN_IN, text="https://desk.provider.example/in/secret")
    assert not mail.is_readable
    send(mail, Kept())
    assert (mail.state, mail.text, mail.html) == (OutboundState.SENT, "", "")
    actions.record_bounce(outbound=mail, reason="550", now=NOW)
    assert not actions.retry_now(outbound=mail, now=NOW)


def test_in_the_demonstration_it_is_read_on_the_outbox_page(settings: Any) -> None:
    settings.DEMO = True
    mail = put_in(kind=OutboundKind.SIGN_IN, text="https://desk.provider.example/in/secret")
    send(mail, Kept())
    assert mail.is_readable
    assert "secret" in mail.text


# -- nothing is forgotten ----------------------------------------------------------------------------------------------------------------
def test_a_mail_whose_job_was_lost_gets_a_new_one_and_only_one() -> None:
    mail, other = put_in(), put_in(mailbox=make_mailbox())
    _lose_job(mail)
    assert outbound.sweep(now=NOW + timedelta(minutes=1)) == 0
    assert outbound.sweep(now=NOW + timedelta(minutes=2)) == 1
    assert outbound.sweep(now=NOW + timedelta(minutes=3)) == 0
    assert [len(jobs_of(one)) for one in (mail, other)] == [1, 1]


def test_a_deferred_mail_and_one_left_in_sending_are_found_too() -> None:
    deferred, dead = put_in(), put_in(mailbox=make_mailbox())
    send(deferred, _Says(Answer(Phase.DATA, 451, "later")))
    with pytest.raises(KeyboardInterrupt):
        send(dead, _Dies())
    for mail in (deferred, dead):
        _lose_job(mail)
    assert outbound.sweep(now=NOW + timedelta(minutes=3)) == 1
    assert outbound.sweep(now=NOW + timedelta(minutes=17)) == 1


def test_sent_failed_and_cancelled_mails_are_left_alone() -> None:
    sent, failed, cancelled = put_in(), put_in(mailbox=make_mailbox()), put_in(mailbox=make_mailbox())
    send(sent, Kept())
    send(failed, _Says(Answer(Phase.DATA, 554, "no")))
    actions.cancel(outbound=cancelled, now=NOW)
    ProcrastinateJobs.delete()
    assert outbound.sweep(now=NOW + timedelta(days=1)) == 0


class ProcrastinateJobs:
    """The jobs as rows; procrastinate's own model is read-only."""

    @staticmethod
    def delete(where: str = "true", *params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM procrastinate_jobs WHERE {where}", params)  # noqa: S608 - written in this file


def _lose_job(mail: OutboundMail) -> None:
    ProcrastinateJobs.delete("(args->>'outbound_id')::bigint = %s", mail.pk)


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_it_and_in_the_demonstration_it_stays_on_the_machine(settings: Any) -> None:
    settings.DEMO = True
    ProcrastinateJobs.delete()
    mail = put_in(now=datetime.now(UTC) - timedelta(seconds=1))
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    mail.refresh_from_db()
    assert (mail.state, mail.last_answer) == (OutboundState.SENT, "250 kept on this machine")


# -- reading -----------------------------------------------------------------------------------------------------------------------------
def test_receipts_to_an_address_are_counted_in_any_case_and_nothing_else_is() -> None:
    mailbox = make_mailbox()
    put_in(mailbox=mailbox, kind=OutboundKind.RECEIPT, automatic=True)
    put_in(mailbox=mailbox, kind=OutboundKind.SIGN_IN, automatic=True)
    put_in(mailbox=mailbox)
    assert queries.automatic_answers_since("LAURA@customer.example", NOW) == 1
    assert queries.automatic_answers_since("laura@customer.example", NOW + timedelta(seconds=1)) == 0


def test_a_mail_is_found_by_its_message_id_and_by_its_public_id() -> None:
    mail = put_in()
    assert queries.outbound_by_message_id(mail.message_id.upper()) == mail
    assert queries.outbound_mail(mail.public_id) == mail
    assert queries.outbound_mail(UUID(TICKET)) is None


def test_a_mailbox_with_letters_outside_ascii_in_its_domain_can_write() -> None:
    mailbox = Mailbox.objects.create(address="support@perché.example", display_name="Perché")
    mail = put_in(mailbox=mailbox)
    assert mail.from_header == "=?utf-8?q?Perch=C3=A9?= <support@xn--perch-fsa.example>"
    assert mail.reply_to.endswith("@xn--perch-fsa.example")


@pytest.mark.django_db(transaction=True)
def test_what_a_process_died_with_gets_a_job_once_nobody_answers_for_it() -> None:
    """A fault found: a receipt that was being sent without a job when its worker was killed left a quarter of an hour later."""
    mail, later = put_in(), NOW + outbound.SIGN_OF_DEATH
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    OutboundMail.objects.filter(pk=mail.pk).update(
        state=OutboundState.SENDING, attempts=1, next_attempt_at=NOW + outbound.LEASE
    )
    assert outbound.take_over_the_dead(now=NOW) == 0
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as alive:
        alive.execute("SELECT pg_advisory_lock(hashtextextended('sportello outbound ' || %s::text, 0))", [mail.pk])
        assert outbound.take_over_the_dead(now=later) == 0
    assert outbound.take_over_the_dead(now=later) == 1
    assert outbound.take_over_the_dead(now=later) == 0
    assert ProcrastinateJob.objects.filter(task_name=outbound.JOB).count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_sends_without_a_job_answers_for_the_mail_until_it_is_sent(server: tuple[Conduct, Smtp]) -> None:
    mail = put_in(now=datetime.now(UTC))
    assert outbound.deliver_without_job(mail=mail, transport=server[1]) == Outcome.SENT
    assert locks() == 1
    outbound.let_go()
    assert locks() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (OutboundState.SENT, 1)
    assert outbound.deliver_without_job(mail=mail, transport=server[1]) is None


def locks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        return int(cursor.fetchone()[0])
