"""The process that does the jobs, made so that it never stands still unnoticed.

What procrastinate leaves open and this closes (each seen in a measurement): LISTEN that does not come back after a database restart, a connection
whose other end has vanished without a word, jobs of a killed worker that stay begun for ever, and a stop that waits without end.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, LiteralString, NoReturn

import psycopg
from procrastinate import App, JobContext, exceptions
from procrastinate.connector import BaseConnector, Notify
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.psycopg_connector import PsycopgConnector
from procrastinate.worker import Worker
from psycopg import sql

from sportello.config import journal, leftovers
from sportello.config.leftovers import Hands
from sportello.config.reading import Bell, read_on
from sportello.core.cancelling import is_cancelled
from sportello.core.ending import end_process
from sportello.core.patience import AsyncConnection
from sportello.mail.actions import WAITING

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 35.0
"""Without one round trip to the database for so long the process ends, and whoever started it starts it again."""
PULSE_SECONDS = 5.0
SWEEP_SECONDS = 10.0
AWAY_SECONDS = 1.0
STOP_SECONDS = 25.0
READERS = 2
"""Mails that a worker reads at the same time: while one is read in its child process, another is filed."""
LISTEN_CHECK_SECONDS = 10.0
_LONGEST_LISTEN_PAUSE = 10.0


class SteadyConnector(PsycopgConnector):
    """Hears of new jobs again after every restart of the database, and leaves what jobs themselves defer to Django's connection.

    On the same connection it hears of mail that waits.

    Whoever was cancelled while they asked the database ends, whatever it says. The pool forgets the wish when it has a free connection for them in
    the same moment: those who ask again and again would go on for ever in a round that is over, and the next one would never begin.
    """

    def __init__(self, *, bell: Bell, **pool: Any) -> None:
        super().__init__(**pool)
        self._bell = bell

    def get_sync_connector(self) -> BaseConnector:
        """A job that defers another does so in its own transaction: else the other may run before there is anything to do, and is lost."""
        return DjangoConnector()

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        with _cancellable():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        with _cancellable():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        with _cancellable():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        return rows

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen until cancelled, and again after each break. Each return of the connection also says "there may be jobs", for what was missed."""
        names, pause = [*channels, WAITING], 0.5
        while not is_cancelled():
            try:
                async with await AsyncConnection.connect(**self._pool_args["kwargs"], autocommit=True) as connection:
                    await _listen(connection, names)
                    pause = 0.5
                    await self._pass_on(connection, on_notification)
            except psycopg.Error as error:
                logger.warning("not listening for jobs, again in %.1f s: %s", pause, str(error).strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_LISTEN_PAUSE)

    async def _pass_on(self, connection: AsyncConnection, on_notification: Notify) -> None:
        while True:
            async for notice in connection.notifies(timeout=LISTEN_CHECK_SECONDS):
                if notice.channel == WAITING:
                    self._bell.ring()
                else:
                    await on_notification(channel=notice.channel, payload=notice.payload)
            await connection.execute("SELECT 1")


@contextmanager
def _cancellable() -> Iterator[None]:
    try:
        yield
    finally:
        if is_cancelled():
            raise asyncio.CancelledError


async def _listen(connection: AsyncConnection, channels: Iterable[str]) -> None:
    for channel in channels:
        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))


class Watchdog:
    """A thread that ends the process when nothing fed it for too long; it needs neither the event loop nor the database."""

    def __init__(self, *, seconds: float, end: Callable[[], None]) -> None:
        self._seconds = seconds
        self._end = end
        self._fed_at = time.monotonic()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def fed_seconds_ago(self) -> float:
        return time.monotonic() - self._fed_at

    def feed(self) -> None:
        self._fed_at = time.monotonic()

    def _watch(self) -> None:
        while time.monotonic() - self._fed_at < self._seconds:
            time.sleep(min(1.0, self._seconds / 4))
        self._end()


async def pulse(app: App, watchdog: Watchdog) -> None:
    """Feed the watchdog after each round trip to the database."""
    while True:
        pause = PULSE_SECONDS
        try:
            await app.connector.execute_query_async("SELECT 1")
            watchdog.feed()
        except exceptions.ConnectorException as error:
            logger.warning("the database does not answer: %s", error.__cause__ or error)
            pause = AWAY_SECONDS
        await asyncio.sleep(pause)


async def sweep(app: App, hands: Hands) -> None:
    """Again and again take up the jobs that nobody does any more."""
    while True:
        try:
            await leftovers.retry_stalled(app)
            await leftovers.retry_forgotten(app, hands)
        except exceptions.ConnectorException as error:
            logger.warning("jobs left over were not looked for: %s", error.__cause__ or error)
        await asyncio.sleep(SWEEP_SECONDS)


def end_for_silence() -> NoReturn:
    """The watchdog's bite."""
    end_process(f"no answer from the database for {SILENCE_SECONDS:.0f} s")


async def give_up_when_exhausted(do: Callable[[], Awaitable[Any]], _context: JobContext, _worker: Worker) -> Any:
    """Around each job: one that fails since this process may open no more files or begin no more threads is no failed job. The next process may."""
    try:
        return await do()
    except (OSError, RuntimeError) as error:
        if getattr(error, "errno", None) in {errno.EMFILE, errno.ENFILE} or "can't start new thread" in str(error):
            end_process(str(error))
        raise


def stop_in_time() -> None:
    """After the first SIGTERM or SIGINT a thread sees to it that the process ends within STOP_SECONDS; jobs left over are done again elsewhere."""

    def end() -> None:
        logger.warning("jobs still ran %.0f s after the wish to stop; they will be done again", STOP_SECONDS)
        logging.shutdown()
        os._exit(0)

    timer = threading.Timer(STOP_SECONDS, end)
    timer.daemon = True
    timer.start()


async def work(*, jobs: int, watchdog: Watchdog) -> None:
    """Do jobs until asked to stop, `jobs` at a time; begin again whenever the database is back."""
    hands = Hands()
    main = asyncio.ensure_future(_rounds(jobs, hands, watchdog))

    def stop() -> None:
        stop_in_time()
        main.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await main


async def _rounds(jobs: int, hands: Hands, watchdog: Watchdog) -> None:
    while True:
        await _until_database_answers(watchdog)
        try:
            await _round(jobs, hands, watchdog)
        except exceptions.ConnectorException as error:
            logger.warning("the work was broken off, the database does not answer: %s", error.__cause__ or error)
        await asyncio.sleep(AWAY_SECONDS)


async def _until_database_answers(watchdog: Watchdog) -> None:
    """Every attempt that comes to an end, good or bad, shows that nothing is frozen."""
    while True:
        try:
            await (await psycopg.AsyncConnection.connect(**connector_params())).close()
        except psycopg.Error as error:
            logger.info("waiting for the database: %s", str(error).strip())
        else:
            return
        finally:
            watchdog.feed()
        await asyncio.sleep(AWAY_SECONDS)


async def _round(jobs: int, hands: Hands, watchdog: Watchdog) -> None:
    """Do jobs until a break. Raises ConnectorException; every job that was begun has ended by then."""
    bell = Bell()
    connector = SteadyConnector(
        bell=bell,
        connection_class=AsyncConnection,
        kwargs=connector_params(),
        min_size=1,
        max_size=jobs + 2,
        timeout=10.0,
        reconnect_timeout=10.0,
    )
    with django_app.replace_connector(connector) as app:
        leftovers.outlast_breaks(app)
        async with app.open_async():
            await _with_company(
                app.run_worker_async(
                    concurrency=jobs,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    stalled_worker_timeout=leftovers.STALLED_SECONDS,
                    worker_middleware=[hands.hold, journal.tell, give_up_when_exhausted],
                ),
                pulse(app, watchdog),
                sweep(app, hands),
                read_on(bell, hands=READERS),
            )


async def _with_company(*company: Coroutine[Any, Any, None]) -> None:
    """Run them together until one ends. Raises what that one raised, once the others have come to their end too."""
    tasks = [asyncio.ensure_future(each) for each in company]
    try:
        done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in done:
        task.result()
