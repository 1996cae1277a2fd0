"""What health and metrics are made of, in four queries whatever the size of the house."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, FloatField
from django.db.models.functions import Extract, Now
from psycopg.errors import QueryCanceled

from sportello.core.patience import disk_is_full, within
from sportello.mail.queries.standing import MailStanding, mail_standing
from sportello.watch.enums import Cause, Inspection, Work
from sportello.watch.models import LastInspection, Pulse
from sportello.watch.named import HALF_RESTORED, NAMED_FILES, SOME_NAMED_FILES
from sportello.watch.rules import Facts, FailedTask, Limits, Problem, Sign, problems, renewed

ASKED_SECONDS = 3
SILENT_SECONDS = 4.0
"""A database that has not even refused in time does not answer at all."""
NEWEST_FAILED = 500
WAL_SEGMENT_BYTES = 16 * 1024 * 1024
"""A server that cannot write so much does not even start."""
_STALLED_SECONDS = 60
"""A worker that has given no sign for so long will not finish its jobs; they are taken up again well before."""

_FACTS = """
    WITH unsent AS (
        SELECT min(not_before) AS since, min(not_before) FILTER (WHERE state <> 'queued') AS tried_since
          FROM mail_outboundmail WHERE state IN ('queued', 'sending', 'deferred') AND not_before <= %(now)s
    )
    SELECT current_setting('transaction_read_only') = 'on' OR current_setting('default_transaction_read_only') = 'on' OR pg_is_in_recovery(),
           (SELECT count(*) FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
             WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => %(stalled)s))),
           (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
           (SELECT json_agg(json_build_array(task, number, first_at, last_at)) FROM (
                SELECT job.task_name AS task, count(*) AS number, min(event.at) AS first_at, max(event.at) AS last_at
                  FROM (SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed' ORDER BY id DESC LIMIT %(newest)s) job
                 CROSS JOIN LATERAL (SELECT max(at) AS at FROM procrastinate_events WHERE job_id = job.id AND type = 'failed') event
                 WHERE event.at IS NOT NULL GROUP BY 1 ORDER BY 4 DESC, 1) failed),
           (SELECT tried_since FROM unsent WHERE NOT EXISTS (
                SELECT FROM mail_outboundmail mail
                 WHERE mail.state IN ('sent', 'bounced') AND mail.created_at > unsent.tried_since - interval '1 day'
                   AND mail.sent_at >= unsent.tried_since)),
           (SELECT since FROM unsent),
           (SELECT json_object_agg(kind, json_build_object('at', at, 'found', found)) FROM watch_lastinspection),
           (SELECT datcollversion <> pg_database_collation_actual_version(oid) FROM pg_database WHERE datname = current_database())
"""
# What is done with is not counted, for there are millions of it; the others have indexes of their own.
_FIGURES = """
    SELECT (SELECT json_object_agg(state, number) FROM (
                SELECT status AS state, count(*) AS number FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1) jobs),
           (SELECT json_object_agg(state, number) FROM (
                SELECT state, count(*) AS number FROM mail_inboundmail WHERE state IN ('received', 'held', 'failed') GROUP BY 1) mails),
           (SELECT json_object_agg(state, number) FROM (
                SELECT state, count(*) AS number FROM mail_outboundmail WHERE state IN ('queued', 'sending', 'deferred') GROUP BY 1
                 UNION ALL SELECT 'failed', count(*) FROM mail_outboundmail WHERE state = 'failed'
                 UNION ALL SELECT 'held', count(*) FROM mail_outboundmail WHERE state = 'held') mails)
"""
# As many keys as were ever given out: it never falls, and nothing is gone through.
_EVER = "SELECT " + ", ".join(
    f"coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', 'id')::regclass), 0)"
    for table in ("mail_inboundmail", "mail_outboundmail", "tickets_ticket")
)


@dataclass(frozen=True, slots=True)
class Examined:
    """`facts` is None when the database could not be asked, which is then the one problem."""

    facts: Facts | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers by state, of what waits or has failed; a state that nothing is in may be missing."""

    jobs: dict[str, int]
    inbound: dict[str, int]
    outbound: dict[str, int]
    ever: Ever


@dataclass(frozen=True, slots=True)
class Ever:
    """How many there were since this database began, with what was deleted since, a mail that came again, and what was called off."""

    mails_received: int
    mails_written: int
    tickets: int


class _Flow(TypedDict):
    """The facts of `rules.flow`."""

    oldest_job_at: datetime | None
    imap_failing_since: datetime | None
    last_mail_at: datetime | None
    begun_at: datetime | None
    test_lost_since: datetime | None
    mails_failed_since: datetime | None


@dataclass(slots=True)
class _LastLook:
    """What this process saw when it could last ask the database."""

    disk_was_full: bool = False


_last_look = _LastLook()


def examine(*, now: datetime, by_a_process: bool = True) -> Examined:
    """A database that cannot be asked, or not in time, is itself the answer. `by_a_process`: whether who asks gives signs of life itself."""
    try:
        with within(SILENT_SECONDS), transaction.atomic():
            facts = Facts(now, is_half_restored=True) if _limit_time() else _facts(now, by_a_process=by_a_process)
        if facts.read_only or facts.is_half_restored:
            _begin_anew()
    except (OperationalError, InterfaceError) as error:
        return Examined(None, (Problem(_why_silent(error)),))
    found = problems(facts, limits())
    if disk_is_full():
        found = tuple(dict.fromkeys((*found, Problem(Cause.DATABASE_FULL, None, settings.NODE))))
    _last_look.disk_was_full = any(problem.cause is Cause.DATABASE_FULL for problem in found)
    return Examined(facts, found)


def _why_silent(error: Exception) -> Cause:
    """A server whose write-ahead log finds no room ends itself, and does not start before there is some."""
    if isinstance(error.__cause__, QueryCanceled):
        return Cause.DATABASE_SLOW
    is_full = disk_is_full() or _last_look.disk_was_full or _has_no_room()
    return Cause.DATABASE_FULL if is_full else Cause.DATABASE


def _has_no_room() -> bool:
    """Of the embedded server, whose disk is ours to look at."""
    with suppress(OSError):
        folder = settings.EMBEDDED_DATABASE
        return folder is not None and shutil.disk_usage(folder).free < WAL_SEGMENT_BYTES
    return False


def figures() -> Figures:
    with transaction.atomic():
        _limit_time()
        with connection.cursor() as cursor:
            cursor.execute(_FIGURES)
            jobs, inbound, outbound = cursor.fetchone()
            cursor.execute(_EVER)
            ever = Ever(*cursor.fetchone())
    return Figures(jobs or {}, inbound or {}, outbound or {}, ever)


def now_standing(standing: MailStanding, latest: Sequence[Problem], *, now: datetime) -> tuple[Problem, ...]:
    """What the last look found, with what a page has just read of the flow of mail; without a query."""
    return renewed(latest, Facts(now, **_flow(standing)), limits())


def limits() -> Limits:
    silence, backup = settings.MAIL_SILENCE_MINUTES, settings.BACKUP_MAX_HOURS
    return Limits(
        timedelta(minutes=silence) if silence else None,
        timedelta(hours=backup) if backup else None,
        has_backup_store=settings.HAS_BACKUP_STORE,
    )


def signs() -> list[Sign]:
    """Of every process that has one, in the database's time."""
    rows = Pulse.objects.annotate(
        age=Extract(Now() - F("beat_at"), "epoch", output_field=FloatField()),
        life=Extract(F("beat_at") - F("began_at"), "epoch", output_field=FloatField()),
    ).order_by("work", "node", "process")
    return [
        Sign(
            Work(row.work),
            row.node,
            row.beat_at,
            timedelta(seconds=float(row.age)),
            timedelta(seconds=float(row.life)),
            row.clock_ahead,
            row.trouble,
            row.key_mark,
        )
        for row in rows
    ]


def failed_jobs(task: str) -> list[int]:
    """The newest of this task that failed for good."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE status = 'failed' AND task_name = %s ORDER BY id DESC LIMIT %s",
            [task, NEWEST_FAILED],
        )
        return [number for (number,) in cursor.fetchall()]


def pulses() -> list[Pulse]:
    return list(Pulse.objects.order_by("work", "node", "process"))


def last_inspection(kind: Inspection) -> LastInspection | None:
    return LastInspection.objects.filter(kind=kind).first()


def given_up() -> frozenset[str]:
    """The files that an administrator has called lost for good."""
    row = last_inspection(Inspection.FILES)
    return frozenset(row.found.get("given_up", ())) if row else frozenset()


def every_named_file() -> list[str]:
    """The sha256 of every file that a row names."""
    with connection.cursor() as cursor:
        cursor.execute(NAMED_FILES)
        return [name for (name,) in cursor.fetchall()]


def store_is_ours(has: Callable[[str], bool]) -> bool:
    """Of a file store without its mark: whether it has most of some files that rows name. Where none is named: whether no store ever had a mark."""
    with connection.cursor() as cursor:
        cursor.execute(SOME_NAMED_FILES)
        names = [name for (name,) in cursor.fetchall()]
    if not names:
        return last_inspection(Inspection.STORE) is None
    return sum(map(has, names)) * 2 > len(names)


def where_named(sha256: str) -> list[str]:
    """The tickets whose messages, notes or drafts name the file, as "#1042"."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT '#' || ticket.number FROM tickets_attachment file "
            "LEFT JOIN tickets_message message ON message.id = file.message_id LEFT JOIN tickets_note note ON note.id = file.note_id "
            "LEFT JOIN tickets_draft draft ON draft.id = file.draft_id "
            "JOIN tickets_ticket ticket ON ticket.id = coalesce(message.ticket_id, note.ticket_id, draft.ticket_id) "
            "WHERE %s IN (file.sha256, file.preview_sha256) ORDER BY 1",
            [sha256],
        )
        return [name for (name,) in cursor.fetchall()]


def _facts(now: datetime, *, by_a_process: bool) -> Facts:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, {"now": now, "stalled": _STALLED_SECONDS, "newest": NEWEST_FAILED})
        read_only, stalled, failed, failed_tasks, unreachable, unsent, inspections, other_collation = cursor.fetchone()
    standing = mail_standing(now=now)
    rows: dict[str, Any] = inspections or {}
    files, backup, restore = (
        LastInspection(at=datetime.fromisoformat(rows[kind]["at"]), found=rows[kind]["found"])
        if kind in rows
        else LastInspection()
        for kind in (Inspection.FILES, Inspection.BACKUP, Inspection.RESTORE)
    )
    return Facts(
        now=now,
        read_only=read_only,
        signs=signs(),
        **_flow(standing),
        stalled_jobs=stalled,
        failed_jobs=failed,
        failed_tasks=[
            FailedTask(task, number, datetime.fromisoformat(first), datetime.fromisoformat(last))
            for task, number, first, last in failed_tasks or ()
        ],
        unreachable_since=unreachable,
        oldest_unsent_at=unsent,
        damaged_files=len(files.found.get("damaged", ())),
        backup_at=backup.succeeded_at,
        backup_failed_at=backup.failed_at,
        restored_at=restore.succeeded_at,
        restore_failed_at=restore.failed_at,
        restore_seconds=restore.found.get("seconds"),
        has_other_collation=bool(other_collation),
        asked_by_a_process=by_a_process,
    )


def _flow(standing: MailStanding) -> _Flow:
    return {
        "oldest_job_at": standing.oldest_job_at,
        "imap_failing_since": standing.imap_failing_since,
        "last_mail_at": standing.last_mail_at,
        "begun_at": standing.begun_at,
        "test_lost_since": standing.test_lost_since,
        "mails_failed_since": standing.failed_since,
    }


def _limit_time() -> bool:
    """Whether there is but half a database: the limit and this are one question."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT set_config('statement_timeout', '{ASKED_SECONDS}s', true), ({HALF_RESTORED})")
        return bool(cursor.fetchone()[1])


def _begin_anew() -> None:
    """That a role or a database may only read is told to a session as it begins: one that has heard it is not asked again."""
    if connection.connection is not None and not connection.in_atomic_block:
        connection.connection.close()
        connection.close()
