"""Solved tickets that were about the same thing: asked for when somebody unfolds them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.views.pages import found, layout_of
from sportello.duplicates.queries import Solved, similar_solved
from sportello.duplicates.rules import Among
from sportello.duplicates.sentences import reasons
from sportello.tickets.queries import ticket_for


@allowed(get=Who.STAFF)
def similar(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What solved them, and why each is thought to be alike."""
    user = staff(request)
    ticket = found(ticket_for(user, public_id))
    rows = [(one, _why(one)) for one in similar_solved(ticket, user, clock.now())]
    return render(request, "desk/similar.html", {"layout": layout_of(request), "ticket": ticket, "rows": rows})


def _why(solved: Solved) -> list[str]:
    return [why.text for why in reasons(solved.features, Among.ALL) if why.speaks_for]
