"""The alarm ladder at work: who is told when an answer is nearly, or wholly, late."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from sportello.core import live, webhook
from sportello.tickets import notifications
from sportello.tickets.actions.changing import record
from sportello.tickets.actions.clocks import due_of, fired
from sportello.tickets.actions.planned import STANDS, Works, plan_around, works_at
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.notifications import Ringing
from sportello.triage.enums import AlarmChannel
from sportello.triage.rules import Alarm, alarms_due, missed, next_alarm_at

WEBHOOK_TASK = "sportello.tickets.post_alarm"
FIRED_AT_ONCE = 50
"""In one transaction, with one mail to each colleague that nobody gets before it ends."""
ROUNDS = 50


def fire_alarms(*, now: datetime) -> int:
    """Fires what is due, once each however many workers run this. Returns how many tickets rang."""
    rang = 0
    for _round in range(ROUNDS):
        looked_at, heard = _fire_some(now)
        rang += heard
        if looked_at < FIRED_AT_ONCE:
            break
    return rang


def _fire_some(now: datetime) -> tuple[int, int]:
    """How many tickets were looked at, and how many of them rang."""
    with transaction.atomic():
        tickets = list(
            Ticket.objects.filter(alarm_at__lte=now)
            .select_for_update(skip_locked=True, no_key=True)
            .prefetch_related("queue", "mailbox", "customer", "contact", "service", "assignee")
            .defer("search")
            .order_by("alarm_at")[:FIRED_AT_ONCE]
        )
        works = works_at(tickets, now)
        heard = [(ticket, _ring(ticket, now)) for ticket in tickets if not _is_silent(ticket, works, now)]
        rang = [(ticket, alarm) for ticket, alarm in heard if alarm]
        mailed = (Ringing(ticket, alarm.key.step) for ticket, alarm in rang if AlarmChannel.MAIL in alarm.channels)
        notifications.alarms(mailed, now=now)
        return len(tickets), len(rang)


def _is_silent(ticket: Ticket, works: Works, now: datetime) -> bool:
    """Nobody is called because of planned work on the service; what is still due rings when it ends."""
    ends = [work.end for work in works.get(ticket.service_id or 0, ()) if work.end > now]
    if ticket.runs_through_work or not ends:
        return False
    plan_around(ticket, works, now)
    ticket.alarm_at = max(*ends, ticket.alarm_at or now)
    ticket.save(update_fields=STANDS)
    return True


def _ring(ticket: Ticket, now: datetime) -> Alarm | None:
    """What rang, if anything did; mails come later, with those of others."""
    due = due_of(ticket)
    alarm = next(iter(alarms_due(due, now, fired(ticket))), None)
    if ticket.told_due_at is not None and ticket.told_due_at <= now:  # the later time has passed as well
        alarm, ticket.told_due_at = missed(due.kind, ticket.told_due_at), None
    if alarm is not None:
        ticket.alarm_step = alarm.key.step
        _tell(ticket, alarm, now)
    ticket.alarm_at = next_alarm_at(due, fired(ticket)) or ticket.told_due_at
    ticket.save(update_fields=["alarm_step", "alarm_at", "told_due_at"])
    return alarm


def _tell(ticket: Ticket, alarm: Alarm, now: datetime) -> None:
    step = alarm.key.step
    record(
        ticket, EventKind.ALARM_FIRED, now=now, step=step, due_kind=alarm.key.kind, due_at=alarm.key.due_at.isoformat()
    )
    if AlarmChannel.BROWSER in alarm.channels:
        live.publish("alarm", ticket=str(ticket.public_id), step=step)
    if AlarmChannel.WEBHOOK in alarm.channels and settings.ALARM_WEBHOOK_URL:
        due_at = alarm.key.due_at.isoformat()
        app.configure_task(WEBHOOK_TASK).defer(ticket_id=ticket.pk, step=str(step), due_at=due_at)


def post_alarm(*, ticket: Ticket, step: str, due_at: str) -> None:
    """Tells the webhook, in figures and names that a duty officer's program can show. Raises core.http's refusals."""
    webhook.post(
        {
            "alarm": step,
            "ticket": str(ticket.public_id),
            "number": ticket.number,
            "subject": ticket.subject,
            "customer": ticket.customer.name if ticket.customer else None,
            "service": ticket.service.name if ticket.service else None,
            "assignee": ticket.assignee.name if ticket.assignee else None,
            "due_kind": ticket.due_kind,
            "due_at": due_at,
            "address": f"{settings.PUBLIC_URL}/desk/tickets/{ticket.public_id}",
        }
    )
