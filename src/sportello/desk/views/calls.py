"""A call, taken down in seconds: who it is, and what was said [reach.phone]."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.queries import contact_by_id
from sportello.desk.acting import acting
from sportello.desk.calls import caller, likely
from sportello.desk.forms.calls import CallForm, ExtensionForm, PinForm, UnknownCallForm
from sportello.desk.forms.entry import searched
from sportello.desk.shell import shell_for
from sportello.desk.views.pages import found, layout_of, refusals_as_messages
from sportello.telephone import actions, queries
from sportello.telephone.enums import PinAnswer
from sportello.telephone.queries import callers_found, extension_number, latest_calls

if TYPE_CHECKING:
    from sportello.telephone.actions import Logged

SENDINGS = Limit("desk-call", most=1, within=timedelta(days=1))


@allowed(get=Who.WRITER)
def new_call(request: HttpRequest) -> HttpResponse:
    """Who is calling? Found as it is typed, by number or name."""
    q, user = searched(request.GET.dict()), staff(request)
    shown = {"q": q, "callers": callers_found(q), "shell": shell_for(user, path=request.path, now=clock.now())}
    told = {"latest": latest_calls(), "extension": extension_number(user)} if settings.TELEPHONE_SECRET else {}
    return _page(request, "desk/calls/find.html", {**shown, **told})


@allowed(get=Who.STAFF, background=True)
def calls_now(request: HttpRequest) -> HttpResponse:
    """Who is calling, before it is picked up."""
    user = staff(request)
    context = {"calls": queries.calls_now(user, now=clock.now()), "may_write": can_write(user)}
    return render(request, "desk/calls/now.html", context)


@allowed(post=Who.WRITER)
def extension(request: HttpRequest) -> HttpResponseBase:
    """Where the telephone system rings this person."""
    form = ExtensionForm(request.POST)
    if form.is_valid():
        with refusals_as_messages(request):
            actions.set_extension(user=staff(request), number=form.cleaned_data["number"])
            messages.success(request, _("Saved."))
    else:
        messages.error(request, _("An extension is written with digits and letters."))
    return redirect("desk:new-call")


@allowed(get=Who.WRITER, post=Who.WRITER)
def call(request: HttpRequest, contact_id: UUID) -> HttpResponseBase:
    user, now = staff(request), clock.now()
    about = caller(user, found(contact_by_id(contact_id)), now=now)
    form = CallForm(request.POST or None, caller=about, initial={"number": searched(request.GET.dict(), "number")})
    if form.is_bound and form.is_valid():
        try:
            with SENDINGS.trying(str(form.cleaned_data["once"]), now=now) as is_new:
                if not is_new:
                    return _twice(request)
                logged = actions.log_call(contact=about.contact, said=form.said(), by=user, now=now)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _what_happens(logged))
            return redirect("desk:ticket", logged.ticket.public_id)
    return _page(request, "desk/calls/call.html", {"about": about, "form": form, "pin": PinForm()}, form)


@allowed(get=Who.WRITER, post=Who.WRITER)
def unknown(request: HttpRequest) -> HttpResponseBase:
    """Somebody whom nobody knows."""
    user, now = staff(request), clock.now()
    form = UnknownCallForm(request.POST or None, initial={"number": searched(request.GET.dict(), "number")})
    if form.is_bound and form.is_valid():
        with SENDINGS.trying(str(form.cleaned_data["once"]), now=now) as is_new:
            if not is_new:
                return _twice(request)
            ticket = actions.log_unknown_call(name=form.cleaned_data["name"], said=form.said(), by=user, now=now)
        messages.success(request, _("Taken down. No mail goes out: call back at the number."))
        return redirect("desk:ticket", ticket.public_id)
    return _page(request, "desk/calls/unknown.html", {"form": form}, form)


@allowed(post=Who.WRITER)
def pin(request: HttpRequest, contact_id: UUID) -> HttpResponseBase:
    """Staff type what the caller says, and learn whether it is right; the right one is shown to nobody."""
    contact, form = found(contact_by_id(contact_id)), PinForm(request.POST)
    said = form.cleaned_data["pin"] if form.is_valid() else ""
    match actions.check_pin(contact=contact, said=said, **acting(request)):
        case PinAnswer.RIGHT:
            messages.success(request, _("The PIN is right: this call is verified."))
        case PinAnswer.WRONG:
            messages.error(request, _("The PIN is wrong, or too old. A new one is made in the customer area."))
        case PinAnswer.SHUT:
            messages.error(
                request, _("This was tried too often. The caller can make a new PIN in the customer area, or write.")
            )
    return redirect("desk:call", contact_id)


@allowed(post=Who.WRITER, background=True)
def same(request: HttpRequest, contact_id: UUID) -> HttpResponse:
    """Which open tickets it may be, as it is taken down."""
    about = caller(staff(request), found(contact_by_id(contact_id)), now=clock.now())
    return render(request, "desk/calls/same.html", {"maybes": likely(about, request.POST, now=clock.now())})


def _what_happens(logged: Logged) -> str:
    if logged.was_joined:
        return _(
            "Taken down, and added to this ticket: it is certainly the same problem. It can be taken apart beside it."
        )
    if logged.receipt is not None:
        return _("Taken down. A mail about it goes to %(address)s.") % {"address": logged.receipt.to}
    return _("Taken down. No mail goes out: there is no address, or one went out within the hour.")


def _twice(request: HttpRequest) -> HttpResponseBase:
    messages.info(request, _("This call was taken down already."))
    return redirect("desk:queue")


def _page(request: HttpRequest, template: str, context: dict[str, Any], form: Any = None) -> HttpResponse:
    wrong = form is not None and form.errors
    return render(request, template, {"layout": layout_of(request), **context}, status=422 if wrong else 200)
