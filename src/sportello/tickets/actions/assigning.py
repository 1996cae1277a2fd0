"""Who has it: taken by oneself, given to somebody, given back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from sportello.accounts.models import Team, User
from sportello.core.errors import Refused
from sportello.tickets.actions.changing import changing, record
from sportello.tickets.enums import EventKind, Status
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_write


def take(*, ticket: Ticket, by: User, now: datetime) -> None:
    """Makes it one's own, if nobody has it: of many who take it at once, one gets it.

    Raises Refused("taken") with the name of who has it. Taking one's own again changes nothing.
    """
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.assignee_id == by.pk:
            return
        if ticket.assignee is not None:
            raise Refused("taken", _("%(name)s has taken this ticket.") % {"name": ticket.assignee.name})
        _give(ticket, by)
        record(ticket, EventKind.TAKEN, now=now, by=by)


def assign(*, ticket: Ticket, to: User, by: User | None, now: datetime) -> None:
    """Gives it to somebody, whoever has it now. Raises Refused("cannot-work") for who reads only or has left."""
    check_can_write(by)
    if not (to.is_active and to.may_write):
        raise Refused("cannot-work", _("%(name)s cannot work on tickets.") % {"name": to.name})
    with changing(ticket, now=now):
        if ticket.assignee_id != to.pk:
            _give(ticket, to)
            record(ticket, EventKind.ASSIGNED, now=now, by=by, to=to.pk, name=to.name)


def assign_team(*, ticket: Ticket, to: Team | None, by: User | None, now: datetime) -> None:
    """Gives it to a team, or to none."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.team_id != (to.pk if to else None):
            ticket.team = to
            record(ticket, EventKind.ASSIGNED, now=now, by=by, team=to.pk if to else None, name=to.name if to else "")


def release(*, ticket: Ticket, by: User | None, now: datetime) -> None:
    """Gives it back: anybody can take it."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.assignee is not None:
            record(ticket, EventKind.RELEASED, now=now, by=by, name=ticket.assignee.name)
            ticket.assignee = None


def _give(ticket: Ticket, to: User) -> None:
    ticket.assignee = to
    if ticket.status == Status.NEW:
        ticket.status = Status.OPEN
