"""Incidents: the list, each with its tickets and what is said of it, and what looks like one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.paging import Place
from sportello.desk import incidents as shown
from sportello.desk.acting import acting
from sportello.desk.forms.incidents import IncidentForm, IncidentNoteForm, NewIncidentForm, UpdateForm
from sportello.desk.views.pages import back, found, layout_of, refusals_as_messages
from sportello.incidents import actions
from sportello.incidents.enums import IncidentState
from sportello.incidents.queries import pages
from sportello.services.queries import server_by_id, service_by_id
from sportello.tickets.queries import ticket_for

if TYPE_CHECKING:
    from sportello.incidents.models import Incident


@allowed(get=Who.STAFF)
def incidents(request: HttpRequest) -> HttpResponse:
    page = shown.incidents_page(staff(request), Place.of(request.GET.dict()))
    return _page(request, "desk/incidents/list.html", {"shown": page, "page": page.page})


@allowed(get=Who.STAFF)
def incident(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = _incident(request, public_id)
    return _incident_page(request, row, _update_form(row))


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_incident(request: HttpRequest) -> HttpResponseBase:
    """Filled in already with the server, service or ticket that it is opened from."""
    form = NewIncidentForm(request.POST) if request.method == "POST" else NewIncidentForm(initial=_begun(request))
    if form.is_bound and form.is_valid():
        with form.refusals():
            opened = actions.open_incident(opening=form.entered(), **acting(request))
            return redirect("desk:incident", opened.public_id)
    context = {"form": form, "title": _("New incident")}
    return _page(request, "desk/incidents/form.html", context, status=422 if form.errors else 200)


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_incident(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = _incident(request, public_id)
    form = IncidentForm(request.POST) if request.method == "POST" else IncidentForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_incident(incident=row, **form.entered(), **acting(request))
            messages.success(request, _("Saved."))
            return redirect("desk:incident", public_id)
    context = {"form": form, "title": _("Change the incident"), "incident": row}
    return _page(request, "desk/incidents/form.html", context, status=422 if form.errors else 200)


@allowed(post=Who.WRITER)
def update(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """First shown as its readers get it, with how many they are; sent only from there."""
    row, form = _incident(request, public_id), UpdateForm(request.POST)
    if form.is_valid() and "send" in request.POST:
        with form.refusals():
            version = form.cleaned_data["version"]
            actions.post_update(incident=row, said=form.entered(), seen_version=version, **acting(request))
            messages.success(request, _("It is on its way to everybody who has written."))
            return redirect("desk:incident", public_id)
    if not form.is_valid():
        return _incident_page(request, row, form, status=422)
    return _preview(request, row, form)


@allowed(post=Who.WRITER)
def note(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row, form = _incident(request, public_id), IncidentNoteForm(request.POST)
    with refusals_as_messages(request):
        text = form.cleaned_data["text"] if form.is_valid() else ""
        actions.add_note(incident=row, text=text, by=staff(request), now=clock.now())
    return redirect("desk:incident", public_id)


@allowed(post=Who.WRITER)
def unlink(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    row = _incident(request, public_id)
    link = found(pages.link_by_id(staff(request), row, pk))
    with refusals_as_messages(request):
        actions.unlink_ticket(link=link, **acting(request))
        words = _("#%(number)s is no longer under it; its clocks run as if it had never been.")
        messages.success(request, words % {"number": link.ticket.number})
    return back(request, request.path.partition("gathered/")[0])


@allowed(post=Who.WRITER)
def unlink_all(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = _incident(request, public_id)
    with refusals_as_messages(request):
        count = actions.unlink_all(incident=row, **acting(request))
        messages.success(
            request,
            ngettext("%(count)d ticket was taken out.", "%(count)d tickets were taken out.", count) % {"count": count},
        )
    return redirect("desk:incident", public_id)


@allowed(post=Who.WRITER)
def open_proposal(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """One click: with a text that is true as it stands, and can be followed by a better one."""
    proposal = found(pages.proposal_by_id(staff(request), public_id))
    since = pages.since_of(staff(request), proposal)
    begun = shown.suggested([proposal.server], [], since=since, now=clock.now())
    opened = actions.open_incident(
        opening=actions.Opening(**{**begun, "services": []}), proposal=proposal, **acting(request)
    )
    return redirect("desk:incident", opened.public_id)


@allowed(post=Who.WRITER)
def set_aside(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    proposal = found(pages.proposal_by_id(staff(request), public_id))
    with refusals_as_messages(request):
        actions.set_aside(proposal=proposal, **acting(request))
        messages.success(
            request, _("Set aside: it does not come back within the hour, unless far more customers write.")
        )
    return back(request, "/desk/incidents/")


@allowed(post=Who.WRITER)
def put_under(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """A ticket whose service is hit, and which only a person can say is about it."""
    user, ticket = staff(request), found(ticket_for(staff(request), public_id))
    row = found(_of_uuid(request.POST.get("incident", ""), partial(pages.incident_by_id, user)))
    with refusals_as_messages(request):
        actions.link_ticket(incident=row, ticket=ticket, **acting(request))
    return back(request, reverse("desk:ticket", args=[public_id]))


@allowed(post=Who.WRITER)
def take_out(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    user, ticket = staff(request), found(ticket_for(staff(request), public_id))
    link = found(pages.link_of_ticket(user, ticket))
    with refusals_as_messages(request):
        actions.unlink_ticket(link=link, **acting(request))
    return redirect("desk:ticket", public_id)


def _incident(request: HttpRequest, public_id: UUID) -> Incident:
    return found(pages.incident_by_id(staff(request), public_id))


def _begun(request: HttpRequest) -> dict[str, Any]:
    servers, services, since = [], [], clock.now()
    if (key := request.GET.get("server", "")).isdecimal() and (server := server_by_id(int(key[:9]))):
        servers.append(server)
    if (service := _of_uuid(request.GET.get("service", ""), service_by_id)) is not None:
        services.append(service)
    ticket = _of_uuid(request.GET.get("ticket", ""), partial(ticket_for, staff(request)))
    if ticket is not None:
        since = ticket.opened_at
        if ticket.service is not None and ticket.service.server is not None:
            servers.append(ticket.service.server)
        elif ticket.service is not None:
            services.append(ticket.service)
    return shown.suggested(servers, services, since=since, now=clock.now())


def _of_uuid(written: str, read: Any) -> Any:
    try:
        return read(UUID(written))
    except ValueError:
        return None


def _update_form(row: Incident) -> UpdateForm:
    return UpdateForm(
        initial={
            "state": IncidentState.WATCHING if row.is_over else row.state,
            "impact": row.impact,
            "version": row.version,
            "next_update_at": row.next_update_at if row.next_update_at and row.next_update_at > clock.now() else None,
        }
    )


def _incident_page(request: HttpRequest, row: Incident, form: UpdateForm, *, status: int = 200) -> HttpResponse:
    page = shown.incident_page(staff(request), row)
    context = {"incident": row, "shown": page, "form": form, "reach": shown.reach_words(page.reach)}
    return _page(request, "desk/incidents/detail.html", context, status=status)


def _preview(request: HttpRequest, row: Incident, form: UpdateForm) -> HttpResponse:
    reach = pages.reach_of(staff(request), row)
    context = {
        "incident": row,
        "form": form,
        "reach": reach,
        "reach_words": shown.reach_words(reach),
        "previews": shown.preview_of(row, form.entered(), pages.number_under(staff(request), row)),
        "solves": form.entered().state == IncidentState.SOLVED,
        "hidden": {name: form.data.get(name, "") for name in form.fields},
    }
    return _page(request, "desk/incidents/preview.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"layout": layout_of(request), "may_write": can_write(staff(request))}
    return render(request, template, {**shared, **context}, status=status)
