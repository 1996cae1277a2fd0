"""A contact's tickets: the list, one of them, and an answer to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.core.paging import page_number
from sportello.customers.queries import MOST_COLLEAGUES, colleagues_of
from sportello.incidents.known import known_to
from sportello.portal.apart import Parted, has_to_choose, parted
from sportello.portal.forms import RatingForm, ReplyForm
from sportello.portal.held import Picked, keep, picked
from sportello.portal.lines import hit_lines, message_lines, service_lines, ticket_lines
from sportello.portal.middleware import signed_in, writing
from sportello.portal.templatetags.portal import is_late, promise, who_is_on
from sportello.services.queries import services_to_choose
from sportello.tickets import actions, queries
from sportello.tickets.enums import Channel
from sportello.tickets.queries.search import LONGEST_TEXT
from sportello.tickets.rules import FINISHED, FollowUp, reopen_or_follow_up

if TYPE_CHECKING:
    from sportello.customers.models import Contact
    from sportello.tickets.models import HeldFile, Ticket
    from sportello.tickets.queries import PublicTicket

PAGE = 25
OPEN = 25
SERVICES = 12
FOUND = 50
MESSAGES = Limit("portal-message", most=60, within=timedelta(hours=1))
SEARCHES = Limit("portal-search", most=60, within=timedelta(minutes=5))
SENDINGS = Limit("portal-sending", most=1, within=timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent and refused: it stands on the page again. `has_to_choose` is whether something in it looks like a secret."""

    reply: ReplyForm = field(default_factory=ReplyForm)
    rating: RatingForm | None = None
    has_to_choose: bool = False
    held: list[HeldFile] = field(default_factory=list)


@allowed(get=Who.CONTACT)
def home(request: HttpRequest) -> HttpResponseBase:
    """What is open and what happens next with it, the services, and how the promise was kept."""
    contact, now = signed_in(request), clock.now()
    open_ones = queries.open_of(contact, limit=OPEN + 1)
    services = services_to_choose(contact, limit=SERVICES + 1)
    context = {
        "known": known_to(contact, now),
        "lines": ticket_lines(open_ones[:OPEN], now=now),
        "services": service_lines(services[:SERVICES], contact),
        "has_more_services": len(services) > SERVICES,
        "kept": queries.promise_at_a_glance(now),
        "now": now,
    }
    return render(request, "portal/home.html", context)


@allowed(get=Who.CONTACT)
def every(request: HttpRequest) -> HttpResponseBase:
    """All of them, the newest first; what waits for the customer is said on the row."""
    contact, number, now = signed_in(request), page_number(request.GET.get("page", "")), clock.now()
    found = queries.newest_of(contact, start=(number - 1) * PAGE, limit=PAGE + 1)
    context = {
        "lines": ticket_lines(found[:PAGE], now=now),
        "newer": f"?page={number - 1}" if number > 1 else "",
        "older": f"?page={number + 1}" if len(found) > PAGE else "",
        "now": now,
    }
    return render(request, "portal/requests.html", context)


@allowed(get=Who.CONTACT)
def search(request: HttpRequest) -> HttpResponseBase:
    """In the subjects and public messages of the contact's own tickets."""
    contact, text = signed_in(request), request.GET.get("q", "").strip()[:LONGEST_TEXT]
    if text and not SEARCHES.take(str(contact.pk), now=clock.now()):
        return too_often(request, SEARCHES)
    hits = queries.search_public(contact, text, FOUND) if text else []
    return render(request, "portal/search.html", {"text": text, "lines": hit_lines(hits)})


@allowed(get=Who.CONTACT)
def detail(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = signed_in(request)
    ticket = queries.public_ticket(contact, public_id)
    if ticket is None:  # but it may have been joined to another one
        return redirect("portal:ticket", public_id=ticket_of(contact, public_id).public_id)
    return _page(request, contact, ticket, Typed())


@allowed(post=Who.CONTACT)
def reply(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact, now = signed_in(request), clock.now()
    ticket = ticket_of(contact, public_id)
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return again(request, contact, ticket, Typed(form), status=422)
    if has_to_choose(request, form.cleaned_data["text"]):
        return again(request, contact, ticket, Typed(form, has_to_choose=True), status=422)
    if not MESSAGES.take(str(contact.pk), now=now):
        form.add_error(None, gettext("That was a great many messages. Try again in an hour."))
        return again(request, contact, ticket, Typed(form), status=429)
    try:
        with SENDINGS.trying(form.sending(), now=now) as is_new:
            if not is_new:
                return redirect("portal:ticket", public_id=ticket.public_id)
            said = parted(request, form.cleaned_data["text"])
            with writing(request, ticket):
                written_to = _write(contact, ticket, said, picked(request, contact), now)
    except Refused as refused:
        form.add_error(None, refused.message)
        return again(request, contact, ticket, Typed(form), status=409)
    messages.success(request, gettext("Your message has arrived."))
    return redirect("portal:ticket", public_id=written_to.public_id)


def ticket_of(contact: Contact, public_id: UUID) -> Ticket:
    """One answer for what is not there and for what is somebody else's."""
    ticket = queries.ticket_of_contact(contact, public_id)
    if ticket is None:
        raise Http404
    return ticket


def _write(contact: Contact, ticket: Ticket, said: Parted, files: Picked, now: datetime) -> Ticket:
    """Add to the ticket, or open the one that follows it when it was closed too long ago, in the caller's transaction; returns which."""
    text, attachments = said.text, files.files
    if isinstance(reopen_or_follow_up(ticket, now), FollowUp):
        ticket = actions.open_ticket(
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
            attachments=attachments,
        )
    else:
        actions.add_message(
            ticket=ticket, text=text, now=now, contact=contact, channel=Channel.PORTAL, attachments=attachments
        )
    files.let_go()
    said.hand_over(ticket, contact, now)
    return ticket


def again(request: HttpRequest, contact: Contact, ticket: Ticket, typed: Typed, *, status: int) -> HttpResponseBase:
    """The page with what was typed and picked, and what is wrong with it."""
    shown = queries.public_ticket(contact, ticket.public_id)
    if shown is None:
        raise Http404
    return _page(request, contact, shown, replace(typed, held=keep(request, contact, clock.now())), status=status)


def _page(
    request: HttpRequest,
    contact: Contact,
    ticket: PublicTicket,
    typed: Typed,
    *,
    status: int = 200,
) -> HttpResponseBase:
    now, readers, colleagues = clock.now(), queries.readers_of(ticket), colleagues_of(contact)
    context = {
        "ticket": ticket,
        "promise": promise(ticket, now, behind_outage=is_late(ticket, now) and queries.is_outage_ahead()),
        "who": who_is_on(ticket),
        "readers": readers,
        "colleagues": [each for each in colleagues if each not in readers],
        "has_many_colleagues": len(colleagues) > MOST_COLLEAGUES,
        "may_close": ticket.status not in FINISHED and queries.may_close(contact, ticket),
        "rating": typed.rating or (_rating_form(contact, ticket) if ticket.is_answered else None),
        "lines": message_lines(queries.public_messages(contact, ticket.pk), contact),
        "form": typed.reply,
        "has_to_choose": typed.has_to_choose,
        "held": typed.held,
        "contact": contact,
        "kept": queries.promise_at_a_glance(now),
        "now": now,
    }
    return render(request, "portal/ticket.html", context, status=status)


def _rating_form(contact: Contact, ticket: PublicTicket) -> RatingForm:
    """With what this contact said before."""
    said = queries.rating_of(contact, ticket.pk)
    return RatingForm(initial={"verdict": said.verdict, "text": said.text} if said else None)
