"""Live updates, as an ASGI application: streams of events for open pages, and nothing else of the site."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import cast

from django.core.asgi import get_asgi_application

from sportello.config import addresses, front, processes, variables

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sportello.config.settings")
_site = cast(front.AsgiApplication, get_asgi_application())

from sportello.desk.live import Notices, beside  # noqa: E402 - it needs the applications loaded
from sportello.watch import beating  # noqa: E402 - likewise
from sportello.watch.enums import Work  # noqa: E402 - likewise

_notices = Notices()
application = front.live_only(
    beside(_site, _notices), public_url=addresses.public_url(), proxies=variables.PROXIES.read()
)


def for_worker() -> front.AsgiApplication:
    """The application, once the worker that asks for it has promised not to outlive the server that made it."""
    processes.die_with_parent()
    beating.begin(Work.LIVE, proof=beating.answers(variables.WEB_HOST.read(), addresses.live_port()))
    return ending_its_streams(application, _notices)


def ending_its_streams(inner: front.AsgiApplication, notices: Notices) -> front.AsgiApplication:
    """A server waits for answers that are under way, and a stream never ends by itself: at the wish to stop, all of them are ended.

    Watched for from the first request on, since the server sets its own handlers after it asked for the application.
    """
    watching = False

    async def outer(scope: front.Scope, receive: front.Receive, send: front.Send) -> None:
        nonlocal watching
        if not watching:
            watching = True
            _at_the_wish_to_stop(notices)
        await inner(scope, receive, send)

    return outer


def _at_the_wish_to_stop(notices: Notices) -> None:
    """The loop's own handler stays: it is woken by the byte that Python writes for every signal that has any handler (signal.set_wakeup_fd)."""
    loop = asyncio.get_running_loop()

    def wished(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(notices.ending.set)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, wished)
