"""To hear when an outage is over, without typing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.incidents.known import outage_of, ticket_under
from sportello.intake.actions import ask_in_portal
from sportello.portal.middleware import signed_in
from sportello.tickets.enums import Claim

if TYPE_CHECKING:
    from sportello.incidents.models import Incident

TOLD = Limit("portal-tell-me", most=1, within=timedelta(hours=1))


@allowed(post=Who.CONTACT)
def tell_me(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A ticket about the first of their services that is hit: the incident takes it up, and tells what it tells all the others. Twice is once."""
    contact, now = signed_in(request), clock.now()
    found = outage_of(contact, public_id)
    if found is None:
        raise Http404
    incident, service = found
    before = ticket_under(contact, incident)
    if before is not None:
        return redirect("portal:ticket", public_id=before)
    key = f"{contact.pk} {incident.pk}"
    if not TOLD.take(key, now=now):
        return redirect("portal:home")
    try:
        ticket = ask_in_portal(
            contact=contact,
            service=service,
            claim=Claim.NOTHING_OPENS,
            text=_words(incident),
            files=(),
            now=now,
            keeps_draft=True,
        )
    except Refused as refused:
        TOLD.give_back(key, now=now)
        messages.error(request, refused.message)
        return redirect("portal:home")
    messages.success(request, gettext("You will be told here and by mail what happens, and when it is solved."))
    return redirect("portal:ticket", public_id=ticket.public_id)


def _words(incident: Incident) -> str:
    title = incident.title_it if get_language() == "it" else incident.title_en
    return gettext("Please tell me when this is solved: %(title)s") % {"title": title}
