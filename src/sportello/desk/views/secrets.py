"""Secrets that contacts hand over: each is looked at once."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core.errors import Refused
from sportello.desk.acting import acting
from sportello.desk.forms.secrets import BlotForm
from sportello.desk.views.pages import found, layout_of
from sportello.privacy.actions import blot_out, look_at
from sportello.privacy.queries import drop_for
from sportello.tickets import queries as tickets
from sportello.tickets.queries.blotting import files_in


@allowed(get=Who.STAFF)
def drop(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What became of it; with the button that shows it, while it is there."""
    return _page(request, public_id)


@allowed(post=Who.WRITER)
def look(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The secret stands in this answer and nowhere else: it is gone when this is read."""
    row = found(drop_for(staff(request), public_id))
    try:
        secret = look_at(drop=row, **acting(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:drop", public_id)
    return _page(request, public_id, secret=secret)


@allowed(get=Who.WRITER, post=Who.WRITER)
def blot(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """What seems to be a secret in a message, to be taken away for good."""
    user = staff(request)
    message = found(tickets.message_for(user, public_id))
    form = BlotForm(
        request.POST if request.method == "POST" else None, message=message, files=files_in(user, message.ticket)
    )
    if form.is_bound and form.is_valid():
        with form.refusals():
            places = blot_out(ticket=message.ticket, **form.chosen(), **acting(request))
            messages.success(request, _("Blotted out for good, in %(places)d places.") % {"places": places})
            return redirect("desk:ticket", message.ticket.public_id)
    context = {"layout": layout_of(request), "message": message, "form": form}
    return render(request, "desk/secrets/blot.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, public_id: UUID, secret: str = "") -> HttpResponse:
    row = found(drop_for(staff(request), public_id))
    return render(request, "desk/secrets/drop.html", {"layout": layout_of(request), "drop": row, "secret": secret})
