"""All services of the customers that somebody writes for."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core.paging import page_number
from sportello.portal.asking import sought
from sportello.portal.lines import service_lines
from sportello.portal.middleware import signed_in
from sportello.services.queries import services_to_choose

PAGE = 50


@allowed(get=Who.CONTACT)
def services(request: HttpRequest) -> HttpResponseBase:
    """By name, with the way to a new request about each."""
    contact, text, number = (
        signed_in(request),
        sought(request.GET.get("q", "")),
        page_number(request.GET.get("page", "")),
    )
    found = services_to_choose(contact, search=text, start=(number - 1) * PAGE, limit=PAGE + 1)
    context = {
        "services": service_lines(found[:PAGE], contact),
        "text": text,
        "is_searched": bool(text) or number > 1 or len(found) > PAGE,
        "before": _to(number - 1, text) if number > 1 else "",
        "after": _to(number + 1, text) if len(found) > PAGE else "",
    }
    return render(request, "portal/services.html", context)


def _to(number: int, text: str) -> str:
    return f"?{urlencode({'q': text, 'page': number})}"
