"""Whom an address was refused stands in the audit: what somebody may not do, a forged form, what is not theirs, one try too many
(ASVS 16.3.2, 16.3.3). Bounded, so that whoever is refused on purpose fills nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from django.db import DatabaseError, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponseBase

from sportello.accounts.actions import record
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Act
from sportello.accounts.limits import Limit
from sportello.accounts.models import User, row_name
from sportello.core import clock

ONCE = Limit("refusal", most=1, within=timedelta(hours=1))
OF_ALL = Limit("refusals-of-all", most=100, within=timedelta(hours=1))
"""Counted apart for people and for strangers, of whom there may be any number."""

_TO_ANYBODY = {HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
_TO_PEOPLE = {*_TO_ANYBODY, HTTPStatus.NOT_FOUND}  # what is not theirs looks like what is not there

_log = logging.getLogger(__name__)


class RefusalsInAudit:
    """Only addresses that are there count: whoever looks for others is everybody's daily noise, and stands in the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code in _TO_PEOPLE and request.resolver_match:
            try:
                _note(request, f"{request.method} {request.resolver_match.view_name}", response.status_code)
            except DatabaseError:
                _log.warning("a refusal could not be written into the audit")
        return response


@transaction.atomic
def _note(request: HttpRequest, asked: str, status: int) -> None:
    user = request.user if isinstance(request.user, User) else None
    contact: Model | None = getattr(request, "contact", None) if user is None else None
    person = user or contact
    if person is None and status not in _TO_ANYBODY:
        return
    now, address = clock.now(), client_address(request)
    who = row_name(person) if person else network_of(address)
    if ONCE.take(f"{who} {asked} {status}", now=now) and OF_ALL.take("people" if person else "strangers", now=now):
        detail = {"answer": status} | ({"contact": str(contact)} if contact else {})
        record(act=Act.REFUSED, subject=asked, by=user, now=now, address=address, detail=detail, about=contact)
