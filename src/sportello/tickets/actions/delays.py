"""Who waits longer because worse harm comes first is told so, with the new time [promise.delay]."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Value
from django.db.models.expressions import Combinable

from sportello.tickets import notifications
from sportello.tickets.actions.changing import record, tell
from sportello.tickets.actions.writing import Content, carried_by, compose, write
from sportello.tickets.enums import Author, Channel, EventKind
from sportello.tickets.models import ON_THE_DESK, Ticket
from sportello.triage.enums import QueueGroup
from sportello.triage.queries import hours_of
from sportello.triage.rules import ALARMING, postponed

TOLD_AT_ONCE = 10  # in one transaction
ROUNDS = 50
MARKED = 10
"""Minutes: so much more has to be known of the other's harm before a customer is told that it comes first."""


def _minutes(column: F | OuterRef) -> Combinable:
    return ExpressionWrapper(column * Value(timedelta(minutes=1)), output_field=DurationField())


_OVERTAKING = Ticket.objects.filter(
    group=OuterRef("group"),
    status__in=ON_THE_DESK,
    ahead__gte=OuterRef("ahead") + MARKED,
    due_at__gt=OuterRef("due_at"),
    due_at__lt=OuterRef("due_at") + _minutes(F("ahead")) - _minutes(OuterRef("ahead")),
)
"""Those of the same group that are due later, and come before it because more is known of their harm."""


def tell_delays(*, now: datetime) -> int:
    """Tells the customers whose requests are late behind an outage, or behind what weighs more, and who know of no later time.

    Again when that has passed too. Nothing is told to strangers, nor to an address that a mail only claimed: it would be one more automatic
    mail to a victim. Safe to do in several workers at once. Returns how many were told.
    """
    told = 0
    for _round in range(ROUNDS):
        some = _tell_some(now)
        told += some
        if some < TOLD_AT_ONCE:
            break
    return told


def _tell_some(now: datetime) -> int:
    with transaction.atomic():
        late = Ticket.objects.filter(status__in=ON_THE_DESK, due_kind__in=ALARMING, due_at__lte=now, told_due_at=None)
        is_outage = Ticket.objects.filter(group=QueueGroup.OUTAGE, status__in=ON_THE_DESK).exists()
        pushed = Q() if is_outage else Q(Exists(_OVERTAKING))
        tickets = list(
            late.filter(customer__isnull=False, sender_verified=True)
            .exclude(group=QueueGroup.OUTAGE)
            .filter(pushed)
            .select_for_update(skip_locked=True, no_key=True)
            .prefetch_related("queue__calendar", "queue__policy", "mailbox", "contact")
            .defer("search")
            .order_by("due_at")[:TOLD_AT_ONCE]
        )
        for ticket in tickets:
            _tell(ticket, now)
        return len(tickets)


def _tell(ticket: Ticket, now: datetime) -> None:
    within, times = timedelta(minutes=ticket.queue.policy.delay), _times_told(ticket)
    ticket.told_due_at = ticket.alarm_at = postponed(now, within, hours_of(ticket.queue.calendar), times=times)
    text, told = notifications.delay_text(ticket), Content(is_automatic=True)
    message = write(compose(ticket, author=Author.ROBOT, channel=Channel.DESK, text=text, now=now, content=told))
    carried_by(message, notifications.delayed(ticket=ticket, now=now))
    record(ticket, EventKind.DELAY_TOLD, now=now, until=ticket.told_due_at.isoformat())
    ticket.updated_at = max(now, ticket.updated_at)
    ticket.save(update_fields=["told_due_at", "alarm_at", "public_count", "snippet", "updated_at"])
    tell(ticket)


def _times_told(ticket: Ticket) -> int:
    """How many later times have passed since the one that was promised."""
    return ticket.events.filter(kind=EventKind.DELAY_TOLD, at__gte=ticket.due_at).count()
