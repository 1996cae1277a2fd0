"""Somebody who asked before buying becomes a customer [reach.presales]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.customers.enums import CustomerKind
from sportello.customers.queries import contact_by_id, customers_of_domain
from sportello.desk.acting import acting
from sportello.desk.forms.customers import CustomerOfTicketForm
from sportello.desk.views.pages import found, layout_of, refusals_as_messages
from sportello.tickets import actions
from sportello.tickets import queries as tickets

if TYPE_CHECKING:
    from sportello.tickets.models import Ticket


@allowed(get=Who.WRITER, post=Who.WRITER)
def make_customer(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """One form, filled in with what is known; whoever is known already is said to be."""
    ticket = found(tickets.ticket_for(staff(request), public_id))
    form = CustomerOfTicketForm(request.POST if request.method == "POST" else None, initial=_known(ticket))
    if form.is_bound and form.is_valid():
        with form.refusals():
            made = actions.make_customer(
                ticket=ticket, fields=form.entered(), person=form.of_person(), **acting(request)
            )
            messages.success(request, _("%(name)s is a customer now, with this ticket.") % {"name": made})
            return redirect("desk:ticket", public_id)
    contact = found(contact_by_id(ticket.contact.public_id))
    context = {
        "layout": layout_of(request),
        "form": form,
        "ticket": ticket,
        "contact": contact,
        "alike": customers_of_domain(contact) if contact.customer is None else [],
    }
    return render(request, "desk/customers/of_ticket.html", context, status=422 if form.errors else 200)


@allowed(post=Who.WRITER)
def take_back(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    ticket = found(tickets.ticket_for(staff(request), public_id))
    with refusals_as_messages(request):
        actions.take_back_customer(ticket=ticket, **acting(request))
        messages.success(request, _("Taken back: the ticket is of no customer again."))
    return redirect("desk:ticket", public_id)


def _known(ticket: Ticket) -> dict[str, Any]:
    """From the public form, as far as it was used, and from the contact."""
    told = tickets.enquiry_of(ticket)
    contact = ticket.contact
    company = told.get("company", "")
    return {
        "name": company or contact.name,
        "kind": CustomerKind.COMPANY if company else CustomerKind.PERSON,
        "since": clock.now().date(),
        "is_active": True,
        "language": contact.language,
        "time_zone": "Europe/Rome",
        "person": contact.name,
        "phones": tuple(dict.fromkeys(filter(None, [*contact.phones, told.get("phone", "")]))),
        "has_rights": True,
    }
