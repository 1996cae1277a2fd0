"""Planned maintenance: what is to come and what was, who was told, and the form it is planned with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.paging import Place
from sportello.desk.acting import acting
from sportello.desk.forms.maintenance import MaintenanceForm
from sportello.desk.views.pages import found, layout_of, refusals_as_messages
from sportello.incidents.planned import actions, queries


@allowed(get=Who.STAFF)
def every(request: HttpRequest) -> HttpResponse:
    return _page(request, "list", {"page": queries.maintenance_page(place=Place.of(request.GET.dict()))})


@allowed(get=Who.STAFF)
def detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = found(queries.maintenance_by_id(public_id))
    services, customers = queries.how_many_hit(row)
    context = {
        "maintenance": row,
        "notices": queries.notices_of(row),
        "services_hit": services,
        "customers_hit": customers,
        "address": settings.STATUS_URL,
    }
    return _page(request, "detail", context)


@allowed(get=Who.WRITER, post=Who.WRITER)
def new(request: HttpRequest) -> HttpResponseBase:
    form = MaintenanceForm(request.POST) if request.method == "POST" else MaintenanceForm()
    if form.is_bound and form.is_valid():
        with form.refusals():
            row = actions.plan_maintenance(plan=form.entered(), **acting(request))
            messages.success(
                request, _("Planned. Customers are told in two minutes; until then nobody hears of a change.")
            )
            return redirect("desk:maintenance", row.public_id)
    return _form(request, form, _("Plan maintenance"))


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.maintenance_by_id(public_id))
    form = MaintenanceForm(request.POST) if request.method == "POST" else MaintenanceForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_maintenance(
                maintenance=row, plan=form.entered(), seen_version=form.seen_version, **acting(request)
            )
            messages.success(request, _("Saved."))
            return redirect("desk:maintenance", public_id)
    return _form(request, form, _("Change the maintenance"), maintenance=row)


@allowed(post=Who.WRITER)
def call_off(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.maintenance_by_id(public_id))
    with refusals_as_messages(request):
        actions.call_off(maintenance=row, **acting(request))
        messages.success(request, _("Called off. Whoever was told of it is told so."))
    return redirect("desk:maintenance", public_id)


def _form(request: HttpRequest, form: MaintenanceForm, title: str, **about: Any) -> HttpResponse:
    return _page(request, "form", {"form": form, "title": title, **about}, status=422 if form.errors else 200)


def _page(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"layout": layout_of(request), "may_write": can_write(staff(request)), "now": clock.now()}
    return render(request, f"desk/maintenance/{name}.html", {**shared, **context}, status=status)
