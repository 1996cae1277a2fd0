"""What cannot be undone: asked for, confirmed or refused by somebody with that right [reach.phone]."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.portal.forms import OrderForm
from sportello.portal.middleware import signed_in, writing
from sportello.portal.views.tickets import ticket_of
from sportello.tickets import actions, queries
from sportello.tickets.enums import OrderKind

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import Order

ORDERS = Limit("portal-order", most=10, within=timedelta(hours=1))


@allowed(get=Who.CONTACT)
def waiting(request: HttpRequest) -> HttpResponseBase:
    contact, now = signed_in(request), clock.now()
    context = {
        "orders": queries.orders_waiting_for(contact, now=now),
        "may_order": queries.may_order_anywhere(contact),
        "now": now,
    }
    return render(request, "portal/orders/waiting.html", context)


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def order(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Look at one, and confirm or refuse it."""
    contact, now = signed_in(request), clock.now()
    asked = _order_of(contact, public_id)
    if request.method == "POST":
        try:
            confirmed = request.POST.get("act") == "confirm"
            with writing(request):
                actions.decide(
                    order=asked, contact=contact, confirmed=confirmed, now=now, address=client_address(request)
                )
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, gettext("Confirmed.") if confirmed else gettext("Refused: nothing will be done."))
        return redirect("portal:order", public_id)
    readable = queries.ticket_of_contact(contact, asked.ticket.public_id)
    context = {"order": asked, "now": now, "is_open": asked.is_open(now), "ticket": readable}
    return render(request, "portal/orders/order.html", context)


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def ask(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A contact asks for it on one of their tickets."""
    contact, now = signed_in(request), clock.now()
    ticket = ticket_of(contact, public_id)
    form = OrderForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        if not ORDERS.take(str(contact.pk), now=now):
            return too_often(request, ORDERS)
        given = {"kind": OrderKind(form.cleaned_data["kind"]), "text": form.cleaned_data["text"]}
        try:
            with writing(request, ticket):
                actions.put_up(ticket=ticket, contact=contact, now=now, address=client_address(request), **given)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, gettext("Asked for. It is done once somebody with that right has confirmed it."))
            return redirect("portal:ticket", public_id=ticket.public_id)
    context = {"form": form, "ticket": ticket, "orders": queries.orders_of(ticket), "now": now}
    return render(request, "portal/orders/ask.html", context, status=status)


def _order_of(contact: Contact, public_id: UUID) -> Order:
    """One answer for what is not there and for what is not theirs to decide."""
    found = queries.order_of_contact(contact, public_id)
    if found is None:
        raise Http404
    return found
