"""What a ticket has to do with others: joined, split, linked; and the people it lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.desk.acting import acting
from sportello.desk.forms.tickets import NumberForm, OrderForm, SplitForm
from sportello.desk.queries import follower_of, link_of, merge_of, service_chosen, ticket_by_number
from sportello.desk.views.pages import found, refusals_as_messages
from sportello.duplicates.actions import join, take_apart
from sportello.tickets import actions
from sportello.tickets import queries as tickets
from sportello.tickets.enums import OrderKind

if TYPE_CHECKING:
    from sportello.tickets.models import Ticket


@allowed(post=Who.WRITER)
def merge(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Joins this ticket into the one whose number was given, and goes there."""
    user, source = staff(request), found(tickets.ticket_for(staff(request), public_id))
    try:
        target = _named(request)
        join(source=source, target=target, by=user, now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:ticket", public_id)
    messages.success(request, _("Joined: the conversation goes on here. This can be undone beside it."))
    return redirect("desk:ticket", target.public_id)


@allowed(post=Who.WRITER)
def undo_merge(request: HttpRequest, public_id: UUID, merge_id: int) -> HttpResponse:
    user, ticket = staff(request), found(tickets.ticket_for(staff(request), public_id))
    joined = found(merge_of(user, ticket, merge_id))
    with refusals_as_messages(request):
        take_apart(merge=joined, by=user, now=clock.now())
        messages.success(request, _("Taken apart: both stand as they stood before."))
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def split(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Moves one message into a ticket of its own, about the service that it names, and goes there."""
    user, form, now = staff(request), SplitForm(request.POST), clock.now()
    message = found(tickets.message_for(user, public_id))
    subject = form.cleaned_data["subject"] if form.is_valid() else message.ticket.subject
    try:
        with transaction.atomic():
            new = actions.split(ticket=message.ticket, message=message, subject=subject, by=user, now=now)
            service = service_chosen(form.cleaned_data.get("service", "")) if form.is_valid() else None
            if service is not None:
                actions.set_service(ticket=new, service=service, by=user, now=now)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:ticket", message.ticket.public_id)
    messages.success(request, _("Moved here, into a ticket of its own. It can be put back beside it."))
    return redirect("desk:ticket", new.public_id)


@allowed(post=Who.WRITER)
def link(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user, source = staff(request), found(tickets.ticket_for(staff(request), public_id))
    with refusals_as_messages(request):
        actions.link(source=source, target=_named(request), by=user, now=clock.now())
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def unlink(request: HttpRequest, public_id: UUID, link_id: int) -> HttpResponse:
    user, ticket = staff(request), found(tickets.ticket_for(staff(request), public_id))
    chosen = found(link_of(user, ticket, link_id))
    with refusals_as_messages(request):
        actions.unlink(link=chosen, by=user, now=clock.now())
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def accept_copy(request: HttpRequest, public_id: UUID, contact_id: UUID) -> HttpResponse:
    """Lets somebody in who was in copy of a mail: until then they see nothing."""
    user, ticket = staff(request), found(tickets.ticket_for(staff(request), public_id))
    follower = found(follower_of(user, ticket, contact_id))
    with refusals_as_messages(request):
        actions.accept_copy(ticket=ticket, contact=found(follower.contact), by=user, now=clock.now())
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def remove_contact(request: HttpRequest, public_id: UUID, contact_id: UUID) -> HttpResponse:
    user, ticket = staff(request), found(tickets.ticket_for(staff(request), public_id))
    follower = found(follower_of(user, ticket, contact_id))
    with refusals_as_messages(request):
        actions.remove_contact(ticket=ticket, contact=found(follower.contact), by=user, now=clock.now())
    return redirect("desk:ticket", public_id)


def _named(request: HttpRequest) -> Ticket:
    """The ticket whose number was typed. Raises Refused("number") or Refused("no-such-ticket")."""
    form = NumberForm(request.POST)
    if not form.is_valid():
        raise Refused("number", _("Write the number of a ticket."))
    ticket = ticket_by_number(staff(request), form.cleaned_data["number"])
    if ticket is None:
        raise Refused("no-such-ticket", _("There is no ticket #%(number)s.") % form.cleaned_data)
    return ticket


@allowed(post=Who.WRITER)
def put_up(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Asks the customer to confirm what cannot be undone."""
    ticket, form = found(tickets.ticket_for(staff(request), public_id)), OrderForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Write what exactly is to be done."))
        return redirect("desk:ticket", public_id)
    with refusals_as_messages(request):
        kind = OrderKind(form.cleaned_data["kind"])
        actions.put_up(ticket=ticket, kind=kind, text=form.cleaned_data["text"], **acting(request))
        messages.success(request, _("Those who may confirm it are told by mail. Until then it is not confirmed."))
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def withdraw(request: HttpRequest, public_id: UUID, order_id: UUID) -> HttpResponse:
    ticket = found(tickets.ticket_for(staff(request), public_id))
    order = found(next((each for each in tickets.orders_of(ticket) if each.public_id == order_id), None))
    with refusals_as_messages(request):
        actions.withdraw(order=order, **acting(request))
    return redirect("desk:ticket", public_id)
