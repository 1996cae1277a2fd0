"""What a contact does with a ticket besides writing: closes it, lets colleagues read along, reads along no more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.queries import colleagues_of
from sportello.portal.forms import ColleagueForm
from sportello.portal.middleware import signed_in
from sportello.portal.views.tickets import ticket_of
from sportello.tickets.actions import add_colleague, close_by_customer
from sportello.tickets.actions.following import stop_following


@allowed(post=Who.CONTACT)
def close(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    ticket = ticket_of(contact, public_id)
    close_by_customer(ticket=ticket, contact=contact, now=clock.now())
    messages.success(request, gettext("This request is closed. If you write, it is taken up again."))
    return redirect("portal:ticket", public_id=ticket.public_id)


@allowed(post=Who.CONTACT)
def add(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Let a colleague read along."""
    contact = signed_in(request)
    ticket, form = ticket_of(contact, public_id), ColleagueForm(request.POST)
    wanted = form.cleaned_data["colleague"] if form.is_valid() else None
    colleague = next((each for each in colleagues_of(contact) if each.public_id == wanted), None)
    if colleague is None:
        messages.error(request, gettext("Choose one of your colleagues."))
        return redirect("portal:ticket", public_id=ticket.public_id)
    try:
        add_colleague(ticket=ticket, colleague=colleague, contact=contact, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, gettext("%(name)s reads along from now on.") % {"name": colleague})
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
