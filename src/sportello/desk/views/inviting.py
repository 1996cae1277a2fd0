"""Inviting somebody to write for a customer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.customers.invitations import invitation_of, withdraw_invitation
from sportello.customers.queries import customer_by_id
from sportello.desk.acting import acting
from sportello.desk.forms.customers import InviteForm
from sportello.desk.views.customers import form_page
from sportello.desk.views.pages import found, refusals_as_messages
from sportello.tickets.actions.inviting import invite_again, invite_contact, what_becomes_of_it


@allowed(get=Who.WRITER, post=Who.WRITER)
def invite(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(customer_by_id(public_id))
    form = InviteForm(
        request.POST if request.method == "POST" else None, initial={"language": row.language, "may_open": True}
    )
    if form.is_bound and form.is_valid():
        entered = {name: form.cleaned_data[name] for name in ("mail", "name", "language")}
        with form.refusals():
            invite_contact(customer=row, granted=form.granted(), **entered, **acting(request))
            messages.success(request, what_becomes_of_it())
            return redirect("desk:customer", public_id)
    return form_page(request, form, _("Invite a person"), customer=row, button=_("Send the invitation"))


@allowed(post=Who.WRITER)
def again(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    row = found(invitation_of(pk, within=[found(customer_by_id(public_id))]))
    with refusals_as_messages(request):
        invite_again(invitation=row, **acting(request))
        messages.success(request, what_becomes_of_it())
    return redirect("desk:customer", public_id)


@allowed(post=Who.WRITER)
def withdraw(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    row = found(invitation_of(pk, within=[found(customer_by_id(public_id))]))
    withdraw_invitation(invitation=row, **acting(request))
    messages.success(request, _("The invitation is withdrawn: its link does not work any more."))
    return redirect("desk:customer", public_id)
