"""Between the columns of a ticket and the clock rules of triage."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sportello.tickets.enums import Channel, Status
from sportello.tickets.models import Ticket
from sportello.tickets.reasons import Stored, kept_reasons, stored
from sportello.tickets.rules import FINISHED, clock_state
from sportello.triage.enums import AlarmStep, Claim, ClockState, DueKind, Happening, Overrule, Verdict
from sportello.triage.enums import Channel as TriageChannel
from sportello.triage.queries import clock_of
from sportello.triage.rules import (
    AlarmKey,
    Assessment,
    ClockFacts,
    Due,
    Facts,
    Harm,
    OpeningHours,
    Pause,
    Targets,
    after,
    assess,
    next_alarm_at,
    respond_by,
    running_state,
)

HARM = (
    "claim",
    "claim_until",
    "claim_asked_at",
    "verdict",
    "verdict_at",
    "neighbours_down",
    "in_incident",
    "service_kind",
    "is_managed",
    "matters",
    "overrule",
    "overrule_reason",
    "overruled_by_id",
    "overruled_at",
)
"""The columns that say what is known of the harm."""
STANDING = (
    "opened_at",
    "status",
    "assignee_id",
    "is_outage",
    *HARM,
    "customer_waits_since",
    "first_due_at",
    "first_answered_at",
    "last_update_at",
    "next_update_at",
    "waiting_since",
    "remind_at",
    "pauses",
    "solved_at",
    "closed_at",
    "due_kind",
    "due_at",
    "alarm_step",
    "told_due_at",
)
"""The columns that say where a ticket stands: what an undo puts back."""

ASKED_THROUGH = {
    Channel.MAIL: TriageChannel.MAIL,
    Channel.PORTAL: TriageChannel.PORTAL,
    Channel.PHONE: TriageChannel.PHONE,
    Channel.DESK: TriageChannel.PHONE,
    Channel.FORM: TriageChannel.PORTAL,
}


UNKNOWN_TO_TRIAGE = frozenset({Channel.DESK, Channel.FORM})


def facts_of(ticket: Ticket) -> ClockFacts:
    """All that the clocks depend on, as the rules take it."""
    return ClockFacts(
        state=clock_state(ticket.status, ticket.first_answered_at),
        opened_at=ticket.opened_at,
        first_answered_at=ticket.first_answered_at,
        unanswered_since=ticket.customer_waits_since,
        last_update_at=ticket.last_update_at,
        next_update_at=ticket.next_update_at,
        paused_since=ticket.waiting_since,
        remind_at=ticket.remind_at,
        pauses=_read(ticket.pauses),
        planned=_read(ticket.planned_pauses),
    )


def harm_of(ticket: Ticket) -> Harm:
    """What is known of the harm, as the rules take it."""
    return Harm(
        claim=Claim(ticket.claim) if ticket.claim else None,
        claim_is_fresh=ticket.claim_until is not None,
        verdict=Verdict(ticket.verdict) if ticket.verdict else None,
        neighbours_down=ticket.neighbours_down,
        in_incident=ticket.in_incident,
        kind=ticket.service_kind,
        matters=len(ticket.matters),
        what_matters="\n".join(ticket.matters),
        overrule=Overrule(ticket.overrule) if ticket.overrule else None,
    )


def happened(ticket: Ticket, what: Happening, at: datetime, *, until: datetime | None = None) -> None:
    """Moves the clocks, and with them the status of a ticket that was waiting, solved or in analysis."""
    facts = after(facts_of(ticket), what, at, until=until)
    ticket.first_answered_at = facts.first_answered_at
    ticket.customer_waits_since = facts.unanswered_since
    ticket.last_update_at = facts.last_update_at
    ticket.next_update_at = facts.next_update_at
    ticket.waiting_since = facts.paused_since
    ticket.remind_at = facts.remind_at
    ticket.pauses = as_stored(facts.pauses)
    if facts.state in (ClockState.RUNNING_FIRST, ClockState.RUNNING_NEXT):
        _run_again(ticket, at)


def as_stored(pauses: Iterable[Pause]) -> list[list[str]]:
    return [[pause.start.isoformat(), pause.end.isoformat()] for pause in pauses]


def set_status(ticket: Ticket, status: Status, now: datetime) -> None:
    """The status with the instants that belong to it; a ticket closed after it was solved keeps when it was solved.

    What is on the desk again is a request again.
    """
    ticket.is_request = ticket.is_request or status not in FINISHED
    solved_at = ticket.solved_at or now if status in (Status.SOLVED, Status.CLOSED) else None
    ticket.status, ticket.solved_at = status, solved_at
    ticket.closed_at = now if status == Status.CLOSED else None


def settle(ticket: Ticket) -> None:
    """Stores what follows from the clocks: due time, group, priority, reasons, next alarm, the promise kept or not."""
    policy, hours = clock_of(ticket.queue)
    facts = facts_of(ticket)
    due, place = respond_by(facts, policy, hours), _place(ticket, facts)
    ticket.first_due_at = _first_due(ticket, facts, policy, hours)
    ticket.group, ticket.priority, ticket.is_outage = place.group, place.priority, place.is_outage
    ticket.ahead, ticket.tie = place.ahead, place.tie
    ticket.reasons = _reasons(ticket, place, due)
    _set_due(ticket, due)


def due_of(ticket: Ticket) -> Due:
    """The stored due time as the alarm rules take it."""
    return Due(DueKind(ticket.due_kind or DueKind.NONE), ticket.due_at, ())


def fired(ticket: Ticket) -> tuple[AlarmKey, ...]:
    """The last alarm fired for the present due time, if any."""
    if not ticket.alarm_step or ticket.due_at is None:
        return ()
    return (AlarmKey(DueKind(ticket.due_kind), ticket.due_at, AlarmStep(ticket.alarm_step)),)


def standing_of(ticket: Ticket) -> dict[str, Any]:
    """Where the ticket stands, as JSON."""
    values = {name: getattr(ticket, name) for name in STANDING}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def put_back(ticket: Ticket, standing: dict[str, Any]) -> None:
    """Sets the ticket to where it stood. Columns that are instants were stored as ISO 8601."""
    for name in STANDING:
        if name not in standing:  # it was written before this column was kept
            continue
        value = standing[name]
        is_instant = name.endswith(("_at", "_since", "_until")) and value is not None
        setattr(ticket, name, datetime.fromisoformat(value) if is_instant else value)


def _read(pauses: list[list[str]]) -> tuple[Pause, ...]:
    return tuple(Pause(*map(datetime.fromisoformat, pair)) for pair in pauses)


def _run_again(ticket: Ticket, at: datetime) -> None:
    if ticket.status != Status.NEW:
        set_status(ticket, Status.OPEN, at)


def _place(ticket: Ticket, facts: ClockFacts) -> Assessment:
    return assess(
        Facts(
            queue=ticket.queue.slug,
            channel=ASKED_THROUGH[Channel(ticket.channel)],
            is_customer=ticket.customer is not None and ticket.customer.is_active,
            was_customer=ticket.customer is not None and not ticket.customer.is_active,
            harm=harm_of(ticket),
            is_managed=ticket.is_managed,
            state=facts.state,
            first_answered=facts.first_answered_at is not None,
            unanswered=facts.unanswered_since is not None
            or facts.last_update_at is None,  # a program wrote, nobody answered
        )
    )


def _first_due(ticket: Ticket, facts: ClockFacts, policy: Targets, hours: OpeningHours) -> datetime | None:
    """When the first answer was or is promised. None while the clock stands still with the promise not yet broken.

    Nothing is promised for what is no request.

    It stands still in a wait for the customer, and for good in a ticket that was joined: the other one carries the
    promise on. Solved or closed without an answer, the promise stays a case, and is missed once the time has passed.
    """
    if facts.first_answered_at is not None:
        return ticket.first_due_at
    if not ticket.is_request:
        return None
    due = respond_by(replace(facts, state=running_state(None)), policy, hours)
    still_since = _still_since(ticket, facts)
    return None if still_since and due.at and due.at > still_since else due.at


def _still_since(ticket: Ticket, facts: ClockFacts) -> datetime | None:
    if ticket.merged_into_id is not None:
        return ticket.closed_at
    return facts.paused_since if facts.state is ClockState.WAITING_CUSTOMER else None


def _reasons(ticket: Ticket, place: Assessment, due: Due) -> list[Stored]:
    asked = (f"channel.{ASKED_THROUGH[Channel(ticket.channel)]}",) if ticket.channel in UNKNOWN_TO_TRIAGE else ()
    found = [stored(reason) for reason in (*place.reasons, *due.reasons) if reason.code not in asked]
    return found + kept_reasons(ticket.reasons)


def _set_due(ticket: Ticket, due: Due) -> None:
    """A new due time starts a new alarm ladder."""
    if (due.kind, due.at) != (ticket.due_kind, ticket.due_at):
        ticket.alarm_step, ticket.told_due_at = "", None
    ticket.due_kind, ticket.due_at = due.kind, due.at
    ticket.alarm_at = next_alarm_at(due, fired(ticket)) or ticket.told_due_at
