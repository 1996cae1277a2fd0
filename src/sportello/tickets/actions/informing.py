"""What is known of an outage is said in the tickets that it caused, in the words of whoever wrote the update."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.tickets import notifications
from sportello.tickets.actions.changing import changing, record
from sportello.tickets.actions.clocks import happened, put_back, set_status, settle, standing_of
from sportello.tickets.actions.writing import Content, carried_by, compose, write
from sportello.tickets.enums import Author, Channel, EventKind, Status
from sportello.tickets.models import ON_THE_DESK, Message, Ticket
from sportello.triage.enums import Happening

BY_PEOPLE = (
    EventKind.REPLIED,
    EventKind.ANALYSIS_STARTED,
    EventKind.WAIT_STARTED,
    EventKind.SOLVED,
    EventKind.CLOSED,
    EventKind.SET_ASIDE,
)
"""After these the clocks are no longer those that an incident's answer left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is said. `counts` is whether it says what is known, as a person's answer would; `about` names the incident.

    `says` is the text, made of when our next word is due. `goes_on`: the incident is over and the request is not, so that one is owed.
    """

    says: Callable[[datetime | None], str]
    about: str
    number: str
    counts: bool
    solves: bool = False
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Informed:
    """`before` is where the ticket stood; `is_first` is whether this was its first answer."""

    message: Message
    before: dict[str, Any]
    is_first: bool


def inform(
    *, ticket: Ticket, word: Word, chosen: Callable[[Sequence[Contact]], Sequence[Contact]], now: datetime
) -> Informed:
    """Says it in the ticket, and mails it to those of its readers that `chosen` gives back.

    What counts stops the clocks as a person's answer does; the event says what it was. Raises Refused("merged").
    """
    with changing(ticket, now=now):
        before, is_first = standing_of(ticket), word.counts and ticket.first_answered_at is None
        if word.counts:
            _counts(ticket, now)
        text = word.says(_owe_more(ticket, now) if word.goes_on else None)
        content = Content(is_automatic=True, extra={"incident": word.number})
        message = write(compose(ticket, author=Author.ROBOT, channel=Channel.DESK, text=text, now=now, content=content))
        readers = chosen(notifications.readers_of_news(ticket))
        carried_by(message, notifications.informed(ticket=ticket, text=text, readers=readers, now=now))
        told = str(message.public_id)
        record(ticket, EventKind.INCIDENT_TOLD, now=now, name=word.about, first=is_first, message=told)
        if word.solves and ticket.status in ON_THE_DESK:
            _solved(ticket, word.about, now)
    return Informed(message, before, is_first)


def _owe_more(ticket: Ticket, now: datetime) -> datetime | None:
    """The customer goes on waiting for us; until when, if that is still to come [one.patience]."""
    if ticket.status != Status.IN_ANALYSIS:
        ticket.customer_waits_since = ticket.customer_waits_since or now
    settle(ticket)
    return ticket.due_at if ticket.due_at is not None and ticket.due_at > now else None


def note_incident(*, ticket: Ticket, name: str, on: bool, by: User | None, now: datetime) -> None:
    """Writes on the ticket that it belongs to an incident, or no longer does."""
    kind = EventKind.INCIDENT_LINKED if on else EventKind.INCIDENT_UNLINKED
    record(ticket, kind, now=now, by=by, name=name)


def take_back_word(*, ticket: Ticket, before: dict[str, Any], since: datetime, name: str, now: datetime) -> None:
    """The clocks as if an incident had not answered, because the ticket was about something else.

    `before` is where it stood then. What the customer wrote since counts from when they wrote it; what people did since stays as they left it.
    """
    with changing(ticket, now=now):
        done = list(ticket.events.filter(at__gte=since, kind__in=BY_PEOPLE).order_by("at", "pk"))
        if not done:
            _stand_as_before(ticket, before, since)
        elif before["first_answered_at"] is None:
            answers = [event.at for event in done if event.kind == EventKind.REPLIED]
            ticket.first_answered_at = answers[0] if answers else None
        record(ticket, EventKind.INCIDENT_TAKEN_BACK, now=now, name=name)


def _stand_as_before(ticket: Ticket, before: dict[str, Any], since: datetime) -> None:
    whose = ticket.assignee_id
    put_back(ticket, before)
    ticket.assignee_id = whose
    written = ticket.messages.filter(author=Author.CUSTOMER, is_automatic=False, created_at__gt=since)
    for at in written.order_by("created_at").values_list("created_at", flat=True):
        happened(ticket, Happening.CUSTOMER_WROTE, at)


def _counts(ticket: Ticket, now: datetime) -> None:
    if ticket.status == Status.NEW:
        ticket.status = Status.OPEN
    happened(ticket, Happening.PERSON_ANSWERED, now)


def _solved(ticket: Ticket, name: str, now: datetime) -> None:
    happened(ticket, Happening.STOPPED, now)
    set_status(ticket, Status.SOLVED, now)
    record(ticket, EventKind.SOLVED, now=now, incident=name)
