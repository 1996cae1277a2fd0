"""What a person sees when we fail."""

from __future__ import annotations

import errno
import logging
import sys
from collections.abc import Callable
from http import HTTPStatus
from inspect import unwrap

import psycopg
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseServerError,
    UnreadablePostError,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views import defaults

from sportello.core.files import FileStoreAway

log = logging.getLogger("sportello.ui")
RETRY_AFTER_SECONDS = 10
_BY_OTHERS = (psycopg.errors.ForeignKeyViolation, psycopg.errors.UniqueViolation, psycopg.errors.DeadlockDetected)
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EAGAIN}
"""A disk that is full, may not be written to or fails; no file, memory or process to be had."""
_NO_ROW_LEFT = "did not affect any rows"
on_forbidden, on_missing = unwrap(defaults.permission_denied), unwrap(defaults.page_not_found)
"""Django's own, without the look for a token that it puts around each. Ours is there all the same (CsrfViewMiddleware.process_request)."""


def on_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: what passes by itself is no fault to be ashamed of, and worth another try."""
    if _passes(sys.exc_info()[1]):
        return _away(request)
    return HttpResponseServerError(render_to_string("500.html"))


def _passes(exception: BaseException | None) -> bool:
    """The database or the file store is away, a disk or this machine has no room, or who asked hung up. Any other error of the system is ours."""
    if isinstance(exception, OSError) and exception.errno in _NO_ROOM:
        return True
    return isinstance(exception, OperationalError | InterfaceError | FileStoreAway | UnreadablePostError)


def on_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400. Its own, as its own handler500, looks for a token in the body, and fails where that cannot be read.

    A session that was ended elsewhere while its request was under way is no bad request: what was asked was done, and the next page asks who it is.
    """
    if isinstance(exception, SessionInterrupted):
        is_fragment = request.headers.get("HX-Request") == "true"
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED) if is_fragment else redirect("front-door")
    return HttpResponseBadRequest(render_to_string("400.html", request=request))


class AtTheSameMoment:
    """Middleware: what somebody wrote to was taken away, or made, by somebody else at that moment. Nothing was done, no fault of ours is told, and
    the page says to look again. The last line: whoever is likely to meet says in an action who waits for whom.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.method != "POST" or not _met_others(exception):
            return None
        log.warning("Somebody else was there at the same moment: %s", type(exception.__cause__ or exception).__name__)
        return render(request, "409.html", status=HTTPStatus.CONFLICT)


def _met_others(exception: Exception) -> bool:
    if isinstance(exception, DatabaseError):
        return isinstance(exception.__cause__, _BY_OTHERS) or _NO_ROW_LEFT in str(exception)
    return isinstance(exception, ObjectDoesNotExist)


def _away(request: HttpRequest) -> HttpResponse:
    """Without the request in the template: who is signed in cannot be found out either."""
    page = render_to_string("503.html", {"may_reload": request.method in {"GET", "HEAD"}})
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
