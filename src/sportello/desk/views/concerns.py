"""What matters to a customer: a person says that something does not, or that it does after all."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.customers.queries import customer_by_id
from sportello.desk.views.pages import back, found
from sportello.tickets import actions
from sportello.tickets.queries import concern_for


@allowed(post=Who.WRITER)
def dismiss_concern(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    return _said(request, public_id, pk, actions.dismiss_concern)


@allowed(post=Who.WRITER)
def restore_concern(request: HttpRequest, public_id: UUID, pk: int) -> HttpResponse:
    return _said(request, public_id, pk, actions.restore_concern)


def _said(request: HttpRequest, public_id: UUID, pk: int, act: Callable[..., None]) -> HttpResponse:
    customer = found(customer_by_id(public_id))
    act(concern=found(concern_for(staff(request), customer, pk)), by=staff(request), now=clock.now())
    return back(request, reverse("desk:customer", args=[public_id]))
