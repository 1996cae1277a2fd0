"""Who waits because an outage comes first is told why and until when [promise.delay] [one.patience]."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sportello.mail.models import OutboundMail
from sportello.tickets import actions
from sportello.tickets.enums import Author, EventKind
from sportello.tickets.models import Ticket
from sportello.triage.enums import AlarmStep
from tests.factories import NOW, make_contact, make_mailbox, make_ticket, make_user
from tests.tickets.test_alarms import rung

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
DUE = NOW + 10 * MINUTE  # 10:02 UTC
NEW = datetime.fromisoformat("2026-03-04T10:35:00+00:00")  # half an hour later, and a round time


@pytest.fixture
def waiting() -> Ticket:
    return make_ticket(contact=make_contact(address="laura@doria.example"), mailbox=make_mailbox())


def begin_outage(now: datetime = NOW) -> Ticket:
    outage = make_ticket("Tutto fermo", now=now)
    actions.set_outage(ticket=outage, on=True, by=make_user(), now=now)
    return outage


def look(ticket: Ticket, *moments: datetime) -> None:
    for moment in moments:
        actions.fire_alarms(now=moment)
        actions.tell_delays(now=moment)
    ticket.refresh_from_db()


def times_told(ticket: Ticket) -> list[str]:
    return [event.data["until"] for event in ticket.events.filter(kind=EventKind.DELAY_TOLD).order_by("pk")]


def mails_to_customer() -> list[OutboundMail]:
    return list(OutboundMail.objects.filter(to="laura@doria.example").order_by("pk"))


def test_once_the_time_has_passed_the_customer_is_told_the_new_one_by_mail_and_on_the_ticket(waiting: Ticket) -> None:
    begin_outage()
    look(waiting, DUE - MINUTE)
    assert (waiting.told_due_at, mails_to_customer()) == (None, [])

    look(waiting, DUE, DUE + MINUTE, DUE + 2 * MINUTE)

    assert waiting.told_due_at == NEW
    [mail] = mails_to_customer()
    assert mail.automatic
    assert "11:35" in mail.text
    message = waiting.messages.get(author=Author.ROBOT)
    assert (message.outbound, message.is_automatic) == (mail, True)
    assert times_told(waiting) == [NEW.isoformat()]
    assert (waiting.due_at, waiting.first_answered_at) == (DUE, None)  # the promise stays what it was, and is missed


def test_the_new_time_rings_when_it_has_passed_and_gives_way_to_one_twice_as_far(waiting: Ticket) -> None:
    begin_outage()
    look(waiting, DUE, NEW - MINUTE, NEW, NEW + MINUTE)
    assert rung(waiting) == [AlarmStep.MISSED, AlarmStep.MISSED]
    assert times_told(waiting) == [NEW.isoformat(), (NEW + 60 * MINUTE).isoformat()]


def test_when_the_outage_is_over_the_new_time_rings_once_and_nothing_more_is_said(waiting: Ticket) -> None:
    outage = begin_outage()
    look(waiting, DUE)
    actions.solve(ticket=outage, by=make_user(), now=DUE + MINUTE)
    look(waiting, NEW, NEW + MINUTE, NEW + 60 * MINUTE)
    assert rung(waiting) == [AlarmStep.MISSED, AlarmStep.MISSED]
    assert (len(times_told(waiting)), waiting.alarm_at) == (1, None)


def test_who_was_late_before_the_outage_is_told_as_well(waiting: Ticket) -> None:
    look(waiting, DUE)
    begin_outage(DUE + MINUTE)
    look(waiting, DUE + 2 * MINUTE)
    assert len(times_told(waiting)) == 1


def test_an_answer_ends_it_and_an_answer_taken_back_brings_it_back(waiting: Ticket) -> None:
    begin_outage()
    look(waiting, DUE)
    agent = make_user()
    answer = actions.reply(ticket=waiting, text="Ecco", by=agent, now=DUE + MINUTE, seen_version=waiting.version)
    assert Ticket.objects.get(pk=waiting.pk).told_due_at is None
    actions.undo_reply(message=answer, by=agent, now=DUE + MINUTE)
    waiting.refresh_from_db()
    assert (waiting.told_due_at, waiting.alarm_at) == (NEW, NEW)


def test_without_an_outage_nobody_is_told(waiting: Ticket) -> None:
    look(waiting, DUE)
    assert times_told(waiting) == []


def test_neither_the_outage_itself_nor_a_stranger_nor_whom_a_mail_only_claimed_is_told(waiting: Ticket) -> None:
    outage, stranger = begin_outage(), make_ticket(contact=make_contact(unknown=True))
    Ticket.objects.filter(pk=waiting.pk).update(sender_verified=False)
    look(waiting, DUE + MINUTE)
    assert [times_told(each) for each in (outage, stranger, waiting)] == [[], [], []]
