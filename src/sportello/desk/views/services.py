"""Services, and the servers they run on."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.paging import Place
from sportello.customers.queries import customer_by_id
from sportello.desk.forms.entry import searched
from sportello.desk.forms.services import NewServiceForm, ServerForm, ServiceForm
from sportello.desk.views.pages import found, layout_of
from sportello.services import actions, queries
from sportello.tickets.queries import tickets_of_service


@allowed(get=Who.STAFF)
def services(request: HttpRequest) -> HttpResponse:
    q = searched(request.GET.dict())
    page = queries.services_page(search=q, place=_place(request))
    return _page(request, "desk/services/list.html", {"page": page, "q": q})


@allowed(get=Who.STAFF)
def service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = found(queries.service_by_id(public_id))
    tickets = tickets_of_service(staff(request), row, place=_place(request))
    return _page(request, "desk/services/detail.html", {"service": row, "tickets": tickets})


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_service(request: HttpRequest, customer_id: UUID) -> HttpResponseBase:
    customer = found(customer_by_id(customer_id))
    form = NewServiceForm(request.POST) if request.method == "POST" else NewServiceForm()
    if form.is_bound and form.is_valid():
        row = actions.add_service(customer=customer, by=staff(request), now=clock.now(), **form.cleaned_data)
        return redirect("desk:service", row.public_id)
    return _form(request, form, _("New service"), customer=customer)


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_service(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.service_by_id(public_id))
    form = ServiceForm(request.POST) if request.method == "POST" else ServiceForm.of(row)
    if form.is_bound and form.is_valid():
        actions.change_service(service=row, by=staff(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("desk:service", public_id)
    return _form(request, form, _("Change the service"), service=row)


@allowed(get=Who.STAFF)
def servers(request: HttpRequest) -> HttpResponse:
    return _page(request, "desk/services/servers.html", {"servers": queries.servers()})


@allowed(get=Who.STAFF)
def server(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(queries.server_by_id(pk))
    page = queries.services_on(row, place=_place(request))
    return _page(request, "desk/services/server.html", {"server": row, "page": page})


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_server(request: HttpRequest) -> HttpResponseBase:
    form = ServerForm(request.POST) if request.method == "POST" else ServerForm()
    if form.is_bound and form.is_valid():
        with form.refusals():
            row = actions.add_server(by=staff(request), now=clock.now(), **form.cleaned_data)
            return redirect("desk:server", row.pk)
    return _form(request, form, _("New server"))


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_server(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(queries.server_by_id(pk))
    form = ServerForm(request.POST) if request.method == "POST" else ServerForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_server(server=row, by=staff(request), **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("desk:server", pk)
    return _form(request, form, _("Change the server"), server=row)


def _form(request: HttpRequest, form: Any, title: str, **about: Any) -> HttpResponse:
    context = {"form": form, "title": title, **about}
    return _page(request, "desk/services/form.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"layout": layout_of(request), "may_write": can_write(staff(request))}
    return render(request, template, {**shared, **context}, status=status)


def _place(request: HttpRequest) -> Place:
    return Place.of(request.GET.dict())
