"""The ticket page, as a page and as the parts that an open page asks for again."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.queries import ticket_by_number
from sportello.desk.ticket import Typed, presence_words, ticket_context, ticket_page
from sportello.desk.views.pages import found, layout_of
from sportello.tickets import actions
from sportello.tickets import queries as tickets

if TYPE_CHECKING:
    from sportello.tickets.models import Ticket


@allowed(get=Who.STAFF)
def ticket(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page. A ticket that lives on in another one has its page all the same, with the way there."""
    shown = found(tickets.ticket_for(staff(request), public_id))
    return shown_page(request, shown, kind=request.GET.get("write", ""))


@allowed(get=Who.STAFF, background=True)
def ticket_now(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The page without its frame, for the parts that changed."""
    page = ticket_page(staff(request), found(tickets.ticket_for(staff(request), public_id)), now=clock.now())
    return render(request, "desk/ticket.html", {"layout": "desk/bare.html", **ticket_context(page)})


@allowed(get=Who.STAFF, post=Who.STAFF, background=True)
def presence(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Who else has this ticket open; a POST says that one has it open oneself."""
    user, now = staff(request), clock.now()
    opened = found(tickets.ticket_for(user, public_id))
    if request.method == "POST":
        actions.be_present(ticket=opened, by=user, writing=bool(request.POST.get("writing")), now=now)
    others = [someone for someone in tickets.present(opened, now) if someone.user.pk != user.pk]
    return render(request, "desk/presence.html", {"here_too": presence_words(others)})


@allowed(get=Who.STAFF)
def by_number(request: HttpRequest, number: int) -> HttpResponse:
    """`/desk/tickets/48213`: the label leads to the ticket."""
    return redirect("desk:ticket", found(ticket_by_number(staff(request), number)).public_id)


def shown_page(request: HttpRequest, shown: Ticket, *, typed: Typed | None = None, kind: str = "") -> HttpResponse:
    """The page, with 422 and what was typed when that was refused."""
    page = ticket_page(staff(request), shown, now=clock.now(), typed=typed, kind=kind)
    context = {"layout": layout_of(request), "with_composer": True, **ticket_context(page)}
    return render(request, "desk/ticket.html", context, status=422 if typed else 200)
