"""An open mail door for the tests of this folder: real sockets in a thread, on free ports."""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from sportello.intake.lmtp import LmtpDoor, SmtpDoor, Store, listen

T = TypeVar("T")
MAILS = Path(__file__).parent.parent / "mails" / "intake"
MAX_BYTES = 200_000


@pytest.fixture
def mail() -> Callable[..., bytes]:
    """A mail of tests/mails/intake by its name, as it travels: with CRLF, and with `@@WORDS@@` put in."""

    def read(name: str, **words: str) -> bytes:
        raw = (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")
        for word, value in words.items():
            raw = raw.replace(f"@@{word}@@".encode(), value.encode())
        return raw

    return read


@dataclass
class OpenDoor:
    lmtp_port: int
    smtp_port: int

    def lmtp(self) -> smtplib.LMTP:
        return smtplib.LMTP("127.0.0.1", self.lmtp_port)

    def smtp(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.smtp_port)


@pytest.fixture
def no_jobs(transactional_db: None) -> None:
    """procrastinate's tables are not emptied between tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def door(no_jobs: None) -> Iterator[OpenDoor]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def on_loop(work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result(20)

    store = Store(max_bytes=MAX_BYTES, pool=ThreadPoolExecutor(3))

    async def opened() -> list[asyncio.Server]:
        return [await listen(protocol, store, host="127.0.0.1", port=0) for protocol in (LmtpDoor, SmtpDoor)]

    async def closed() -> None:
        for server in servers:
            server.close()
        await store.finish()

    servers = on_loop(opened())
    ports = [server.sockets[0].getsockname()[1] for server in servers]
    yield OpenDoor(*ports)
    on_loop(closed())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    store.pool.shutdown()
    loop.close()
