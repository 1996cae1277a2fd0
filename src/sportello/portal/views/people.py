"""Colleagues let colleagues in: who writes for a customer, who is invited, and following such an invitation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused
from sportello.core.paging import Place, page_number
from sportello.customers.actions import Granted
from sportello.customers.invitations import (
    invitation_of,
    invitation_of_secret,
    invitations_of,
    may_invite,
    withdraw_invitation,
)
from sportello.customers.queries import with_rights, writers_page
from sportello.portal.asking import sought
from sportello.portal.coming_in import came_in
from sportello.portal.forms import InviteForm
from sportello.portal.middleware import signed_in
from sportello.portal.views.sign_in import LINKS_TRIED_FROM_NETWORK
from sportello.tickets.actions.inviting import accept_invitation, invite_again, invite_contact, what_becomes_of_it

if TYPE_CHECKING:
    from sportello.customers.models import Customer

CUSTOMERS = 50
"""Of several customers so many are named at a time."""
INVITED_BY_ONE = Limit("portal-invited", most=20, within=timedelta(days=1))
# One automatic mail an hour for whoever never asked for it.
INVITED_AT_ADDRESS = Limit("portal-invited-address", most=1, within=timedelta(hours=1))


@allowed(get=Who.CONTACT)
def people(request: HttpRequest) -> HttpResponseBase:
    """Those of the one customer of which the contact sees all; of several, first which."""
    customers, number = may_invite(signed_in(request)), page_number(request.GET.get("page", ""))
    if len(customers) == 1:
        return _people(request, customers[0], InviteForm())
    start, end = (number - 1) * CUSTOMERS, number * CUSTOMERS
    context = {
        "customers": customers[start:end],
        "before": f"?page={number - 1}" if number > 1 else "",
        "after": f"?page={number + 1}" if len(customers) > end else "",
    }
    return render(request, "portal/houses.html", context)


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def people_of(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Who writes for a customer of which the contact sees all, and who is invited; and a form to invite one more."""
    customer = next((each for each in may_invite(signed_in(request)) if each.public_id == public_id), None)
    if customer is None:
        raise Http404
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _invite(request, customer, form)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, what_becomes_of_it())
            return redirect("portal:people-of", public_id)
    return _people(request, customer, form)


@allowed(post=Who.CONTACT)
def again(request: HttpRequest, pk: int) -> HttpResponseBase:
    contact, invitation = signed_in(request), _invitation(request, pk)
    try:
        _check_not_too_often(request, invitation.address)
        invite_again(invitation=invitation, by=contact, now=clock.now(), address=client_address(request))
        messages.success(request, what_becomes_of_it())
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("portal:people-of", invitation.customer.public_id)


@allowed(post=Who.CONTACT)
def withdraw(request: HttpRequest, pk: int) -> HttpResponseBase:
    contact, invitation = signed_in(request), _invitation(request, pk)
    withdraw_invitation(invitation=invitation, by=contact, now=clock.now(), address=client_address(request))
    messages.success(request, gettext("The invitation is withdrawn: its link does not work any more."))
    return redirect("portal:people-of", invitation.customer.public_id)


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def invited(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Follow an invitation. As with every link of ours, opening it changes nothing: a person presses the button."""
    now = clock.now()
    if not LINKS_TRIED_FROM_NETWORK.take(network_of(client_address(request)), now=now):
        return render(request, "portal/invitation_over.html", status=429)
    invitation = invitation_of_secret(secret, now=now)
    if invitation is None:
        return render(request, "portal/invitation_over.html", status=410)
    if request.method == "GET":
        return render(request, "portal/invited.html", {"invitation": invitation})
    try:
        owned = accept_invitation(secret=secret, now=now, address=client_address(request))
    except Refused:
        return render(request, "portal/invitation_over.html", status=410)
    messages.success(request, gettext("Welcome. A password can be set here; without one, a link by mail leads in."))
    return came_in(request, owned.contact, address_id=owned.pk, then=reverse("portal:settings"), now=now)


def _invite(request: HttpRequest, customer: Customer, form: InviteForm) -> None:
    contact, now = signed_in(request), clock.now()
    _check_not_too_often(request, form.cleaned_data["address"])
    invite_contact(
        customer=customer,
        mail=form.cleaned_data["address"],
        name=form.cleaned_data["name"],
        language=contact.language,
        granted=Granted(**{name: form.cleaned_data[name] for name in form.RIGHTS}),
        by=contact,
        now=now,
        address=client_address(request),
    )


def _check_not_too_often(request: HttpRequest, address: str) -> None:
    """Raises Refused("asked-too-often")."""
    now = clock.now()
    by_one = INVITED_BY_ONE.take(str(signed_in(request).pk), now=now)
    if not by_one or not INVITED_AT_ADDRESS.take(as_kept(address), now=now):
        raise Refused("asked-too-often", gettext("An invitation was sent just now. Try again in an hour."))


def _invitation(request: HttpRequest, pk: int) -> Any:
    found = invitation_of(pk, within=may_invite(signed_in(request)))
    if found is None:
        raise Http404
    return found


def _people(request: HttpRequest, customer: Customer, form: InviteForm) -> HttpResponseBase:
    text = sought(request.GET.get("find", ""))
    page = writers_page(customer, search=text, place=Place.of(request.GET.dict()))
    context = {
        "customer": customer,
        "people": with_rights(page.rows, customer),
        "page": page,
        "q": text,
        "invitations": invitations_of([customer]),
        "form": form,
        "now": clock.now(),
    }
    return render(request, "portal/people.html", context, status=422 if form.errors else 200)
