"""Staff say whether it is the same problem, and take apart what was joined."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core import live
from sportello.core.errors import Refused
from sportello.duplicates.enums import ProposalState
from sportello.duplicates.models import Joined, Proposal
from sportello.tickets import actions as tickets
from sportello.tickets.models import Merge, Ticket
from sportello.tickets.permissions import check_can_write


def take(*, proposal: Proposal, by: User, now: datetime) -> Merge:
    """It is: joins the two. Raises Refused("decided"), and what a joining refuses."""
    check_can_write(by)
    with transaction.atomic():
        ticket = _held(proposal)
        return join(source=ticket, target=proposal.target, by=by, now=now)


def refuse(*, proposal: Proposal, by: User, now: datetime) -> None:
    """It is not: it is proposed no more. Raises Refused("decided")."""
    check_can_write(by)
    with transaction.atomic():
        ticket = _held(proposal)
        _decide(Proposal.objects.filter(pk=proposal.pk), ProposalState.REFUSED, by, now)
        _show(ticket, proposal.target)


def join(*, source: Ticket, target: Ticket, by: User, now: datetime) -> Merge:
    """Joins two tickets by hand; a proposal of it counts as taken, and what else was proposed of the one that ends there is over.

    Raises what `tickets.actions.merge` refuses.
    """
    with transaction.atomic():
        merge = tickets.merge(source=source, target=target, by=by, now=now)
        _decide(_between(source, target), ProposalState.TAKEN, by, now)
        end_proposals(source, now)
    return merge


def take_apart(*, merge: Merge, by: User, now: datetime) -> None:
    """Undoes a joining, and remembers that it was wrong. Raises what `tickets.actions.undo_merge` refuses."""
    with transaction.atomic():
        tickets.undo_merge(merge=merge, by=by, now=now)
        Joined.objects.filter(merge=merge, undone_at=None).update(undone_at=now, undone_by=by)
        _between(merge.source, merge.target).update(state=ProposalState.REFUSED, decided_at=now, by=by)


def end_proposals(ticket: Ticket, now: datetime) -> None:
    """Of a ticket that lives on in another one nothing is asked any more."""
    waiting = Proposal.objects.filter(Q(ticket=ticket) | Q(target=ticket), state=ProposalState.OPEN)
    waiting.update(state=ProposalState.EXPIRED, decided_at=now)


def _between(one: Ticket, other: Ticket) -> QuerySet[Proposal]:
    """Whichever of the two was the new one."""
    return Proposal.objects.filter(Q(ticket=one, target=other) | Q(ticket=other, target=one))


def _held(proposal: Proposal) -> Ticket:
    """The new ticket of a proposal that nobody has answered, held until the transaction ends. Raises Refused("decided")."""
    row = Proposal.objects.select_for_update(no_key=True).filter(pk=proposal.pk, state=ProposalState.OPEN).first()
    if row is None or proposal.ticket is None:
        raise Refused("decided", _("Somebody has answered this already."))
    return proposal.ticket


def _decide(rows: QuerySet[Proposal], state: ProposalState, by: User, now: datetime) -> None:
    rows.filter(state=ProposalState.OPEN).update(state=state, decided_at=now, by=by)


def _show(*changed: Ticket) -> None:
    """Has open pages look again."""
    for ticket in changed:
        live.publish("ticket", ticket=str(ticket.public_id), version=ticket.version)
