"""What becomes of work that failed for good: it is done again, or set aside, and both stand in the audit."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core import clock
from sportello.watch import queries

_SET_ASIDE = "DELETE FROM procrastinate_jobs WHERE id = ANY(%s) AND status = 'failed'"


def do_again(*, task: str, by: User, now: datetime, address: str | None) -> int:
    """Queues every failed job of the task anew; how many. Raises Refused("admin-only")."""
    check_can_administer(by)
    with transaction.atomic():
        jobs = queries.failed_jobs(task)
        for job in jobs:
            _do_again(job, now)
        if jobs:
            record(act=Act.JOBS_AGAIN, subject=task, by=by, now=now, address=address, detail={"jobs": jobs})
    return len(jobs)


def set_aside(*, task: str, by: User, now: datetime, address: str | None) -> int:
    """Forgets every failed job of the task; how many. Raises Refused("admin-only")."""
    check_can_administer(by)
    with transaction.atomic():
        jobs = queries.failed_jobs(task)
        _forget(jobs)
        if jobs:
            record(act=Act.JOBS_SET_ASIDE, subject=task, by=by, now=now, address=address, detail={"jobs": jobs})
    return len(jobs)


def _do_again(job: int, now: datetime) -> None:
    """One whose queueing lock a younger sibling holds gives way to it: that one does the same work."""
    try:
        with transaction.atomic():
            app.job_manager.retry_job_by_id(job, retry_at=clock.by_database(now))
    except exceptions.UniqueViolation:
        _forget([job])


def _forget(jobs: list[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SET_ASIDE, [jobs])
