"""A mail door that is open for a test: real sockets, in a thread of their own."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from sportello.intake.lmtp import LmtpDoor, SmtpDoor, Store, listen

T = TypeVar("T")
MAX_BYTES = 200_000


@dataclass(frozen=True)
class OpenDoor:
    lmtp_port: int
    smtp_port: int
    store: Store

    def lmtp(self) -> smtplib.LMTP:
        return smtplib.LMTP("127.0.0.1", self.lmtp_port)

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.smtp_port)


@contextlib.contextmanager
def open_door(lmtp_port: int = 0) -> Iterator[OpenDoor]:
    """On free ports, or with LMTP on a given one. At the end the mails that are being stored get their answer."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    store = Store(max_bytes=MAX_BYTES, pool=ThreadPoolExecutor(3))

    def on_loop(work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    async def opened() -> list[asyncio.Server]:
        ports = ((LmtpDoor, lmtp_port), (SmtpDoor, 0))
        return [await listen(protocol, store, host="127.0.0.1", port=port) for protocol, port in ports]

    async def closed() -> None:
        for server in servers:
            server.close()
        await store.finish()

    servers = on_loop(opened())
    lmtp, smtp = (server.sockets[0].getsockname()[1] for server in servers)
    try:
        yield OpenDoor(lmtp, smtp, store)
    finally:
        on_loop(closed())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        store.pool.shutdown()
        loop.close()
