"""A contact's tickets: the list, one of them, and an answer to it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.portal.forms import ReplyForm
from sportello.portal.middleware import signed_in
from sportello.tickets import actions, queries
from sportello.tickets.actions.following import stop_following
from sportello.tickets.enums import Channel
from sportello.tickets.queries.search import LONGEST_TEXT
from sportello.tickets.rules import FollowUp, reopen_or_follow_up

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import Ticket

PAGE = 25
FOUND = 50
MESSAGES = Limit("portal-message", most=60, within=timedelta(hours=1))
SEARCHES = Limit("portal-search", most=60, within=timedelta(minutes=5))
SENDINGS = Limit("portal-sending", most=1, within=timedelta(days=1))


@allowed(get=Who.CONTACT)
def home(request: HttpRequest) -> HttpResponseBase:
    """The newest first; what waits for the customer is said on the row."""
    visible = queries.visible_to(signed_in(request)).filter(merged_into=None).order_by("-updated_at", "-id")
    page = Paginator(visible, PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/home.html", {"page": page, "kept": queries.promise(clock.now())})


@allowed(get=Who.CONTACT)
def search(request: HttpRequest) -> HttpResponseBase:
    """In the subjects and public messages of the contact's own tickets."""
    contact, text = signed_in(request), request.GET.get("q", "").strip()[:LONGEST_TEXT]
    if text and not SEARCHES.take(str(contact.pk), now=clock.now()):
        return render(request, "429.html", status=429)
    hits = queries.search_public(contact, text, FOUND) if text else []
    return render(request, "portal/search.html", {"text": text, "hits": hits})


@allowed(get=Who.CONTACT)
def detail(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    ticket = _ticket(contact, public_id)
    if ticket.public_id != public_id:  # it was joined to this one
        return redirect("portal:ticket", public_id=ticket.public_id)
    return _page(request, contact, ticket, ReplyForm())


@allowed(post=Who.CONTACT)
def reply(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact, now = signed_in(request), clock.now()
    ticket = _ticket(contact, public_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _page(request, contact, ticket, form, status=422)
    if not MESSAGES.take(str(contact.pk), now=now):
        form.add_error(None, gettext("That was a great many messages. Try again in an hour."))
        return _page(request, contact, ticket, form, status=429)
    if not SENDINGS.take(str(form.cleaned_data["once"]), now=now):
        return redirect("portal:ticket", public_id=ticket.public_id)
    try:
        written_to = _write(contact, ticket, form.cleaned_data["text"], now)
    except Refused as refused:
        SENDINGS.give_back(str(form.cleaned_data["once"]), now=now)
        form.add_error(None, refused.message)
        return _page(request, contact, ticket, form, status=409)
    messages.success(request, gettext("Your message has arrived."))
    return redirect("portal:ticket", public_id=written_to.public_id)


@allowed(post=Who.CONTACT)
def unfollow(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    ticket = _ticket(contact, public_id)
    try:
        stop_following(ticket=ticket, contact=contact, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:ticket", public_id=ticket.public_id)
    messages.success(request, gettext("You do not follow this request any more."))
    return redirect("portal:home")


def _ticket(contact: Contact, public_id: UUID) -> Ticket:
    """One answer for what is not there and for what is somebody else's."""
    ticket = queries.ticket_of_contact(contact, public_id)
    if ticket is None:
        raise Http404
    return ticket


def _write(contact: Contact, ticket: Ticket, text: str, now: datetime) -> Ticket:
    """Add to the ticket, or open the one that follows it when it was closed too long ago; returns which."""
    if isinstance(reopen_or_follow_up(ticket, now), FollowUp):
        return actions.open_ticket(
            subject=ticket.subject,
            text=text,
            contact=contact,
            queue=ticket.queue,
            channel=Channel.PORTAL,
            now=now,
            mailbox=ticket.mailbox,
            service=ticket.service,
            language=contact.language,
            follow_up_of=ticket,
        )
    actions.add_message(ticket=ticket, text=text, now=now, contact=contact, channel=Channel.PORTAL)
    return ticket


def _page(
    request: HttpRequest, contact: Contact, ticket: Ticket, form: ReplyForm, *, status: int = 200
) -> HttpResponseBase:
    context = {
        "ticket": ticket,
        "messages_of_ticket": queries.public_messages(contact, ticket),
        "form": form,
        "contact": contact,
        "kept": queries.promise(clock.now()),
    }
    return render(request, "portal/ticket.html", context, status=status)
