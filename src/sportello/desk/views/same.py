"""Whether two tickets are about one problem: looked at side by side, and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.desk.same import Maybe, sides
from sportello.desk.views.pages import found, layout_of, refusals_as_messages
from sportello.duplicates import actions
from sportello.duplicates.enums import ProposalState
from sportello.duplicates.proposals import proposal_for
from sportello.tickets import queries as tickets

if TYPE_CHECKING:
    from sportello.duplicates.models import Proposal


@allowed(get=Who.STAFF)
def same(request: HttpRequest, public_id: UUID, proposal_id: int) -> HttpResponse:
    user, ticket = staff(request), found(tickets.ticket_for(staff(request), public_id))
    proposal = found(proposal_for(user, ticket, proposal_id))
    is_new = proposal.ticket_id == ticket.pk
    context = {
        "layout": layout_of(request),
        "ticket": ticket,
        "maybe": Maybe(proposal, found(proposal.target if is_new else proposal.ticket), is_new),
        "sides": sides(user, proposal),
        "may_decide": can_write(user) and proposal.state == ProposalState.OPEN,
        "now": clock.now(),
    }
    return render(request, "desk/same.html", context)


@allowed(post=Who.WRITER)
def take(request: HttpRequest, public_id: UUID, proposal_id: int) -> HttpResponse:
    """They are: goes to the one that they go on in."""
    proposal = _proposal(request, public_id, proposal_id)
    try:
        merge = actions.take(proposal=proposal, by=staff(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:ticket", public_id)
    messages.success(request, _("Joined: the conversation goes on here. This can be undone beside it."))
    return redirect("desk:ticket", merge.target.public_id)


@allowed(post=Who.WRITER)
def refuse(request: HttpRequest, public_id: UUID, proposal_id: int) -> HttpResponse:
    with refusals_as_messages(request):
        actions.refuse(proposal=_proposal(request, public_id, proposal_id), by=staff(request), now=clock.now())
    return redirect("desk:ticket", public_id)


def _proposal(request: HttpRequest, public_id: UUID, proposal_id: int) -> Proposal:
    user = staff(request)
    return found(proposal_for(user, found(tickets.ticket_for(user, public_id)), proposal_id))
