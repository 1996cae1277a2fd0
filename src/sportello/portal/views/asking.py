"""A new request: written on one page, kept while it is written, sent once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.queries import may_open_anywhere
from sportello.incidents.known import known_to
from sportello.intake.actions import ask_in_portal
from sportello.portal.apart import Parted, has_to_choose, parted
from sportello.portal.asking import chosen_service, new_page, sought
from sportello.portal.forms import OTHER, DraftForm, NewForm, SameForm
from sportello.portal.held import Picked, keep, picked
from sportello.portal.middleware import signed_in, writing
from sportello.portal.same import add_to, answer_in, asked_in, lines_of, remember_other
from sportello.portal.views.tickets import MESSAGES, ticket_of
from sportello.tickets.actions import discard_request_draft, save_request_draft
from sportello.tickets.enums import Claim
from sportello.tickets.queries import Written, request_draft_of

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.duplicates.queries import Candidate
    from sportello.portal.lines import TicketLine
    from sportello.tickets.models import HeldFile, Ticket

REQUESTS = Limit("portal-request", most=30, within=timedelta(hours=1))
SENDINGS = Limit("portal-request-sending", most=1, within=timedelta(days=1))


@allowed(get=Who.CONTACT, post=Who.CONTACT)
def new(request: HttpRequest) -> HttpResponseBase:
    """The page; and, without the script too, its three buttons: look for a service, throw the draft away, send."""
    contact = signed_in(request)
    if not may_open_anywhere(contact):
        return render(request, "portal/may_not_open.html", status=403)
    if request.method == "GET":
        return _page(request, contact, request_draft_of(contact) or Written(service=request.GET.get("service", "")))
    match request.POST.get("act"):
        case "find":
            return _page(
                request,
                contact,
                _written(request),
                find=sought(request.POST.get("find", "")),
                held=_kept(request, contact),
            )
        case "discard":
            discard_request_draft(contact=contact)
            return redirect("portal:new")
    return _send(request, contact)


@allowed(post=Who.CONTACT)
def draft(request: HttpRequest) -> HttpResponseBase:
    """What the script saves as somebody writes."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    given = form.cleaned_data
    with writing(request) as contact:
        save_request_draft(
            contact=contact, service=given["service"], claim=given["claim"], text=given["text"], now=clock.now()
        )
    return HttpResponse(status=204)


def _send(request: HttpRequest, contact: Contact) -> HttpResponseBase:
    target = answer_in(request)
    if isinstance(target, UUID):
        return _add(request, contact, ticket_of(contact, target))
    form, now = NewForm(request.POST, request.FILES), clock.now()
    form.full_clean()
    chosen = form.cleaned_data.get("service", OTHER)
    if chosen != OTHER and chosen_service(contact, chosen) is None:
        form.add_error("service", gettext("Choose what it is about."))
    to_choose = has_to_choose(request, form.cleaned_data.get("text", ""))
    if to_choose or not form.is_valid():
        return _again(request, contact, form, has_to_choose=to_choose, status=422)
    others = asked_in(request, contact, now)
    if others and target != OTHER and SENDINGS.left(form.sending(), now=now):
        return _again(request, contact, form, same=lines_of(contact, others, now), status=200)
    return _open_once(request, contact, form, others)


def _open_once(request: HttpRequest, contact: Contact, form: NewForm, others: list[Candidate]) -> HttpResponseBase:
    """Opens the request, however often this sending is repeated. `others` were just said to be another problem."""
    once, now = form.sending(), clock.now()
    if SENDINGS.left(once, now=now) and not REQUESTS.take(str(contact.pk), now=now):
        form.add_error(None, gettext("That was a great many requests. Try again in an hour."))
        return _again(request, contact, form, status=429)
    try:
        with SENDINGS.trying(once, now=now) as is_new:
            if not is_new:
                return redirect("portal:home")
            if others:
                remember_other(request, contact, others, now)
            with writing(request):
                ticket = _open(contact, form, _parted(request, form), picked(request, contact), now)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _again(request, contact, form, status=409)
    messages.success(
        request, gettext("Your request has arrived. It has the number #%(number)s.") % {"number": ticket.number}
    )
    return redirect("portal:ticket", public_id=ticket.public_id)


def _add(request: HttpRequest, contact: Contact, ticket: Ticket) -> HttpResponseBase:
    """What was written goes to that ticket: no second request is opened, and the draft is used up."""
    form, now = SameForm(request.POST, request.FILES), clock.now()
    if not form.is_valid():
        return _again(request, contact, form, status=422)
    if has_to_choose(request, form.cleaned_data["text"]):
        return _again(request, contact, form, has_to_choose=True, status=422)
    if not MESSAGES.take(str(contact.pk), now=now):
        form.add_error(None, gettext("That was a great many messages. Try again in an hour."))
        return _again(request, contact, form, status=429)
    try:
        with SENDINGS.trying(form.sending(), now=now) as is_new:
            if is_new:
                with writing(request):
                    add_to(ticket, request, contact, _parted(request, form), picked(request, contact), now)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _again(request, contact, form, status=409)
    if is_new:
        messages.success(request, gettext("Added to your request #%(number)s.") % {"number": ticket.number})
    return redirect("portal:ticket", public_id=ticket.public_id)


def _open(contact: Contact, form: NewForm, said: Parted, files: Picked, now: datetime) -> Ticket:
    given = form.cleaned_data
    ticket = ask_in_portal(
        contact=contact,
        service=chosen_service(contact, given["service"]),
        claim=Claim(given["claim"]),
        text=said.text,
        files=files.files,
        now=now,
    )
    files.let_go()
    said.hand_over(ticket, contact, now)
    return ticket


def _parted(request: HttpRequest, form: NewForm) -> Parted:
    given = form.cleaned_data
    return parted(request, given["text"], secret=given["secret"], label=given["secret_label"])


def _kept(request: HttpRequest, contact: Contact) -> list[HeldFile]:
    return keep(request, contact, clock.now())


def _written(request: HttpRequest) -> Written:
    return Written(*(request.POST.get(name, "") for name in ("service", "claim", "text")))


def _again(
    request: HttpRequest,
    contact: Contact,
    form: NewForm,
    *,
    has_to_choose: bool = False,
    same: Sequence[TicketLine] = (),
    status: int,
) -> HttpResponseBase:
    """What was picked stands on the page again; a secret that was written apart does not, and that is said."""
    errors = {name: str(found[0]) for name, found in form.errors.items() if found}
    if request.POST.get("secret"):
        errors.setdefault("secret", gettext("The secret is not put back into the page: write it again."))
    return _page(
        request,
        contact,
        _written(request),
        errors=errors,
        has_to_choose=has_to_choose,
        same=same,
        held=_kept(request, contact),
        status=status,
    )


def _page(
    request: HttpRequest,
    contact: Contact,
    written: Written,
    *,
    find: str = "",
    errors: dict[str, str] | None = None,
    has_to_choose: bool = False,
    same: Sequence[TicketLine] = (),
    held: Sequence[HeldFile] = (),
    status: int = 200,
) -> HttpResponseBase:
    now = clock.now()
    page = new_page(
        contact, written, now=now, find=find, errors=errors, has_to_choose=has_to_choose, same=same, held=held
    )
    return render(request, "portal/new.html", {"new": page, "known": known_to(contact, now), "now": now}, status=status)
