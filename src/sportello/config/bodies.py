"""What a request brings with it is read before its page is begun, by few at once, up to a limit, and not for as long as its sender likes.

The server gives a request to a thread before all of it has arrived. Threads that wait for the rest are other ones than those that make pages: who
sends slowly, or never to the end, keeps nobody from reading. Nor from sending: nobody has more than half of the places, and who takes too long loses
his. A thread that was left so waits on, since nothing but the sender can end the line, but it is in nobody's way.
"""

from __future__ import annotations

import logging
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from ipaddress import ip_address, ip_network
from typing import IO

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from sportello.config.front import Application, Environ, StartResponse
from sportello.ui.files import largest

log = logging.getLogger(__name__)
AT_ONCE = 16
OF_ONE_NETWORK = AT_ONCE // 2
MOST_LEFT = 200
"""Lines on which we no longer wait and that their senders have not ended."""
PATIENCE_SECONDS = 30.0
LEAST_BYTES_A_SECOND = 20_000
"""Beside PATIENCE_SECONDS a body may take as long as it takes at this speed."""
FORM_BYTES = 2_621_440
"""What a form may hold beside its files; Django's DATA_UPLOAD_MAX_MEMORY_SIZE."""
_IN_MEMORY = 262_144
_PIECE = 65_536
_REFUSED = "sportello.unread"
_ONE_NETWORK = {4: 32, 6: 64}


@dataclass
class Senders:
    """Whose bodies are on their way. Safe from any thread."""

    _waited_for: int = 0
    _left: int = 0
    _of: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def come(self, network: str) -> bool:
        """Whether there is a place for one more."""
        with self._lock:
            is_free = self._waited_for < AT_ONCE and self._left < MOST_LEFT and self._of[network] < OF_ONE_NETWORK
            self._waited_for += is_free
            self._of[network] += is_free
        return is_free

    def leave_waiting(self) -> None:
        with self._lock:
            self._waited_for -= 1
            self._left += 1

    def go(self, network: str, *, was_left: bool) -> None:
        with self._lock:
            self._waited_for -= not was_left
            self._left -= was_left
            self._of[network] -= 1
            if not self._of[network]:
                del self._of[network]


class Arriving:
    """One body, read by a thread of its own."""

    def __init__(self, source: IO[bytes], length: int, *, senders: Senders, network: str) -> None:
        self.kept: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed by whoever has it last
        self._source, self._length = source, length
        self._senders, self._network = senders, network
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._is_left = False
        self._error: BaseException | None = None

    def is_here(self, *, seconds: float) -> bool:
        """Whether it has all come by then. Raises what reading it raised."""
        threading.Thread(target=self._read, name="body", daemon=True).start()
        if not self._ended.wait(seconds) and self._leave():
            return False
        if self._error is not None:
            self.kept.close()
            raise self._error
        return True

    def _leave(self) -> bool:
        """False when it has come after all."""
        with self._lock:
            if not self._ended.is_set():
                self._is_left = True
                self._senders.leave_waiting()
        return self._is_left

    def _read(self) -> None:
        try:
            _copy(self._source, self.kept, self._length)
        except BaseException as error:  # noqa: BLE001 - raised where the body is waited for
            self._error = error
        with self._lock:
            self._senders.go(self._network, was_left=self._is_left)
            self._ended.set()
        if self._is_left:
            self.kept.close()


def read_first(application: Application, *, pages: int, files_bytes: int) -> Application:
    """Wrap a WSGI application for a server with AT_ONCE threads more than `pages`, of which so many at most make pages."""
    senders, working = Senders(), threading.BoundedSemaphore(pages)

    def outer(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        arrived = _read(environ, senders=senders, most=files_bytes + FORM_BYTES)
        try:
            with working:
                return application(environ, start_response)
        finally:
            arrived.close()

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
        page = render(request, "unread.html", {"why": HTTPStatus(status).name, "most": largest()}, status=status)
        if status == HTTPStatus.REQUEST_TIMEOUT:
            page["Connection"] = "close"
        return page


def _read(environ: Environ, *, senders: Senders, most: int) -> IO[bytes]:
    """The whole body, in the request's `environ` too; of what may not be read nothing, with the reason for the page."""
    length, network = _length(environ), _network(environ.get("REMOTE_ADDR", ""))
    source, environ["wsgi.input"] = environ["wsgi.input"], BytesIO()
    if length > most:
        _refuse(environ, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    elif length and not senders.come(network):
        _refuse(environ, HTTPStatus.SERVICE_UNAVAILABLE)
    elif length:
        arriving = Arriving(source, length, senders=senders, network=network)
        try:
            if arriving.is_here(seconds=PATIENCE_SECONDS + length / LEAST_BYTES_A_SECOND):
                environ["wsgi.input"] = arriving.kept
            else:
                _refuse(environ, HTTPStatus.REQUEST_TIMEOUT)
        except OSError as error:
            log.error("what was sent cannot be kept until it is read: %s", error)  # noqa: TRY400 - the line says all
            _refuse(environ, HTTPStatus.INSUFFICIENT_STORAGE)
    kept: IO[bytes] = environ["wsgi.input"]
    return kept


def _refuse(environ: Environ, why: HTTPStatus) -> None:
    environ.update({_REFUSED: why.value, "CONTENT_LENGTH": "0"})


def _length(environ: Environ) -> int:
    """What is announced; a body without a length is not read by anybody."""
    said = environ.get("CONTENT_LENGTH") or ""
    return int(said) if said.isdecimal() else 0


def _network(address: str) -> str:
    """Whoever has one address of IPv6 has all of its network."""
    with suppress(ValueError):
        found = ip_address(address)
        return str(ip_network((found, _ONE_NETWORK[found.version]), strict=False))
    return address


def _copy(source: IO[bytes], kept: IO[bytes], length: int) -> None:
    """All of it, or what came before the sender hung up."""
    while length > 0 and (piece := source.read(min(length, _PIECE))):
        kept.write(piece)
        length -= len(piece)
    kept.seek(0)
