"""Jobs as procrastinate's tables hold them."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection


def make_failed_job(task: str, *, ago: timedelta = timedelta(0), lock: str | None = None) -> int:
    """A job that failed for good so long ago; its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock) VALUES ('x', %s, 'doing', %s) RETURNING id",
            [task, lock],
        )
        job = int(cursor.fetchone()[0])
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [job])
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - make_interval(secs => %s) WHERE job_id = %s AND type = 'failed'",
            [ago.total_seconds(), job],
        )
    return job
