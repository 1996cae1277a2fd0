"""What a person sees who has tried something too often: when it can be tried again, and the way back (RFC 6585, 4)."""

from __future__ import annotations

import math
from datetime import timedelta
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext

from sportello.accounts.limits import Limit
from sportello.core import clock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
_BY_THE_HOUR = {"account_reset_password"}
"""As in ACCOUNT_RATE_LIMITS; what else allauth refuses, it refuses for a minute."""


def too_often(request: HttpRequest, limit: Limit) -> HttpResponse:
    return _page(request, limit.wait(now=clock.now()))


def on_too_often(request: HttpRequest) -> HttpResponse:
    """The handler429 of allauth, which tells it no more than the request."""
    view = request.resolver_match.view_name if request.resolver_match else ""
    return _page(request, HOUR if view in _BY_THE_HOUR else MINUTE)


def _page(request: HttpRequest, wait: timedelta) -> HttpResponse:
    answer = render(request, "429.html", {"again": _in_words(wait)}, status=HTTPStatus.TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return answer


def _in_words(wait: timedelta) -> str:
    """Never too short: a try too early would be refused again."""
    minutes = max(math.ceil(wait / MINUTE), 1)
    if minutes <= 60:
        said = ngettext(
            "It can be tried again in %(count)s minute.", "It can be tried again in %(count)s minutes.", minutes
        )
        return said % {"count": minutes}
    hours = math.ceil(wait / HOUR)
    return ngettext("It can be tried again in %(count)s hour.", "It can be tried again in %(count)s hours.", hours) % {
        "count": hours
    }
