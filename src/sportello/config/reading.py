"""The hands of a worker that read mail. A mail that waits is its own job: who takes it has it for a while, and then it is anybody's again.

Not a job of procrastinate's: its NOTIFY would make all commits of the mail door wait for one another (docs/adr/0019-a-mail-is-its-own-job.md).
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

from django.db import InterfaceError, OperationalError, connection

from sportello.config import logs
from sportello.config.errands import Messenger
from sportello.core import clock
from sportello.core.cancelling import is_cancelled
from sportello.core.files import FileStoreAway
from sportello.core.patience import ANSWER_SECONDS, each_within
from sportello.intake.actions import NotYet, receive_mail
from sportello.mail import sandbox
from sportello.mail.actions import leave_waiting, put_off, take_waiting
from sportello.mail.queries import inbound_to_process
from sportello.mail.queries.raw import BIG_MAIL

log = logging.getLogger("sportello.jobs")

AT_ONCE = 8
"""So many mails are taken together: an outage's waits for no more than these."""
LOOK_SECONDS = 2.0
"""Mail is looked for so often when nobody rings."""
AWAY_SECONDS = 1.0
BIG_MAILS_WAIT_SECONDS = 1.0
_big_mail = threading.Lock()
"""Reading one takes several times its size in memory: one at a time, and the others wait, but not those behind them."""


class Bell:
    """Rung when mail waits; wakes one hand that has nothing to do."""

    def __init__(self) -> None:
        self._idle: list[asyncio.Event] = []
        self._unheard = False

    def ring(self) -> None:
        if self._idle:
            self._idle.pop().set()
        else:
            self._unheard = True

    async def wait(self, seconds: float) -> None:
        """Until it is rung, or was since a hand last waited; at most so long."""
        if self._unheard:
            self._unheard = False
            return
        rung = asyncio.Event()
        self._idle.append(rung)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await rung.wait()
        if rung in self._idle:
            self._idle.remove(rung)


async def read_on(bell: Bell, *, hands: int) -> None:
    """Read what waits, with so many hands, until cancelled. The mails in hand are read to their end."""
    stop = threading.Event()
    call_another = partial(asyncio.get_running_loop().call_soon_threadsafe, bell.ring)
    pool = ThreadPoolExecutor(hands, thread_name_prefix="read")
    messenger = Messenger(stop)
    messenger.start()
    await asyncio.to_thread(sandbox.get_ready)

    async def hand() -> None:
        while not is_cancelled():
            if not await asyncio.get_running_loop().run_in_executor(pool, read_some, stop, call_another, messenger):
                await bell.wait(LOOK_SECONDS)

    try:
        await asyncio.gather(*(hand() for _ in range(hands)))
    finally:
        stop.set()
        await asyncio.to_thread(pool.shutdown)
        await asyncio.to_thread(messenger.wait_to_end)


def read_some(stop: threading.Event, call_another: Callable[[], object], messenger: Messenger) -> int:
    """Takes some mails and reads them one after the other; how many. When there may be more, another hand is called first."""
    with each_within(ANSWER_SECONDS):
        return _read_some(stop, call_another, messenger)


def _read_some(stop: threading.Event, call_another: Callable[[], object], messenger: Messenger) -> int:
    taken: dict[int, int] = {}
    place = 0
    try:
        taken = take_waiting(most=AT_ONCE)
        if len(taken) == AT_ONCE:
            call_another()
        for place, (inbound_id, size) in enumerate(taken.items()):
            if stop.is_set():
                leave_waiting([*taken][place:])
                break
            _read_in_its_turn(inbound_id, size, messenger)
    except (OperationalError, InterfaceError) as error:
        log.warning("no mail is read, the database does not answer: %s", str(error).strip())
        connection.close()
        stop.wait(AWAY_SECONDS)
        _give_back([*taken][place:])
        return 0
    else:
        return len(taken)
    finally:
        connection.close()


def _give_back(unread: list[int]) -> None:
    """After a break of the database, if it is there again; else they are left to us a little longer. The first may be what breaks it."""
    with suppress(OperationalError, InterfaceError):
        for inbound_id in unread[:1]:
            put_off(inbound_id)
        leave_waiting(unread[1:])


def _read_in_its_turn(inbound_id: int, size: int, messenger: Messenger) -> None:
    if size < BIG_MAIL:
        _read(inbound_id, messenger)
    elif _big_mail.acquire(blocking=False):
        try:
            _read(inbound_id, messenger, size)
        finally:
            _big_mail.release()
    else:
        leave_waiting([inbound_id], seconds=BIG_MAILS_WAIT_SECONDS)


def _read(inbound_id: int, messenger: Messenger, size: int = 0) -> None:
    """Raises what the database raises; of everything else there is a note on the row, and the mail is tried again."""
    begun, outcome = time.perf_counter(), "failed"
    token = logs.about.set(f"mail-{inbound_id}")
    try:
        inbound = inbound_to_process(inbound_id, size=size)
        if inbound is not None:
            with messenger.errands():
                receive_mail(inbound=inbound, now=clock.now())
        outcome = "done"
    except (OperationalError, InterfaceError):
        raise
    except (NotYet, FileStoreAway) as error:
        log.warning("mail %s waits: %s", inbound_id, error)
    except Exception:
        log.exception("The mail %s could not be read, and is tried again.", inbound_id)
    finally:
        facts = {"mail": inbound_id, "outcome": outcome, "ms": round((time.perf_counter() - begun) * 1000, 1)}
        log.info("mail %(mail)s read, %(outcome)s in %(ms)s ms", facts, extra={"facts": facts})
        logs.about.reset(token)
