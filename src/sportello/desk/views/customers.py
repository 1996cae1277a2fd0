"""Customers, their people, and the addresses these write from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core.paging import Place, page_number
from sportello.customers import actions, queries, second_factor
from sportello.desk.acting import acting
from sportello.desk.forms.customers import AddressForm, ContactForm, CustomerForm, NewContactForm, RightsForm
from sportello.desk.forms.entry import searched
from sportello.desk.register import contact_page, customer_page, customers_listed
from sportello.desk.views.pages import found, layout_of, refusals_as_messages
from sportello.intake.contact_mail import Change, tell_change
from sportello.tickets import actions as tickets


@allowed(get=Who.STAFF)
def customers(request: HttpRequest) -> HttpResponse:
    listed = customers_listed(staff(request), search=searched(request.GET.dict()), place=_place(request))
    return _page(request, "desk/customers/list.html", {"listed": listed, "q": searched(request.GET.dict())})


@allowed(get=Who.STAFF)
def strangers(request: HttpRequest) -> HttpResponse:
    """People who wrote and belong to no customer yet."""
    q = searched(request.GET.dict())
    page = queries.strangers_page(search=q, place=_place(request))
    return _page(request, "desk/customers/strangers.html", {"page": page, "q": q})


@allowed(get=Who.STAFF)
def customer(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row = found(queries.customer_by_id(public_id))
    return _page(request, "desk/customers/detail.html", {"about": customer_page(staff(request), row, _place(request))})


@allowed(get=Who.STAFF)
def people(request: HttpRequest, public_id: UUID) -> HttpResponse:
    row, q = found(queries.customer_by_id(public_id)), searched(request.GET.dict())
    page = queries.people_page(row, search=q, place=_place(request))
    return _page(request, "desk/customers/people.html", {"customer": row, "page": page, "q": q})


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_customer(request: HttpRequest) -> HttpResponseBase:
    form = (
        CustomerForm(request.POST)
        if request.method == "POST"
        else CustomerForm(initial={"is_active": True, "time_zone": "Europe/Rome"})
    )
    if form.is_bound and form.is_valid():
        with form.refusals():
            row = actions.create_customer(fields=form.entered(), **acting(request))
            return redirect("desk:customer", row.public_id)
    return form_page(request, form, _("New customer"))


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_customer(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.customer_by_id(public_id))
    form = CustomerForm(request.POST) if request.method == "POST" else CustomerForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_customer(customer=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:customer", public_id)
    return form_page(request, form, _("Change the customer"), customer=row)


@allowed(get=Who.WRITER, post=Who.WRITER)
def new_contact(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.customer_by_id(public_id))
    form = (
        NewContactForm(request.POST)
        if request.method == "POST"
        else NewContactForm(initial={"is_active": True, "may_open": True})
    )
    if form.is_bound and form.is_valid():
        with form.refusals():
            mail = form.cleaned_data["mail"]
            actions.create_contact(customer=row, fields=form.entered(), mail=mail, **acting(request))
            return _saved(request, "desk:customer", public_id)
    return form_page(request, form, _("New person"), customer=row)


@allowed(get=Who.STAFF)
def contact(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _contact(request, public_id, AddressForm())


@allowed(get=Who.WRITER, post=Who.WRITER)
def edit_contact(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(queries.contact_by_id(public_id))
    form = ContactForm(request.POST) if request.method == "POST" else ContactForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_contact(contact=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:contact", public_id)
    return form_page(request, form, _("Change the person"), contact=row)


@allowed(post=Who.WRITER)
def add_address(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row, form = found(queries.contact_by_id(public_id)), AddressForm(request.POST)
    if form.is_valid():
        with form.refusals():
            actions.add_address(contact=row, mail=form.cleaned_data["mail"], **acting(request))
            return _saved(request, "desk:contact", public_id)
    return _contact(request, public_id, form)


@allowed(post=Who.WRITER)
def remove_address(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    owned = found(queries.address_of(found(queries.contact_by_id(public_id)), pk))
    with refusals_as_messages(request):
        actions.remove_address(owned=owned, **acting(request))
        messages.success(request, _("%(address)s was removed.") % {"address": owned.address})
        if second_factor.ways_in(owned.contact).any:
            messages.warning(
                request,
                _(
                    "What this person signs in with beside the link by mail still holds. Was that mailbox in foreign hands? "
                    "Then take it away under Sign-in."
                ),
            )
    return redirect("desk:contact", public_id)


@allowed(post=Who.WRITER)
def make_primary(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    owned = found(queries.address_of(found(queries.contact_by_id(public_id)), pk))
    actions.make_primary(owned=owned, by=staff(request))
    return _saved(request, "desk:contact", public_id)


@allowed(post=Who.WRITER)
def clear_bounce(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    owned = found(queries.address_of(found(queries.contact_by_id(public_id)), pk))
    actions.clear_bounce(owned=owned, by=staff(request))
    return _saved(request, "desk:contact", public_id)


@allowed(post=Who.WRITER)
def attach(request: HttpRequest, public_id: UUID, customer_id: UUID) -> HttpResponseBase:
    """Say whose a person is that nobody knew; their tickets come along."""
    row, owner = found(queries.contact_by_id(public_id)), found(queries.customer_by_id(customer_id))
    with refusals_as_messages(request):
        tickets.attach_contact(contact=row, customer=owner, by=staff(request), now=acting(request)["now"])
        said = _("%(contact)s now belongs to %(customer)s, with all tickets.")
        messages.success(request, said % {"contact": row, "customer": owner})
    return redirect("desk:contact", public_id)


@allowed(get=Who.WRITER, post=Who.WRITER)
def membership(request: HttpRequest, public_id: UUID, customer_id: UUID) -> HttpResponseBase:
    """Let a person write for one more customer, or change what they may do there."""
    row, other = found(queries.contact_by_id(public_id)), found(queries.customer_by_id(customer_id))
    form = (
        RightsForm(request.POST) if request.method == "POST" else RightsForm.of_rights(queries.rights_at(row, other.pk))
    )
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.grant(contact=row, customer=other, granted=form.granted(), **acting(request))
            return _saved(request, "desk:contact", public_id)
    return form_page(
        request, form, _("What %(contact)s may do at %(customer)s") % {"contact": row, "customer": other}, contact=row
    )


@allowed(post=Who.WRITER)
def end_membership(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponseBase:
    row = found(queries.membership_of(found(queries.contact_by_id(public_id)), pk))
    actions.withdraw(membership=row, **acting(request))
    said = _("%(contact)s no longer writes for %(customer)s.")
    messages.success(request, said % {"contact": row.contact, "customer": row.customer})
    return redirect("desk:contact", public_id)


@allowed(post=Who.WRITER)
def reset_factors(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """For somebody who lost their telephone or key, or whose mailbox was in foreign hands, and has proved who they are in another way."""
    row = found(queries.contact_by_id(public_id))
    with transaction.atomic():
        second_factor.reset(contact=row, **acting(request))
        tell_change(contact=row, change=Change.FACTORS_RESET, now=acting(request)["now"])
    messages.success(
        request, _("Password, authenticator app and passkeys are taken away, and all sessions have ended.")
    )
    return redirect("desk:contact", public_id)


def _contact(request: HttpRequest, public_id: UUID, form: AddressForm) -> HttpResponse:
    row, q = found(queries.contact_by_id(public_id)), searched(request.GET.dict())
    number = page_number(request.GET.get("customers", ""))
    about = contact_page(staff(request), row, _place(request), search=q, number=number)
    context = {
        "about": about,
        "form": form,
        "q": q,
        "before": f"?customers={number - 1}" if number > 1 else "",
        "after": f"?customers={number + 1}" if about.has_more_memberships else "",
    }
    return _page(request, "desk/customers/contact.html", context, status=422 if form.errors else 200)


def form_page(request: HttpRequest, form: Any, title: str, **about: Any) -> HttpResponse:
    context = {"form": form, "title": title, **about}
    return _page(request, "desk/customers/form.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"layout": layout_of(request), "may_write": can_write(staff(request))}
    return render(request, template, {**shared, **context}, status=status)


def _place(request: HttpRequest) -> Place:
    return Place.of(request.GET.dict())


def _saved(request: HttpRequest, name: str, public_id: UUID) -> HttpResponseBase:
    messages.success(request, _("Saved."))
    return redirect(name, public_id)
