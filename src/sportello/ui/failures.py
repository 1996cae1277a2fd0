"""What a person sees when we fail."""

from __future__ import annotations

import sys
from http import HTTPStatus
from inspect import unwrap

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.template.loader import render_to_string
from django.views import defaults

RETRY_AFTER_SECONDS = 10
on_forbidden, on_missing = unwrap(defaults.permission_denied), unwrap(defaults.page_not_found)
"""Django's own, without the look for a token that it puts around each. Ours is there all the same (CsrfViewMiddleware.process_request)."""


def on_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what passes by itself is no fault to be ashamed of, and worth another try."""
    passing = (
        OperationalError | InterfaceError | OSError
    )  # the database is away, or the file store is, is full, or may not be written to
    if isinstance(sys.exc_info()[1], passing):
        return _away(request)
    return HttpResponseServerError(render_to_string("500.html"))


def on_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django names it
    """Django's handler400. Its own, as its own handler500, looks for a token in the body, and fails where that cannot be read."""
    return HttpResponseBadRequest(render_to_string("400.html", request=request))


def _away(request: HttpRequest) -> HttpResponse:
    """Without the request in the template: who is signed in cannot be found out either."""
    page = render_to_string("503.html", {"may_reload": request.method in {"GET", "HEAD"}})
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
