"""Live updates of the desk: one stream of events for each open browser, fed by PostgreSQL's LISTEN.

The notices are written by `core.live.publish` in the transaction that changed something. They carry ids only; a page that receives one asks for
its own part again, through the view that knows who is asking. What a stream tells besides: `beat` every 20 s, so that a browser notices a dead
line; `again` when notices may have been missed; `over` when the session has ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from datetime import UTC, datetime
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError, connection
from django.http import HttpRequest

from sportello.accounts.middleware import ACTIVE, BEGUN
from sportello.accounts.models import User
from sportello.accounts.rules import STAFF_SESSION
from sportello.core import clock
from sportello.core.live import CHANNEL
from sportello.core.patience import PAGE_SECONDS, AsyncConnection, within

PATH = "/live/"
BEAT_SECONDS = 20
CHECK_SECONDS = 60
CHECK_LINE_SECONDS = 10
"""A server that is frozen keeps the line alive and says nothing: it is asked now and then."""
LONGEST_PAUSE = 10
BACKLOG = 200
"""Notices a browser may be behind; one that is further behind is told to look at everything again."""
RECENT_SECONDS = 10
"""What was told so shortly before a stream began is told to it, too: its page may have been read before."""
RECENT_KEPT = 100
"""Of more than these some may have been forgotten: the page then looks at everything again."""
STREAMS_EACH = 30
"""Streams one person may hold: the tabs of one browser share one, so this is many browsers."""

SESSION = "session"
"""Told when somebody's session has ended: their streams look at once whether it was theirs, and tell nobody."""
BEAT, AGAIN, OVER = ({"topic": topic} for topic in ("beat", "again", "over"))
PERHAPS_OVER = frozenset({SESSION, AGAIN["topic"]})
"""After these a stream looks whether its session has ended: what was missed may have said so."""
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]

Notice = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApplication = Callable[[Scope, Receive, Send], Awaitable[None]]

log = logging.getLogger(__name__)


class Notices:
    """Gives what PostgreSQL tells to every open stream. It listens from the first stream on, and again after every break."""

    def __init__(self) -> None:
        self._streams: dict[asyncio.Queue[Notice], int] = {}
        self._recent: deque[tuple[float, Notice]] = deque(maxlen=RECENT_KEPT)
        self._listening: asyncio.Task[None] | None = None
        self.ending = asyncio.Event()
        """Set when the process is asked to stop: a stream ends itself then, and its browser comes again to the next process."""

    @contextlib.contextmanager
    def stream_of(self, user: User) -> Iterator[asyncio.Queue[Notice]]:
        """A queue of notices for as long as the body runs, with the most recent ones in it."""
        queue: asyncio.Queue[Notice] = asyncio.Queue(BACKLOG)
        since = time.monotonic() - RECENT_SECONDS
        recent = [notice for told_at, notice in self._recent if told_at > since and _is_for(user.pk, notice)]
        for notice in recent if len(recent) < RECENT_KEPT else [AGAIN]:
            queue.put_nowait(notice)
        self._streams[queue] = user.pk
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        try:
            yield queue
        finally:
            del self._streams[queue]

    def count_of(self, user: User) -> int:
        return sum(pk == user.pk for pk in self._streams.values())

    def spread(self, notice: Notice) -> None:
        self._recent.append((time.monotonic(), notice))
        for queue, person in self._streams.items():
            if not _is_for(person, notice):
                continue
            if queue.full():
                _empty(queue)
                queue.put_nowait(AGAIN)
            else:
                queue.put_nowait(notice)

    async def _listen(self) -> None:
        pause = 0.5
        while True:
            try:
                async for notice in _told():
                    self.spread(notice)
                    pause = 0.5
            except psycopg.Error as error:
                log.warning("live updates lost the database, next try in %.1f s: %s", pause, str(error).strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def _told() -> AsyncIterator[Notice]:
    """What is notified, beginning with `again`: something may have been said before we listened. Raises psycopg.Error."""
    parameters = {**connection.get_connection_params(), "cursor_factory": psycopg.AsyncCursor}
    async with await AsyncConnection.connect(**parameters, autocommit=True) as line:
        await line.execute(f"LISTEN {CHANNEL}")
        yield AGAIN
        while True:
            async for notify in line.notifies(timeout=CHECK_LINE_SECONDS):
                with contextlib.suppress(ValueError):
                    yield json.loads(notify.payload)
            await line.execute("SELECT 1")


def _is_for(person: int, notice: Notice) -> bool:
    return notice["topic"] != SESSION or notice.get("user") == person


def _empty(queue: asyncio.Queue[Notice]) -> None:
    while not queue.empty():
        queue.get_nowait()


def staff_of(cookies: str, now: datetime) -> User | None:
    """Whose session these cookies are: of active staff, not idle or open for too long. A stream is no activity."""
    try:
        key = SimpleCookie(cookies)[settings.SESSION_COOKIE_NAME].value
    except (CookieError, KeyError):
        return None
    try:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        with within(PAGE_SECONDS):
            user = get_user(request)
            return user if isinstance(user, User) and not _is_over(request, now) else None
    finally:
        connection.close()


def _is_over(request: HttpRequest, now: datetime) -> bool:
    """A session that no page has been opened with yet has no stream either."""
    try:
        begun_at, active_at = (datetime.fromtimestamp(request.session[key], UTC) for key in (BEGUN, ACTIVE))
    except KeyError:
        return True
    return STAFF_SESSION.is_over(begun_at=begun_at, active_at=active_at, now=now)


def beside(site: AsgiApplication, notices: Notices) -> AsgiApplication:
    """Answers for live updates, and leaves every other path to the site."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await _live(notices, scope, receive, send)
        else:
            await site(scope, receive, send)

    return application


async def _live(notices: Notices, scope: Scope, receive: Receive, send: Send) -> None:
    cookies = "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")
    try:
        user = await _who(cookies) if scope["method"] == "GET" else None
    except DatabaseError:
        await _refuse(send, HTTPStatus.SERVICE_UNAVAILABLE)
        return
    status = _why_not(scope, user, notices)
    if user is None or status is not None:
        await _refuse(send, status or HTTPStatus.NO_CONTENT)
        return
    with notices.stream_of(user) as queue:
        await _stream(queue, cookies, receive, send, ending=notices.ending)


def _why_not(scope: Scope, user: User | None, notices: Notices) -> HTTPStatus | None:
    """204 tells EventSource not to come again, where 401 would be shown as a fault."""
    if scope["method"] != "GET":
        return HTTPStatus.METHOD_NOT_ALLOWED
    if user is None:
        return HTTPStatus.NO_CONTENT
    return HTTPStatus.TOO_MANY_REQUESTS if notices.count_of(user) >= STREAMS_EACH else None


async def _who(cookies: str) -> User | None:
    return await asyncio.to_thread(staff_of, cookies, clock.now())


async def _has_ended(cookies: str) -> bool:
    """A database that cannot be asked just now ends no session."""
    try:
        return await _who(cookies) is None
    except DatabaseError:
        return False


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


async def _stream(
    queue: asyncio.Queue[Notice], cookies: str, receive: Receive, send: Send, *, ending: asyncio.Event
) -> None:
    """Sends until the browser leaves, the session ends or the process has to."""
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await _write(send, b"retry: 3000\n\n")
    gone = asyncio.create_task(_gone(receive))
    others = [asyncio.create_task(_tell(queue, cookies, send)), asyncio.create_task(ending.wait())]
    try:
        await asyncio.wait({gone, *others}, return_when=asyncio.FIRST_COMPLETED)
        has_gone = gone.done()
    finally:
        for task in (gone, *others):
            task.cancel()
    if not has_gone:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _tell(queue: asyncio.Queue[Notice], cookies: str, send: Send) -> None:
    """Notices as they come, a beat in every silence, and a look at the session every minute."""
    await _write(send, _event(BEAT))
    loop = asyncio.get_running_loop()
    checked = loop.time()
    while True:
        try:
            async with asyncio.timeout(BEAT_SECONDS):
                notice = await queue.get()
        except TimeoutError:
            notice = BEAT
        if notice["topic"] in PERHAPS_OVER or loop.time() - checked >= CHECK_SECONDS:
            checked = loop.time()
            if await _has_ended(cookies):
                await _write(send, _event(OVER))
                return
        if notice["topic"] != SESSION:
            await _write(send, _event(notice))


def _event(notice: Notice) -> bytes:
    return f"data: {json.dumps(notice, separators=(',', ':'))}\n\n".encode()


async def _write(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})
