"""While a new request is written: the open ticket about the same problem, before a second is sent [one.problem]."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.customers.queries import may_open_anywhere
from sportello.portal.forms import OTHER, DraftForm
from sportello.portal.middleware import signed_in
from sportello.portal.same import answer_in, asked_in, lines_of, remember_other

TYPED = Limit("portal-same", most=60, within=timedelta(minutes=5))


@allowed(post=Who.CONTACT)
def same(request: HttpRequest) -> HttpResponseBase:
    """What the script asks for as somebody writes, and "no" to what it has shown. Too often: what is shown stays."""
    contact, now, form = signed_in(request), clock.now(), DraftForm(request.POST)
    if not may_open_anywhere(contact) or not form.is_valid() or not TYPED.take(str(contact.pk), now=now):
        return HttpResponse(status=204)
    found = asked_in(request, contact, now)
    if answer_in(request) == OTHER:
        remember_other(request, contact, found, now)
        found = []
    return render(request, "portal/same.html", {"lines": lines_of(contact, found, now), "by_script": True})
