"""What a contact does with a ticket besides writing: closes it, lets colleagues read along, reads along no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.core.paging import Place
from sportello.customers.queries import colleague_of, colleagues_page
from sportello.portal.asking import sought
from sportello.portal.forms import ColleagueForm, RatingForm
from sportello.portal.middleware import signed_in, writing
from sportello.portal.views.tickets import Typed, again, ticket_of
from sportello.tickets import actions
from sportello.tickets.actions.following import stop_following
from sportello.tickets.enums import Verdict
from sportello.tickets.queries import readers_of

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import Ticket

RATINGS = Limit("portal-rating", most=60, within=timedelta(hours=1))


@allowed(post=Who.CONTACT)
def close(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    ticket = ticket_of(contact, public_id)
    try:
        with writing(request, ticket):
            actions.close_by_customer(ticket=ticket, contact=contact, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, gettext("This request is closed. If you write, it is taken up again."))
    return redirect("portal:ticket", public_id=ticket.public_id)


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def add(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Let a colleague read along; where there are many, they are looked for here."""
    contact = signed_in(request)
    ticket, form = ticket_of(contact, public_id), ColleagueForm(request.POST)
    if request.method == "GET":
        return _choose(request, contact, ticket)
    colleague = colleague_of(contact, form.cleaned_data["colleague"]) if form.is_valid() else None
    if colleague is None:
        messages.error(request, gettext("Choose one of your colleagues."))
        return redirect("portal:ticket", public_id=ticket.public_id)
    try:
        with writing(request, ticket):
            actions.add_colleague(ticket=ticket, colleague=colleague, contact=contact, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, gettext("%(name)s reads along from now on.") % {"name": colleague})
    return redirect("portal:ticket", public_id=ticket.public_id)


def _choose(request: HttpRequest, contact: Contact, ticket: Ticket) -> HttpResponseBase:
    text = sought(request.GET.get("find", ""))
    page = colleagues_page(contact, search=text, place=Place.of(request.GET.dict()))
    context = {"ticket": ticket, "page": page, "q": text, "readers": readers_of(ticket)}
    return render(request, "portal/colleagues.html", context)


@allowed(post=Who.CONTACT)
def rate(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Say whether the help was one; said again, it stands in place of what was said before."""
    contact, now = signed_in(request), clock.now()
    ticket, form = ticket_of(contact, public_id), RatingForm(request.POST)
    if not form.is_valid():
        return again(request, contact, ticket, Typed(rating=form), status=422)
    if not RATINGS.take(str(contact.pk), now=now):
        return too_often(request, RATINGS)
    verdict, text = Verdict(form.cleaned_data["verdict"]), form.cleaned_data["text"]
    try:
        with writing(request, ticket):
            actions.rate(ticket=ticket, contact=contact, verdict=verdict, text=text, now=now)
    except Refused as refused:
        form.add_error(None, refused.message)
        return again(request, contact, ticket, Typed(rating=form), status=409)
    messages.success(request, gettext("Thank you: whoever helped reads it."))
    return redirect("portal:ticket", public_id=ticket.public_id)


@allowed(post=Who.CONTACT)
def unfollow(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    ticket = ticket_of(contact, public_id)
    try:
        stop_following(ticket=ticket, contact=contact, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:ticket", public_id=ticket.public_id)
    messages.success(request, gettext("You do not follow this request any more."))
    return redirect("portal:home")
