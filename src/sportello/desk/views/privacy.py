"""What is kept of a person: packed, or erased; and how long everything is kept. For administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, proven, staff
from sportello.accounts.enums import Who
from sportello.core import clock, files
from sportello.customers.queries import contact_by_id
from sportello.desk.acting import acting
from sportello.desk.erasure import WORDS
from sportello.desk.forms.privacy import EraseForm, KeepForm, RetentionForm
from sportello.desk.views.pages import found, layout_of, refusals_as_messages, settings_page
from sportello.privacy import actions
from sportello.privacy.enums import Ground, Kept
from sportello.privacy.queries import download_for, downloads_of, erasure_of, tickets_with_grounds
from sportello.tickets.queries import ticket_for

if TYPE_CHECKING:
    from sportello.customers.models import Contact


@allowed(get=Who.ADMIN)
def person(request: HttpRequest, public_id: UUID) -> HttpResponse:
    contact = found(contact_by_id(public_id))
    context = {"layout": layout_of(request), "contact": contact, "downloads": downloads_of(contact)}
    return render(request, "desk/privacy/person.html", context)


@allowed(post=Who.ADMIN)
def ask(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    contact = found(contact_by_id(public_id))
    with refusals_as_messages(request):
        actions.ask_for_data(contact=contact, with_notes=request.POST.get("with_notes") == "1", **acting(request))
        messages.success(request, _("It is being packed; look here again in a moment."))
    return redirect("desk:person-data", public_id)


@allowed(get=Who.ADMIN)
def fetch(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    download = found(download_for(staff(request), public_id))
    try:
        content = files.open_file(download.sha256)
    except files.FileMissing:
        raise Http404 from None
    actions.note_fetched(download=download, **acting(request))
    return FileResponse(content, as_attachment=True, filename="data.zip", content_type="application/zip")


@allowed(get=Who.ADMIN, post=Who.ADMIN)
@proven
def erase(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """What would go and what would stay; once its name was typed, the doing; and what was done. A job does all of it, as long as it takes."""
    contact = found(contact_by_id(public_id))
    if request.POST.get("look") == "1":
        with refusals_as_messages(request):
            actions.look_at_erasure(contact=contact, by=staff(request), now=clock.now())
        return redirect("desk:erase-person", public_id)
    form = EraseForm(request.POST if request.method == "POST" else None, contact=contact)
    if form.is_bound and form.is_valid():
        with refusals_as_messages(request):
            actions.begin_erasure(contact=contact, **acting(request))
        return redirect("desk:erase-person", public_id)
    return _plan(request, contact, form)


@allowed(post=Who.ADMIN)
def keep(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """That the words of a ticket have to stay, or no longer."""
    ticket = found(ticket_for(staff(request), public_id))
    form = KeepForm(request.POST)
    if form.is_valid():
        ground = form.cleaned_data["ground"]
        actions.keep_ticket(ticket=ticket, ground=Ground(ground) if ground else None, **acting(request))
    return redirect("desk:erase-person", ticket.contact.public_id)


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def retention(request: HttpRequest) -> HttpResponseBase:
    """How long each kind is kept, and what the next night will take away."""
    due = actions.what_is_due(now=clock.now())
    form = RetentionForm(request.POST if request.method == "POST" else None, due=due)
    if form.is_bound and form.is_valid():
        for kind in Kept:
            actions.set_retention(kind=kind, days=form.cleaned_data[kind.name.lower()], **acting(request))
        messages.success(request, _("Saved."))
        return redirect("desk:retention")
    lines = [(each, form[each.kind.name.lower()]) for each in due]
    return settings_page(
        request, "desk/privacy/retention.html", {"form": form, "lines": lines}, status=422 if form.errors else 200
    )


def _plan(request: HttpRequest, contact: Contact, form: EraseForm) -> HttpResponse:
    plan = erasure_of(contact)
    context = {
        "layout": layout_of(request),
        "contact": contact,
        "form": form,
        "plan": plan,
        "gone": [(WORDS.get(kind, kind), number) for kind, number in (plan.counts if plan else {}).items()],
        "stays": [(number, Ground(ground).label) for number, ground in (plan.stays if plan else [])],
        "tickets": tickets_with_grounds(contact),
        "grounds": Ground.choices,
    }
    return render(request, "desk/privacy/erase.html", context, status=422 if form.errors else 200)
