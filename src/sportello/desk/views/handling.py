"""What staff do with a ticket: who has it, where it stands, what it is about. Each is one call; a refusal becomes a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.queries import staff_by_id
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.desk.forms.tickets import (
    AssignForm,
    ChoiceForm,
    CustomerForm,
    MomentForm,
    OverruleForm,
    SubjectForm,
    TagForm,
)
from sportello.desk.queries import customer_chosen, queue_chosen, service_chosen
from sportello.desk.views.pages import back, found, refusals_as_messages
from sportello.tickets import actions
from sportello.tickets import queries as tickets
from sportello.triage.enums import Overrule

if TYPE_CHECKING:
    from sportello.tickets.models import Ticket


@allowed(post=Who.WRITER)
def take(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.take)


@allowed(post=Who.WRITER)
def release(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.release)


@allowed(post=Who.WRITER)
def assign(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), AssignForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    return _done(request, ticket, actions.assign, to=found(staff_by_id(form.cleaned_data["to"])))


@allowed(post=Who.WRITER)
def analysis(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), MomentForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    return _done(request, ticket, actions.start_analysis, next_update_at=form.cleaned_data["at"])


@allowed(post=Who.WRITER)
def wait(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), MomentForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    return _done(request, ticket, actions.wait_for_customer, remind_at=form.cleaned_data["at"])


@allowed(post=Who.WRITER)
def solve(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.solve)


@allowed(post=Who.WRITER)
def close(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.close)


@allowed(post=Who.WRITER)
def set_aside(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.set_aside)


@allowed(post=Who.WRITER)
def reopen(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.reopen)


@allowed(post=Who.WRITER)
def outage(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.set_outage, on=request.POST.get("on") == "1")


@allowed(post=Who.WRITER)
def overrule(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), OverruleForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    given = form.cleaned_data
    return _done(request, ticket, actions.overrule, word=Overrule(given["word"]), reason=given["reason"])


@allowed(post=Who.WRITER)
def give_back(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.give_back)


@allowed(post=Who.WRITER)
def planned_work(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Whether the clock runs in spite of planned work on the service."""
    act = actions.run_through_work if request.POST.get("on") == "1" else actions.stand_still_again
    return _done(request, _ticket(request, public_id), act)


@allowed(post=Who.WRITER)
def rename(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), SubjectForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    return _done(request, ticket, actions.rename, subject=form.cleaned_data["subject"])


@allowed(post=Who.WRITER)
def queue(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), ChoiceForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    return _done(request, ticket, actions.set_queue, queue=found(queue_chosen(form.cleaned_data["chosen"])))


@allowed(post=Who.WRITER)
def service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), ChoiceForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    chosen = form.cleaned_data["chosen"]
    return _done(request, ticket, actions.set_service, service=found(service_chosen(chosen)) if chosen else None)


@allowed(post=Who.WRITER)
def customer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """By name or code; several that fit are told, so that a person can be more exact."""
    ticket, form = _ticket(request, public_id), CustomerForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    try:
        chosen = customer_chosen(form.cleaned_data["customer"])
    except Refused as refusal:
        messages.error(request, refusal.message)
        return back(request, _page_of(ticket))
    return _done(request, ticket, actions.set_customer, customer=chosen)


@allowed(post=Who.WRITER)
def tag(request: HttpRequest, public_id: UUID) -> HttpResponse:
    ticket, form = _ticket(request, public_id), TagForm(request.POST)
    if not form.is_valid():
        return _not_understood(request, ticket, form)
    return _done(request, ticket, actions.add_tag, name=form.cleaned_data["name"])


@allowed(post=Who.WRITER)
def untag(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.remove_tag, name=request.POST.get("name", ""))


@allowed(post=Who.WRITER)
def follow(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.follow)


@allowed(post=Who.WRITER)
def unfollow(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _done(request, _ticket(request, public_id), actions.unfollow)


def _ticket(request: HttpRequest, public_id: UUID) -> Ticket:
    return found(tickets.ticket_for(staff(request), public_id))


def _done(request: HttpRequest, ticket: Ticket, act: Callable[..., Any], **given: Any) -> HttpResponse:
    """One call, and back to where the person was."""
    with refusals_as_messages(request):
        act(ticket=ticket, by=staff(request), now=clock.now(), **given)
    return back(request, _page_of(ticket))


def _not_understood(request: HttpRequest, ticket: Ticket, form: Form) -> HttpResponse:
    for errors in form.errors.values():
        for error in errors:
            messages.error(request, str(error))
    return back(request, _page_of(ticket))


def _page_of(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.public_id])
