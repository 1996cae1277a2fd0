"""The live stream, asked as a browser asks it, over a real LISTEN."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from sportello.accounts.actions import deactivate
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.core import clock
from sportello.core.live import CHANNEL, publish
from sportello.desk import live
from tests.factories import make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]

Scope = MutableMapping[str, Any]
PATIENCE = 30.0
"""Seconds that a busy machine may need for what is a matter of milliseconds."""


class Browser:
    """What the application sends to one request."""

    def __init__(
        self, application: live.AsgiApplication, cookies: str, *, method: str = "GET", path: str = live.PATH
    ) -> None:
        self._application = application
        self._scope = {"type": "http", "method": method, "path": path, "headers": [(b"cookie", cookies.encode())]}
        self._left = asyncio.Event()
        self._sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self._pending = b""

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Browser]:
        running = asyncio.create_task(self._run())
        try:
            yield self
        finally:
            self._left.set()
            await asyncio.wait_for(running, PATIENCE)

    async def status(self) -> int:
        started = await asyncio.wait_for(self._sent.get(), PATIENCE)
        return int(started["status"])

    async def notice(self) -> dict[str, Any] | None:
        """The next notice; None when the stream has ended."""
        while b"\n\n" not in self._pending:
            body = await asyncio.wait_for(self._sent.get(), PATIENCE)
            self._pending += body["body"]
            if not body.get("more_body"):
                return None
        event, _, self._pending = self._pending.partition(b"\n\n")
        if not event.startswith(b"data: "):
            return await self.notice()
        told: dict[str, Any] = json.loads(event.removeprefix(b"data: "))
        return told

    async def after_the_beginning(self) -> None:
        assert [await self.notice(), await self.notice()] == [live.BEAT, live.AGAIN]

    async def first(self, topic: str) -> dict[str, Any] | None:
        """The first notice of this topic."""
        notice = await self.notice()
        while notice is not None and notice["topic"] != topic:
            notice = await self.notice()
        return notice

    async def _run(self) -> None:
        await self._application(self._scope, self._receive, self._sent.put)

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._left.wait()
        return {"type": "http.disconnect"}


async def nothing_else(
    _scope: Scope, _receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    await send({"type": "http.response.start", "status": 418, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def user(db: None) -> User:
    return make_user()


def signed_in(user: User) -> str:
    """The cookies of a browser that has opened a page of the desk."""
    client = Client()
    client.force_login(user)
    client.get("/desk/figures/now")
    return f"other=1; {settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@pytest.fixture
def cookies(user: User) -> str:
    return signed_in(user)


@pytest.fixture
def application() -> live.AsgiApplication:
    return live.beside(nothing_else, live.Notices())


async def told(topic: str, **data: str | int) -> None:
    await asyncio.to_thread(_publish, topic, data)


def _publish(topic: str, data: dict[str, str | int]) -> None:
    try:
        publish(topic, **data)
    finally:
        connection.close()


def _deactivate(user: User) -> None:
    try:
        User.objects.filter(pk=user.pk).update(is_active=False)
    finally:
        connection.close()


def _shut_out(user: User) -> None:
    try:
        deactivate(user=user, by=make_user(role=Role.ADMIN), now=clock.now(), address=None)
    finally:
        connection.close()


async def test_what_happened_reaches_every_open_browser(application: live.AsgiApplication, cookies: str) -> None:
    async with Browser(application, cookies).connected() as one, Browser(application, cookies).connected() as other:
        assert [await one.status(), await other.status()] == [200, 200]
        await one.after_the_beginning()
        await told("ticket", ticket="7a", version=3)
        assert await one.notice() == await other.first("ticket") == {"topic": "ticket", "ticket": "7a", "version": 3}


async def test_what_happened_while_a_page_was_on_its_way_is_told_to_its_stream(
    application: live.AsgiApplication, cookies: str
) -> None:
    """The page was read before the change and its stream began after it: nobody else would tell it."""
    async with Browser(application, cookies).connected() as early:
        await early.status()
        await early.after_the_beginning()
        await told("ticket", ticket="7a", version=3)
        await early.first("ticket")
        async with Browser(application, cookies).connected() as late:
            await late.status()
            assert await late.first("ticket") == {"topic": "ticket", "ticket": "7a", "version": 3}


async def test_what_is_long_past_is_told_to_no_new_stream(
    application: live.AsgiApplication, cookies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "RECENT_SECONDS", 0)
    async with Browser(application, cookies).connected() as early:
        await early.status()
        await early.after_the_beginning()
        await told("ticket", ticket="7a", version=3)
        await early.first("ticket")
        async with Browser(application, cookies).connected() as late:
            await late.status()
            assert await late.notice() == live.BEAT
            await told("ticket", ticket="7b", version=1)
            assert await late.notice() == {"topic": "ticket", "ticket": "7b", "version": 1}


async def test_a_stranger_is_told_not_to_come_again(application: live.AsgiApplication) -> None:
    for cookies in (
        "",
        f"{settings.SESSION_COOKIE_NAME}=nonsense",
        "=;\x00",
        f"{settings.SESSION_COOKIE_NAME}=" + "x" * 9000,
    ):
        async with Browser(application, cookies).connected() as browser:
            assert await browser.status() == 204


async def test_a_deactivated_person_gets_no_stream(application: live.AsgiApplication, user: User, cookies: str) -> None:
    await asyncio.to_thread(_deactivate, user)
    async with Browser(application, cookies).connected() as browser:
        assert await browser.status() == 204


async def test_only_get_is_answered_and_other_paths_are_the_sites(
    application: live.AsgiApplication, cookies: str
) -> None:
    async with Browser(application, cookies, method="POST").connected() as browser:
        assert await browser.status() == 405
    async with Browser(application, cookies, path="/health").connected() as browser:
        assert await browser.status() == 418


async def test_the_stream_ends_when_the_session_does(
    application: live.AsgiApplication, user: User, cookies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "CHECK_SECONDS", 0)
    async with Browser(application, cookies).connected() as browser:
        await browser.status()
        await browser.after_the_beginning()
        await asyncio.to_thread(_deactivate, user)
        await told("queue")
        assert [await browser.notice(), await browser.notice()] == [live.OVER, None]


async def test_s11_a_stream_ends_at_once_with_the_right_to_read(
    application: live.AsgiApplication, user: User, cookies: str
) -> None:
    async with Browser(application, cookies).connected() as browser:
        await browser.status()
        await browser.after_the_beginning()
        await asyncio.to_thread(_shut_out, user)
        await told("ticket", ticket="7a", version=3)
        assert [await browser.notice(), await browser.notice()] == [live.OVER, None]


async def test_s11_a_stream_that_missed_the_end_of_its_session_ends_when_it_is_told_that_it_missed_something(
    application: live.AsgiApplication, user: User, cookies: str
) -> None:
    """A fault found: what was told while nobody listened, or fell out of a full queue, was looked for a minute later."""
    async with Browser(application, cookies).connected() as browser:
        await browser.status()
        await browser.after_the_beginning()
        await asyncio.to_thread(_deactivate, user)
        await asyncio.to_thread(_cut_off_listeners)
        assert [await browser.notice(), await browser.notice()] == [live.OVER, None]


async def test_s11_the_end_of_a_session_is_told_to_a_stream_that_begins_at_that_moment(user: User) -> None:
    """A fault found: who had been asked for just before, and was not listening yet, heard of it a minute later."""
    notices = live.Notices()
    for person in (user.pk, user.pk + 1):
        notices.spread({"topic": live.SESSION, "user": person})
    with notices.stream_of(user) as queue:
        assert [queue.get_nowait(), queue.empty()] == [{"topic": live.SESSION, "user": user.pk}, True]


async def test_s11_the_end_of_anothers_session_is_told_to_nobody(
    application: live.AsgiApplication, user: User, cookies: str
) -> None:
    async with Browser(application, cookies).connected() as browser:
        await browser.status()
        await browser.after_the_beginning()
        for person in (user.pk, user.pk + 1):
            await told("session", user=person)
        await told("ticket", ticket="7a", version=3)
        assert await browser.notice() == {"topic": "ticket", "ticket": "7a", "version": 3}


async def test_a_stream_keeps_no_session_awake(cookies: str, user: User) -> None:
    now = clock.now()
    assert await asyncio.to_thread(live.staff_of, cookies, now + timedelta(minutes=119)) == user
    assert await asyncio.to_thread(live.staff_of, cookies, now + timedelta(minutes=121)) is None


async def test_silence_is_broken_by_a_beat(
    application: live.AsgiApplication, cookies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEAT_SECONDS", 0.1)
    async with Browser(application, cookies).connected() as browser:
        await browser.status()
        await browser.after_the_beginning()
        assert [await browser.notice(), await browser.notice()] == [live.BEAT, live.BEAT]


async def test_after_the_database_was_away_everybody_looks_again(
    application: live.AsgiApplication, cookies: str
) -> None:
    async with Browser(application, cookies).connected() as browser:
        await browser.status()
        await browser.after_the_beginning()
        await asyncio.to_thread(_cut_off_listeners)
        assert await browser.notice() == live.AGAIN
        await told("mail", outbound="9")
        assert await browser.notice() == {"topic": "mail", "outbound": "9"}


def _cut_off_listeners() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query = %s",
                [f"LISTEN {CHANNEL}"],
            )
            assert cursor.rowcount == 1
    finally:
        connection.close()


async def test_who_falls_far_behind_is_told_to_look_at_everything(user: User) -> None:
    notices = live.Notices()
    with notices.stream_of(user) as queue:
        for number in range(live.BACKLOG + 1):
            notices.spread({"topic": "ticket", "version": number})
        assert [queue.get_nowait(), queue.empty()] == [live.AGAIN, True]


async def test_a_stream_that_begins_in_the_midst_of_a_flood_is_told_to_look_at_everything(user: User) -> None:
    """Of the last ten seconds a hundred notices are kept: of an outage's end with fifty tickets the first were forgotten."""
    notices = live.Notices()
    for number in range(live.RECENT_KEPT - 1):
        notices.spread({"topic": "ticket", "version": number})
    with notices.stream_of(user) as queue:
        assert (queue.qsize(), queue.get_nowait()) == (live.RECENT_KEPT - 1, {"topic": "ticket", "version": 0})
    for number in range(live.RECENT_KEPT):
        notices.spread({"topic": "ticket", "version": number})
    with notices.stream_of(user) as queue:
        assert [queue.get_nowait(), queue.empty()] == [live.AGAIN, True]


async def test_one_person_holds_no_more_streams_than_a_person_needs(
    application: live.AsgiApplication, cookies: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "STREAMS_EACH", 1)
    async with Browser(application, cookies).connected() as first:
        assert await first.status() == 200
        async with Browser(application, cookies).connected() as second:
            assert await second.status() == 429
        await first.after_the_beginning()
    async with Browser(application, cookies).connected() as third:
        assert await third.status() == 200


async def test_an_open_stream_ends_when_its_process_is_asked_to_stop(cookies: str) -> None:
    notices = live.Notices()
    async with Browser(live.beside(nothing_else, notices), cookies).connected() as browser:
        assert await browser.status() == 200
        await browser.after_the_beginning()
        notices.ending.set()
        assert await browser.notice() is None
