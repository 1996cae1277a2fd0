"""Is everything well, in figures and without secrets: for monitors, load balancers and the doctor."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Max
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from sportello.core import clock
from sportello.mail.models import InboundMail

OLD_JOB_SECONDS = 300
"""A job that has been due for so long means that no worker is at work."""
STALLED_SECONDS = 120
"""A worker that has given no sign for so long will not finish its jobs; they are taken up again well before."""

# Jobs whose time has come and that nobody has begun; and jobs begun by a worker that is gone.
_JOBS = """
    SELECT extract(epoch FROM now() - min(due.since) FILTER (WHERE job.status = 'todo')),
           count(*) FILTER (WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %s))),
           count(*) FILTER (WHERE job.status = 'failed')
      FROM procrastinate_jobs job
      LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
      LEFT JOIN LATERAL (
           SELECT coalesce(job.scheduled_at, (SELECT min(at) FROM procrastinate_events WHERE job_id = job.id)) AS since
      ) due ON job.status = 'todo'
     WHERE job.status IN ('todo', 'doing', 'failed') AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
"""


@dataclass(frozen=True, slots=True)
class Jobs:
    """What waits and what stands still."""

    oldest_due_seconds: int | None
    stalled: int
    failed: int


@dataclass(frozen=True, slots=True)
class Health:
    """The answer of /health. Seconds are ages at the moment of asking; `problems` are stable words, empty when all is well."""

    database: bool
    last_mail_seconds: int | None = None
    oldest_job_seconds: int | None = None
    stalled_jobs: int = 0
    failed_jobs: int = 0
    problems: tuple[str, ...] = ()


def jobs() -> Jobs:
    with connection.cursor() as cursor:
        cursor.execute(_JOBS, [STALLED_SECONDS])
        oldest, stalled, failed = cursor.fetchone()
    return Jobs(oldest_due_seconds=None if oldest is None else max(int(oldest), 0), stalled=stalled, failed=failed)


def last_mail_at() -> datetime | None:
    """When a mail last came in, by any door."""
    latest: datetime | None = InboundMail.objects.aggregate(latest=Max("received_at"))["latest"]
    return latest


def examine(*, now: datetime) -> Health:
    """Health as far as the database tells it; a database that cannot be asked is itself the answer."""
    try:
        work, mail_at = jobs(), last_mail_at()
    except (OperationalError, InterfaceError):
        return Health(database=False, problems=("database",))
    mail_age = None if mail_at is None else max(int((now - mail_at).total_seconds()), 0)
    return Health(
        database=True,
        last_mail_seconds=mail_age,
        oldest_job_seconds=work.oldest_due_seconds,
        stalled_jobs=work.stalled,
        failed_jobs=work.failed,
        problems=_problems(work, mail_age),
    )


def _problems(work: Jobs, mail_age: int | None) -> tuple[str, ...]:
    silence = settings.MAIL_SILENCE_MINUTES * 60
    found = {
        "jobs_wait": (work.oldest_due_seconds or 0) > OLD_JOB_SECONDS,
        "jobs_stalled": work.stalled > 0,
        "no_mail": bool(silence) and (mail_age is None or mail_age > silence),
    }
    return tuple(word for word, wrong in found.items() if wrong)


@never_cache
@require_safe
def health(_request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503."""
    found = examine(now=clock.now())
    return JsonResponse(asdict(found), status=503 if found.problems else 200)
