"""Jobs that are begun and that nobody does: their worker is gone, their end could not be written down, database or file store broke them off."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.db import InterfaceError, OperationalError
from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision, exceptions
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from sportello.core import clock
from sportello.core.files import FileStoreAway

logger = logging.getLogger(__name__)

BREAKS = (OperationalError, InterfaceError, FileStoreAway)
"""What is no fault of a job's, and passes."""
STALLED_SECONDS = 30.0
"""procrastinate's workers give a sign every 10 s; three missed, and their jobs are taken up again."""
AGAIN_SECONDS = 5
MENDED = "DELETE FROM procrastinate_jobs WHERE status = 'failed' AND queueing_lock = %(lock)s"


@dataclass(slots=True)
class Hands:
    """What this process is doing, and in whose name: a worker gets a new number after every break of the database."""

    workers: set[int] = field(default_factory=set)
    running: set[int] = field(default_factory=set)
    idle: set[int] = field(default_factory=set)
    """Jobs begun in our name that we were not doing at the last look."""

    async def hold(self, do: Callable[[], Awaitable[Any]], context: JobContext, worker: Worker) -> Any:
        """Around each job, as procrastinate's worker middleware."""
        number = context.job.id or 0
        self.workers.add(worker.worker_id or 0)
        self.running.add(number)
        try:
            return await (do() if context.job.queueing_lock is None else _one_of_a_kind(do, context))
        finally:
            self.running.discard(number)


async def _one_of_a_kind(do: Callable[[], Awaitable[Any]], context: JobContext) -> Any:
    """A job whose next one comes by itself: being broken off is no failure, and its success mends the failures before it."""
    job = context.job
    try:
        done = await do()
    except BREAKS as error:
        logger.warning("job %s (%s) was broken off, the next one does its work: %s", job.id, job.task_name, error)
        return None
    with suppress(exceptions.ConnectorException):
        await context.app.connector.execute_query_async(MENDED, lock=job.queueing_lock)
    return done


async def retry_stalled(app: App) -> int:
    """Put each job of a worker that is gone back in the queue; how many there were."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS))
    for job in stalled:
        logger.warning("job %s (%s) was left by a worker that is gone; it is done again", job.id, job.task_name)
        await _put_back(app, job)
    return len(stalled)


async def retry_forgotten(app: App, hands: Hands) -> int:
    """Put back what was begun in our name and what we are not doing, seen twice so that a job that is just ending is left alone; how many."""
    begun = await app.job_manager.list_jobs_async(status=Status.DOING.value)
    idle = {job.id: job for job in begun if job.id and job.worker_id in hands.workers and job.id not in hands.running}
    forgotten = [idle.pop(number) for number in hands.idle & idle.keys()]
    hands.idle = set(idle)
    for job in forgotten:
        logger.warning("the end of job %s (%s) could not be written down; it is done again", job.id, job.task_name)
        await _put_back(app, job)
    return len(forgotten)


async def _put_back(app: App, job: Job) -> None:
    """A stalled job whose queueing lock a younger sibling holds gives way to it: that one does the same work."""
    try:
        await app.job_manager.retry_job(job, retry_at=clock.by_database(clock.now()))
    except exceptions.UniqueViolation:
        await app.job_manager.finish_job(job, status=Status.ABORTED, delete_job=True)


@dataclass(frozen=True, slots=True)
class Again(BaseRetryStrategy):
    """What the database or the file store broke off is done again, as often as it takes, for that is no fault of the job.

    Of everything else the task decides.

    One with a queueing lock does not come here with that: the next of its kind comes by itself.
    """

    task: BaseRetryStrategy | None

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, BREAKS):
            decision: RetryDecision | None = RetryDecision(retry_in={"seconds": AGAIN_SECONDS})
        else:
            decision = self.task.get_retry_decision(exception=exception, job=job) if self.task else None
        if decision is not None and decision.retry_at is not None:
            decision.retry_at = clock.by_database(decision.retry_at)
        return decision


def outlast_breaks(app: App) -> None:
    """Give every task patience with the database and the file store."""
    for task in app.tasks.values():
        if not isinstance(task.retry_strategy, Again):
            task.retry_strategy = Again(task.retry_strategy)
