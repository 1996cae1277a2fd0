"""Handing over a password or a key: never in a message, shown to us once, gone afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.portal.forms import SecretForm
from sportello.portal.middleware import signed_in, writing
from sportello.portal.views.tickets import ticket_of
from sportello.privacy.actions import drop_secret, withdraw_drop
from sportello.privacy.queries import drop_of, drops_in

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import Ticket


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def secret(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """What was handed over in a request, what became of it, and one more. What was written is not shown again, not even when it is refused."""
    contact, now = signed_in(request), clock.now()
    ticket = ticket_of(contact, public_id)
    form = SecretForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            with writing(request, ticket):
                drop_secret(ticket=ticket, contact=contact, secret=given["secret"], label=given["label"], now=now)
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, gettext("Handed over. It is shown once to one of us, and then it is gone."))
            return redirect("portal:secret", public_id=public_id)
    return _page(request, contact, ticket, form)


@allowed(post=Who.CONTACT)
def withdraw(request: HttpRequest, public_id: UUID, drop_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    drop = drop_of(contact, ticket_of(contact, public_id), drop_id)
    if drop is None:
        raise Http404
    try:
        withdraw_drop(drop=drop, by=contact, now=clock.now())
        messages.success(request, gettext("Withdrawn: nobody has seen it, and nobody can any more."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("portal:secret", public_id=public_id)


def _page(request: HttpRequest, contact: Contact, ticket: Ticket, form: SecretForm) -> HttpResponseBase:
    context = {"ticket": ticket, "form": form, "drops": drops_in(ticket), "contact": contact, "now": clock.now()}
    return render(request, "portal/secret.html", context, status=422 if form.errors else 200)
