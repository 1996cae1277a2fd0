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
from sportello.accounts.permissions import can_administer, can_write
from sportello.core.paging import Place
from sportello.customers.queries import customer_by_id
from sportello.desk.acting import acting
from sportello.desk.forms.entry import searched
from sportello.desk.forms.services import NetworkForm, NewServiceForm, ServerForm, ServiceForm
from sportello.desk.register import server_page, service_page
from sportello.desk.views.pages import found, layout_of
from sportello.services import actions, queries
from sportello.tickets.queries import ticket_for
from sportello.ui.twice import gone_is_done


@allowed(get=Who.STAFF)
def services(request: HttpRequest) -> HttpResponse:
    q = searched(request.GET.dict())
    page = queries.services_page(search=q, place=_place(request))
    return _page(request, "desk/services/list.html", {"page": page, "q": q})


@allowed(get=Who.STAFF)
def services_of_customer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    customer, q = found(customer_by_id(public_id)), searched(request.GET.dict())
    page = queries.services_page_of(customer, search=q, place=_place(request))
    return _page(request, "desk/customers/services.html", {"customer": customer, "page": page, "q": q})


@allowed(get=Who.WRITER)
def choose(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Which service a ticket is about, of all that its customer has."""
    ticket, q = found(ticket_for(staff(request), public_id)), searched(request.GET.dict())
    page = queries.services_page_of(found(ticket.customer), search=q, place=_place(request), is_running=True)
    return _page(request, "desk/services/choose.html", {"ticket": ticket, "page": page, "q": q})


@allowed(get=Who.STAFF)
def service(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = found(queries.service_by_id(public_id))
    about = service_page(staff(request), row, _place(request))
    return _page(request, "desk/services/detail.html", {"service": row, "about": about})


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_service(request: HttpRequest, customer_id: UUID) -> HttpResponseBase:
    customer = found(customer_by_id(customer_id))
    form = NewServiceForm(request.POST) if request.method == "POST" else NewServiceForm()
    if form.is_bound and form.is_valid():
        with form.refusals():
            row = actions.add_service(customer=customer, fields=form.entered(), **acting(request))
            return redirect("desk:service", row.public_id)
    return _form(request, form, _("New service"), customer=customer)


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_service(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.service_by_id(public_id))
    form = ServiceForm(request.POST) if request.method == "POST" else ServiceForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_service(service=row, fields=form.entered(), **acting(request))
            messages.success(request, _("Saved."))
            return redirect("desk:service", public_id)
    return _form(request, form, _("Change the service"), service=row)


@allowed(get=Who.STAFF)
def servers(request: HttpRequest) -> HttpResponse:
    rows, known = list(queries.servers()), queries.networks()
    context = {"servers": rows, "outside": queries.servers_outside(rows, known)}
    return _page(request, "desk/services/servers.html", context)


@allowed(get=Who.STAFF, post=Who.ADMIN)
def networks(request: HttpRequest) -> HttpResponseBase:
    """The provider's own networks, and one more."""
    form = NetworkForm(request.POST) if request.method == "POST" else NetworkForm()
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.add_network(**form.cleaned_data, **acting(request))
            messages.success(request, _("Saved."))
            return redirect("desk:networks")
    context = {"networks": queries.networks(), "form": form, "may_administer": can_administer(staff(request))}
    return _page(request, "desk/services/networks.html", context, status=422 if form.errors else 200)


@allowed(post=Who.ADMIN)
@gone_is_done("desk:networks")
def remove_network(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(queries.network_by_id(pk))
    actions.remove_network(found=row, **acting(request))
    messages.success(request, _("%(network)s was removed.") % {"network": row.network})
    return redirect("desk:networks")


@allowed(get=Who.STAFF)
def server(request: HttpRequest, pk: int) -> HttpResponse:
    row = found(queries.server_by_id(pk))
    about = server_page(row, _place(request))
    return _page(request, "desk/services/server.html", {"server": row, "about": about, "page": about.services})


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_server(request: HttpRequest) -> HttpResponseBase:
    form = ServerForm(request.POST) if request.method == "POST" else ServerForm()
    if form.is_bound and form.is_valid():
        with form.refusals():
            row = actions.add_server(fields=form.entered(), **acting(request))
            return redirect("desk:server", row.pk)
    return _form(request, form, _("New server"))


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_server(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(queries.server_by_id(pk))
    form = ServerForm(request.POST) if request.method == "POST" else ServerForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_server(server=row, fields=form.entered(), **acting(request))
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
