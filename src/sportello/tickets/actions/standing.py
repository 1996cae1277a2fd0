"""Where a ticket stands: in analysis, waiting, solved, closed, open again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.tickets import notifications
from sportello.tickets.actions.changing import changing, keep, record
from sportello.tickets.actions.clocks import happened, set_status
from sportello.tickets.actions.writing import Content, carried_by, compose, write
from sportello.tickets.enums import Author, Channel, EventKind, Status
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.queries.public import may_close
from sportello.tickets.rules import Act, is_allowed
from sportello.triage.enums import Happening

CLOSED_AT_ONCE = 200


def start_analysis(*, ticket: Ticket, next_update_at: datetime | None, by: User | None, now: datetime) -> None:
    """Puts the ticket in analysis until further notice [promise.analysis].

    `next_update_at` is when the customer hears next; without it, updates come as often as the policy says. In analysis
    already, it renews that promise. Raises Refused("in-the-past").
    """
    check_can_write(by)
    if next_update_at is not None and next_update_at <= now:
        raise Refused("in-the-past", _("The next update must lie in the future."))
    with changing(ticket, now=now):
        _check(Act.ANALYSE, ticket)
        happened(ticket, Happening.ANALYSIS_STARTED, now, until=next_update_at)
        set_status(ticket, Status.IN_ANALYSIS, now)
        until = next_update_at.isoformat() if next_update_at else None
        record(ticket, EventKind.ANALYSIS_STARTED, now=now, by=by, until=until)
        _tell_customer(ticket, now)


def wait_for_customer(*, ticket: Ticket, by: User | None, now: datetime, remind_at: datetime | None = None) -> None:
    """It is the customer's turn: the clocks stand still. `remind_at` is when to come back to it."""
    check_can_write(by)
    with changing(ticket, now=now):
        _check(Act.WAIT, ticket)
        happened(ticket, Happening.WAIT_STARTED, now, until=remind_at)
        set_status(ticket, Status.WAITING, now)
        record(ticket, EventKind.WAIT_STARTED, now=now, by=by, until=remind_at.isoformat() if remind_at else None)


def solve(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """Solved, as far as we know: the customer's next message opens it again. Solving twice changes nothing."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.status == Status.SOLVED:
            return
        _check(Act.SOLVE, ticket)
        _stop(ticket, Status.SOLVED, by, now)


def close(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """Closed for good: reopened by a customer's message within 14 days, followed up by a new ticket later."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.status == Status.CLOSED:
            return
        _check(Act.CLOSE, ticket)
        _stop(ticket, Status.CLOSED, by, now)


def close_by_customer(*, ticket: Ticket, contact: Contact, now: datetime) -> None:
    """The customer needs nothing more. Their next message opens it again, as always. Closing twice changes nothing.

    Raises Refused("may-not-close") for somebody who only reads along.
    """
    if not may_close(contact, ticket):
        raise Refused("may-not-close", _("Only who opened this request, or who sees all requests, can close it."))
    with changing(ticket, now=now):
        if ticket.status == Status.CLOSED:
            return
        happened(ticket, Happening.STOPPED, now)
        set_status(ticket, Status.CLOSED, now)
        record(ticket, EventKind.CLOSED, now=now, contact=contact)


def set_aside(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """Nobody asks for anything in it: closed, and no case of the promise. Opened again, by staff or by its sender, it is a request again."""
    check_can_write(by)
    with changing(ticket, now=now):
        if not ticket.is_request:
            return
        _check(Act.CLOSE, ticket)
        ticket.is_request = False
        happened(ticket, Happening.STOPPED, now)
        set_status(ticket, Status.CLOSED, now)
        record(ticket, EventKind.SET_ASIDE, now=now, by=by)


def reopen(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """Staff go on with it: out of analysis, out of a wait, or solved too early."""
    check_can_write(by)
    with changing(ticket, now=now):
        _check(Act.REOPEN, ticket)
        happened(ticket, Happening.TAKEN_UP_AGAIN, now)
        set_status(ticket, Status.OPEN, now)
        record(ticket, EventKind.REOPENED, now=now, by=by)


def close_solved(*, now: datetime, after: timedelta) -> int:
    """Closes what has been solved for so long without a word from the customer. Returns how many; at most 200 at once."""
    with transaction.atomic():
        ripe = Ticket.objects.filter(status=Status.SOLVED, solved_at__lte=now - after).order_by("solved_at")
        tickets = list(
            ripe.select_for_update(skip_locked=True, no_key=True)
            .prefetch_related("queue__calendar", "queue__policy")
            .defer("search")[:CLOSED_AT_ONCE]
        )
        for ticket in tickets:
            _stop(ticket, Status.CLOSED, None, now)
            keep(ticket, now=now)
    return len(tickets)


def _tell_customer(ticket: Ticket, now: datetime) -> None:
    """A notice of our own: it is read in the customer area too, and is no person's answer."""
    text, told = notifications.analysis_text(ticket), Content(is_automatic=True)
    message = write(compose(ticket, author=Author.ROBOT, channel=Channel.DESK, text=text, now=now, content=told))
    carried_by(message, notifications.analysis_started(ticket=ticket, now=now))


def _check(act: Act, ticket: Ticket) -> None:
    if not is_allowed(act, ticket.status):
        status = Status(ticket.status).label
        raise Refused("status", _("This cannot be done while the ticket is “%(status)s”.") % {"status": status})


def _stop(ticket: Ticket, status: Status, by: User | None, now: datetime) -> None:
    happened(ticket, Happening.STOPPED, now)
    set_status(ticket, status, now)
    record(ticket, EventKind.CLOSED if status == Status.CLOSED else EventKind.SOLVED, now=now, by=by)
