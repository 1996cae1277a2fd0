"""What a request brings with it is read before its page is begun, by few at once and up to a limit.

The server gives a request to a thread before all of it has arrived, and waits for the rest for as long as its sender likes. Threads that wait so
are other ones than those that make pages: who sends slowly, or never to the end, keeps nobody from reading.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import IO

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from sportello.config.front import Application, Environ, StartResponse

AT_ONCE = 16
FORM_BYTES = 2_621_440
"""What a form may hold beside its files; Django's DATA_UPLOAD_MAX_MEMORY_SIZE."""
_IN_MEMORY = 262_144
_PIECE = 65_536
_REFUSED = "sportello.unread"


def read_first(application: Application, *, pages: int, files_bytes: int) -> Application:
    """Wrap a WSGI application for a server with AT_ONCE threads more than `pages`, of which so many at most make pages."""
    waiting, working = threading.BoundedSemaphore(AT_ONCE), threading.BoundedSemaphore(pages)

    def outer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as kept:
            _read(environ, kept, waiting=waiting, most=files_bytes + FORM_BYTES)
            with working:
                return application(environ, start_response)

    return outer


class SayUnread:
    """Middleware: the page that says why what somebody sent was not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        status = request.META.get(_REFUSED)
        if status is None:
            return None
        is_large = status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return render(request, "unread.html", {"is_large": is_large}, status=status)


def _read(environ: Environ, kept: IO[bytes], *, waiting: threading.BoundedSemaphore, most: int) -> None:
    """The whole body into `kept`; what may not be read is left, with the reason for the page."""
    length = _length(environ)
    source, environ["wsgi.input"] = environ["wsgi.input"], kept
    if length > most:
        environ.update({_REFUSED: HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "CONTENT_LENGTH": "0"})
    elif length and not waiting.acquire(blocking=False):
        environ.update({_REFUSED: HTTPStatus.SERVICE_UNAVAILABLE, "CONTENT_LENGTH": "0"})
    elif length:
        try:
            _copy(source, kept, length)
        finally:
            waiting.release()


def _length(environ: Environ) -> int:
    """What is announced; a body without a length is not read by anybody."""
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isdecimal() else 0


def _copy(source: IO[bytes], kept: IO[bytes], length: int) -> None:
    """All of it, or what came before the sender hung up."""
    while length > 0 and (piece := source.read(min(length, _PIECE))):
        kept.write(piece)
        length -= len(piece)
    kept.seek(0)
