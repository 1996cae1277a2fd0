"""Statuses and the clocks that follow them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import translation

from sportello.core.errors import Refused
from sportello.mail.enums import OutboundKind
from sportello.mail.models import OutboundMail
from sportello.tickets import actions, queries
from sportello.tickets.enums import Author, EventKind, Status
from sportello.tickets.models import Ticket
from sportello.tickets.reasons import sentences
from sportello.triage.enums import DueKind, QueueGroup
from sportello.triage.rules import Kept
from tests.factories import NOW, make_contact, make_mailbox, make_message, make_queue, make_ticket, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_in_analysis_the_customer_is_told_and_the_first_answer_stays_owed() -> None:
    contact = make_contact(address="laura@doria.example")
    ticket = make_ticket(contact=contact, mailbox=make_mailbox())

    actions.start_analysis(ticket=ticket, next_update_at=NOW + 120 * MINUTE, by=make_user(), now=NOW + MINUTE)

    told = ticket.messages.get(author=Author.ROBOT)
    mail = OutboundMail.objects.get()
    assert (told.outbound, mail.kind, mail.automatic) == (mail, OutboundKind.NOTICE, True)
    assert (ticket.status, ticket.next_update_at) == (Status.IN_ANALYSIS, NOW + 120 * MINUTE)
    assert (ticket.due_kind, ticket.due_at) == (DueKind.FIRST_RESPONSE, NOW + 10 * MINUTE)
    assert ticket.group == QueueGroup.WAITING_FOR_US
    with translation.override("en"):
        said = [reason.text for reason in sentences(ticket.reasons)]
    assert "In analysis, but no person has answered the customer yet" in said


def test_once_answered_an_analysis_owes_its_update() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.reply(ticket=ticket, text="Guardiamo.", by=agent, now=NOW + MINUTE, seen_version=1)

    actions.start_analysis(ticket=ticket, next_update_at=None, by=agent, now=NOW + 2 * MINUTE)

    assert (ticket.group, ticket.due_kind) == (QueueGroup.IN_ANALYSIS, DueKind.UPDATE)
    assert ticket.due_at == NOW + 242 * MINUTE


def test_a_promised_update_lies_in_the_future() -> None:
    ticket = make_ticket()

    with pytest.raises(Refused) as refused:
        actions.start_analysis(ticket=ticket, next_update_at=NOW, by=make_user(), now=NOW)

    assert refused.value.code == "in-the-past"


def test_waiting_for_the_customer_stops_every_clock_until_the_reminder() -> None:
    ticket, remind_at = make_ticket(), NOW + timedelta(days=2)

    actions.wait_for_customer(ticket=ticket, by=make_user(), now=NOW + 4 * MINUTE, remind_at=remind_at)

    assert (ticket.status, ticket.group) == (Status.WAITING, QueueGroup.WAITING_CUSTOMER)
    assert (ticket.due_kind, ticket.due_at, ticket.alarm_at) == (DueKind.REMINDER, remind_at, None)
    assert ticket.first_due_at is None


def test_after_a_wait_the_first_answer_has_the_minutes_that_were_left() -> None:
    ticket = make_ticket()
    actions.wait_for_customer(ticket=ticket, by=make_user(), now=NOW + 4 * MINUTE)

    make_message(ticket, now=NOW + 30 * MINUTE)

    assert ticket.due_at == ticket.first_due_at == NOW + 36 * MINUTE


def test_a_first_answer_missed_before_the_wait_stays_missed() -> None:
    ticket = make_ticket()
    actions.wait_for_customer(ticket=ticket, by=make_user(), now=NOW + 11 * MINUTE)

    assert ticket.first_due_at == NOW + 10 * MINUTE


@pytest.mark.parametrize("end", [actions.solve, actions.close])
def test_ending_an_unanswered_ticket_does_not_take_it_out_of_the_promise(end: Callable[..., None]) -> None:
    ticket = make_ticket()
    end(ticket=ticket, by=make_user(), now=NOW + 4 * MINUTE)

    assert ticket.first_due_at == NOW + 10 * MINUTE
    assert queries.promise(NOW + 9 * MINUTE).today == Kept(0, 0)
    assert queries.promise(NOW + 11 * MINUTE).today == Kept(0, 1)


def test_answered_in_time_and_solved_is_kept() -> None:
    actions.reply(ticket=make_ticket(), text="Ok", by=make_user(), now=NOW + MINUTE, seen_version=1, then="solve")

    assert queries.promise(NOW + 11 * MINUTE).today == Kept(1, 0)


def test_a_broken_promise_is_not_mended_by_solving_first_and_answering_later() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.solve(ticket=ticket, by=agent, now=NOW + 4 * MINUTE)
    make_message(ticket, now=NOW + 60 * MINUTE)
    assert (ticket.due_kind, ticket.due_at) == (DueKind.FIRST_RESPONSE, NOW + 10 * MINUTE)

    actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW + 61 * MINUTE, seen_version=2)

    assert queries.promise(NOW + 62 * MINUTE).today == Kept(0, 1)


def test_solved_leaves_the_queue_and_reopened_comes_back() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.solve(ticket=ticket, by=agent, now=NOW)
    assert (ticket.status, ticket.solved_at, ticket.group) == (Status.SOLVED, NOW, None)
    assert queries.on_the_desk(agent) == []

    actions.reopen(ticket=ticket, by=agent, now=NOW + MINUTE)
    assert (ticket.status, ticket.solved_at) == (Status.OPEN, None)
    assert [row.number for row in queries.on_the_desk(agent)] == [ticket.number]


def test_solving_twice_is_one_event() -> None:
    ticket, agent = make_ticket(), make_user()

    actions.solve(ticket=ticket, by=agent, now=NOW)
    actions.solve(ticket=ticket, by=agent, now=NOW + MINUTE)

    assert ticket.solved_at == NOW
    assert ticket.events.filter(kind=EventKind.SOLVED).count() == 1


@pytest.mark.parametrize(
    "act",
    [
        lambda ticket, by: actions.solve(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.wait_for_customer(ticket=ticket, by=by, now=NOW),
        lambda ticket, by: actions.start_analysis(ticket=ticket, next_update_at=None, by=by, now=NOW),
    ],
)
def test_a_closed_ticket_is_reopened_before_anything_else(act: Callable[..., None]) -> None:
    ticket, agent = make_ticket(), make_user()
    actions.close(ticket=ticket, by=agent, now=NOW)

    with pytest.raises(Refused) as refused:
        act(ticket, agent)

    assert refused.value.code == "status"


def test_an_outage_comes_before_what_is_due_sooner() -> None:
    agent, sooner = make_user(), make_ticket("prima")
    outage = make_ticket("giù", now=NOW + 5 * MINUTE)

    actions.set_outage(ticket=outage, on=True, by=agent, now=NOW + 6 * MINUTE)

    assert [row.number for row in queries.on_the_desk(agent)] == [outage.number, sooner.number]
    assert outage.group == QueueGroup.OUTAGE
    actions.set_outage(ticket=outage, on=False, by=agent, now=NOW + 7 * MINUTE)
    assert outage.group == QueueGroup.WAITING_FOR_US


def test_solved_tickets_close_by_themselves_after_a_week_of_silence() -> None:
    agent, old, recent = make_user(), make_ticket(), make_ticket()
    actions.solve(ticket=old, by=agent, now=NOW)
    actions.solve(ticket=recent, by=agent, now=NOW + timedelta(days=1))

    closed = actions.close_solved(now=NOW + timedelta(days=7), after=timedelta(days=7))

    assert closed == 1
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.status, old.solved_at, old.closed_at) == (Status.CLOSED, NOW, NOW + timedelta(days=7))
    assert recent.status == Status.SOLVED
    assert old.events.get(kind=EventKind.CLOSED).user is None


def test_moving_to_presales_changes_what_is_promised_but_not_since_when() -> None:
    ticket = make_ticket()

    actions.set_queue(ticket=ticket, queue=make_queue("presales"), by=make_user(), now=NOW + MINUTE)

    assert ticket.due_at == NOW + 60 * MINUTE
    assert ["queue.presales", {}] in ticket.reasons


def test_the_promise_made_is_the_one_stored_for_the_figures() -> None:
    ticket = make_ticket()
    actions.reply(ticket=ticket, text="Ok", by=make_user(), now=NOW + 3 * MINUTE, seen_version=1)

    stored = Ticket.objects.get()
    assert (stored.first_due_at, stored.first_answered_at) == (NOW + 10 * MINUTE, NOW + 3 * MINUTE)
