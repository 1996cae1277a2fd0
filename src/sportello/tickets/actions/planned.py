"""Planned work on a ticket's service: the clock of its first answer stands still meanwhile, and goes on when the work ends [one.patience]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sportello.accounts.models import User
from sportello.core.arrays import is_any_of
from sportello.services.queries import worked_on, works_on
from sportello.tickets.actions.changing import changing, record, tell
from sportello.tickets.actions.clocks import as_stored, settle
from sportello.tickets.enums import EventKind
from sportello.tickets.models import ON_THE_DESK, Event, Ticket
from sportello.tickets.permissions import check_can_write
from sportello.triage.rules import Pause, standing_still

LOOKED_BACK = timedelta(days=14)
"""So long after its end a change of planned work is still followed; also what a job that slept for days catches up with."""
READ_AT_ONCE = 500
CHANGED_AT_ONCE = 20
MOST_CHANGED = 2_000
"""In one run; the next one goes on with what still differs."""
STANDS = (
    *(
        "planned_pauses",
        "first_due_at",
        "group",
        "priority",
        "is_outage",
        "ahead",
        "tie",
        "reasons",
        "due_kind",
        "due_at",
    ),
    *("alarm_step", "alarm_at", "told_due_at"),
)

Works = dict[int, list[Pause]]
"""By the id of the service."""


def stand_still(*, now: datetime) -> int:
    """Follows planned work that has begun, was changed or has ended; how many clocks it moved. Safe to do twice and in several workers at once."""
    changed, last = 0, 0
    while changed < MOST_CHANGED and (tickets := _next(last, now)):
        works, last = works_at(tickets, now), tickets[-1].pk
        other = [ticket.pk for ticket in tickets if _planned(ticket, works, now) != ticket.planned_pauses]
        for first in range(0, len(other), CHANGED_AT_ONCE):
            changed += _change(other[first : first + CHANGED_AT_ONCE], now)
    return changed


def works_at(tickets: Sequence[Ticket], now: datetime) -> Works:
    """The planned work that these tickets have seen until now, in one query."""
    services = {ticket.service.pk: ticket.service for ticket in tickets if ticket.service}
    if not services:
        return {}
    windows = works_on(list(services.values()), since=min(ticket.opened_at for ticket in tickets), until=now)
    return {
        key: [
            Pause(window.starts_at, window.ends_at)
            for window in windows
            if window.service_id == key or (window.server_id and window.server_id == service.server_id)
        ]
        for key, service in services.items()
    }


def plan_around(ticket: Ticket, works: Works, now: datetime) -> bool:
    """Has a locked ticket stand still as long as the work goes on. Whether anything changed; the caller saves `STANDS`."""
    planned = _planned(ticket, works, now)
    if planned == ticket.planned_pauses:
        return False
    before, ticket.planned_pauses = ticket.due_at, planned
    settle(ticket)
    if planned and ticket.due_at != before:
        until = planned[-1][1]
        record(ticket, EventKind.PLANNED_WORK, now=now, until=until, is_over=datetime.fromisoformat(until) <= now)
    tell(ticket)
    return True


def begin_in_work(ticket: Ticket, now: datetime) -> None:
    """Has a ticket that is not saved yet stand still from its opening, so that its receipt names a true time."""
    ticket.planned_pauses = _planned(ticket, works_at([ticket], now), now)


def begun_in_work(ticket: Ticket, now: datetime) -> list[Event]:
    """What its history says of that; nothing where nothing stands still."""
    if not ticket.planned_pauses or ticket.first_answered_at is not None:
        return []
    told = {"until": ticket.planned_pauses[-1][1], "is_over": False}
    return [Event(ticket=ticket, at=now, kind=EventKind.PLANNED_WORK, data=told)]


def run_through_work(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """A person says that the planned work has nothing to do with it: its clock never stood still, and its alarms ring. Twice is once."""
    check_can_write(by)
    with changing(ticket, now=now):
        if not ticket.runs_through_work:
            ticket.runs_through_work, ticket.planned_pauses = True, []
            record(ticket, EventKind.RUNS_THROUGH_WORK, now=now, by=by)


def stand_still_again(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """It has to do with the planned work after all."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.runs_through_work:
            ticket.runs_through_work = False
            record(ticket, EventKind.STANDS_STILL_AGAIN, now=now, by=by)
            ticket.planned_pauses = _planned(ticket, works_at([ticket], now), now)


def _next(last: int, now: datetime) -> list[Ticket]:
    """Of the tickets on the desk about what is or lately was worked on, those after `last`."""
    services = worked_on(since=now - LOOKED_BACK, until=now).values("pk")
    rows = Ticket.objects.filter(is_any_of("service_id", services), status__in=ON_THE_DESK, pk__gt=last)
    read = rows.select_related("service").only("opened_at", "planned_pauses", "runs_through_work", "service")
    return list(read.order_by("pk")[:READ_AT_ONCE])


def _change(keys: Iterable[int], now: datetime) -> int:
    with transaction.atomic():
        rows = Ticket.objects.filter(pk__in=keys, status__in=ON_THE_DESK)
        tickets = list(
            rows.select_for_update(skip_locked=True, no_key=True)
            .prefetch_related("queue__calendar", "queue__policy", "service")
            .defer("search")
        )
        works, moved = works_at(tickets, now), 0
        for ticket in tickets:
            if plan_around(ticket, works, now):
                ticket.save(update_fields=STANDS)
                moved += 1
        return moved


def _planned(ticket: Ticket, works: Works, now: datetime) -> list[list[str]]:
    if ticket.runs_through_work:
        return []
    found = standing_still(works.get(ticket.service_id or 0, ()), opened_at=ticket.opened_at, now=now)
    return as_stored(found)
