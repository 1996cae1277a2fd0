"""What was seen of a ticket's service, and another look."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.looking import looks_shown
from sportello.desk.views.pages import back, found, layout_of, refusals_as_messages
from sportello.evidence import actions
from sportello.evidence.queries import looks_of
from sportello.tickets.queries import ticket_for

BESIDE_THE_TICKET = "looks-found"


@allowed(get=Who.STAFF)
def looks(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Every look that the ticket was judged by, the newest first, with what each probe saw; in the column beside it, what matters of the newest."""
    ticket = found(ticket_for(staff(request), public_id))
    given = {"layout": layout_of(request), "ticket": ticket}
    if request.headers.get("HX-Target") == BESIDE_THE_TICKET:
        newest = looks_shown(looks_of(ticket)[:1])
        return render(request, "desk/looks_short.html", {**given, "look": newest[0] if newest else None})
    return render(request, "desk/looks.html", {**given, "looks": looks_shown(looks_of(ticket))})


@allowed(post=Who.WRITER)
def look_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket = found(ticket_for(staff(request), public_id))
    with refusals_as_messages(request):
        actions.look_again(ticket=ticket, by=staff(request), now=clock.now())
        messages.info(request, _("The service is being looked at: what is seen appears here by itself."))
    return back(request, reverse("desk:ticket", args=[ticket.public_id]))
