"""The process that does the jobs, made so that it never stands still unnoticed.

What procrastinate leaves open and this closes (each seen in a measurement): LISTEN that does not come back after a database restart, a connection
whose other end has vanished without a word, jobs of a killed worker that stay begun for ever, and a stop that waits without end.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import psycopg
from procrastinate import App, exceptions
from procrastinate.connector import BaseConnector, Notify
from procrastinate.contrib.django import app as django_app
from procrastinate.contrib.django import connector_params
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import Job, Status
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import sql

logger = logging.getLogger(__name__)

SILENCE_SECONDS = 60.0
"""Without one round trip to the database for so long the process ends, and whoever started it starts it again."""
PULSE_SECONDS = 5.0
SWEEP_SECONDS = 20.0
STALLED_SECONDS = 30.0
"""procrastinate's workers give a sign every 10 s; three missed, and their jobs are taken up again."""
STOP_SECONDS = 25.0
LISTEN_CHECK_SECONDS = 10.0
_LONGEST_LISTEN_PAUSE = 10.0


class SteadyConnector(PsycopgConnector):
    """Hears of new jobs again after every restart of the database, and leaves what jobs themselves defer to Django's connection."""

    def get_sync_connector(self) -> BaseConnector:
        """A job that defers another does so in its own transaction: else the other may run before there is anything to do, and is lost."""
        return DjangoConnector()

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen for ever; reconnect with a growing pause. Each return of the connection also says "there may be jobs", for what was missed."""
        names, pause = list(channels), 0.5
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **self._pool_args["kwargs"], autocommit=True
                ) as connection:
                    await _listen(connection, names)
                    pause = 0.5
                    await self._pass_on(connection, on_notification)
            except psycopg.Error as error:
                logger.warning("not listening for jobs, again in %.1f s: %s", pause, str(error).strip())
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_LISTEN_PAUSE)

    async def _pass_on(self, connection: psycopg.AsyncConnection[Any], on_notification: Notify) -> None:
        while True:
            async for notice in connection.notifies(timeout=LISTEN_CHECK_SECONDS):
                await on_notification(channel=notice.channel, payload=notice.payload)
            await connection.execute("SELECT 1")


async def _listen(connection: psycopg.AsyncConnection[Any], channels: Iterable[str]) -> None:
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

    def feed(self) -> None:
        self._fed_at = time.monotonic()

    def _watch(self) -> None:
        while time.monotonic() - self._fed_at < self._seconds:
            time.sleep(min(1.0, self._seconds / 4))
        self._end()


async def pulse(app: App, watchdog: Watchdog) -> None:
    """Feed the watchdog after each round trip to the database."""
    while True:
        try:
            await app.connector.execute_query_async("SELECT 1")
            watchdog.feed()
        except exceptions.ConnectorException as error:
            logger.warning("the database does not answer: %s", error.__cause__ or error)
        await asyncio.sleep(PULSE_SECONDS)


async def sweep(app: App) -> None:
    """Again and again take up the jobs of workers that are gone."""
    while True:
        try:
            await retry_stalled(app)
        except exceptions.ConnectorException as error:
            logger.warning("stalled jobs were not looked for: %s", error.__cause__ or error)
        await asyncio.sleep(SWEEP_SECONDS)


async def retry_stalled(app: App) -> int:
    """Put each stalled job back in the queue; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        logger.warning("job %s (%s) was left by a worker that is gone; it is done again", job.id, job.task_name)
        await _put_back(app, job)
    return len(stalled)


async def _put_back(app: App, job: Job) -> None:
    """A stalled job whose queueing lock a younger sibling holds gives way to it: that one does the same work."""
    try:
        await app.job_manager.retry_job(job)
    except exceptions.UniqueViolation:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)


def end_process() -> None:
    """At once and without cleaning up: what was begun is taken up again by another worker."""
    logger.critical("no answer from the database for %.0f s; ending", SILENCE_SECONDS)
    logging.shutdown()
    os._exit(70)


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
    """Do jobs until asked to stop; `jobs` at a time. Returns when the worker has stopped for whatever reason."""
    connector = SteadyConnector(kwargs=connector_params(), min_size=1, max_size=jobs + 2, timeout=10.0)
    with django_app.replace_connector(connector) as app:
        async with app.open_async():
            await _with_company(
                app.run_worker_async(
                    concurrency=jobs,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    stalled_worker_timeout=STALLED_SECONDS,
                ),
                pulse(app, watchdog),
                sweep(app),
            )


async def _with_company(main: Awaitable[None], *companions: Awaitable[None]) -> None:
    """Run `main` to its end, with companions that end when it does. SIGTERM and SIGINT cancel it, which lets running jobs finish."""
    task = asyncio.ensure_future(main)
    loop = asyncio.get_running_loop()

    def stop() -> None:
        stop_in_time()
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    beside = [asyncio.ensure_future(companion) for companion in companions]
    try:
        await asyncio.wait([task, *beside], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for companion in beside:
            companion.cancel()
    await task
