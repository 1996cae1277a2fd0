"""Which facts are a problem. Limits lie well under the two minutes in which health must turn bad; with the fact goes the problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sportello.watch.enums import Cause, Work

SILENT = timedelta(seconds=40)
"""A process that has not written its sign for so long is dead or frozen; it writes one every ten seconds."""
SETTLING = timedelta(seconds=60)
"""How long a new installation's pages may run before its other processes are missed."""
FORGOTTEN = timedelta(hours=1)
"""A silent process is no longer missed when others do its work: its machine was taken away."""
JOB_MAY_WAIT = timedelta(seconds=90)
MAIL_MAY_WAIT = timedelta(seconds=60)
"""How long mails may lie because the mail server is away; what one recipient's server puts off is not counted."""
MAIL_MAY_LIE = timedelta(hours=4)
IMAP_MAY_FAIL = timedelta(seconds=60)
FAILED_IS_NEWS = timedelta(hours=1)
"""A job that failed for good makes health bad for so long, unless somebody has done it again or set it aside."""
NEW = timedelta(days=1)
"""So long a desk may do without a backup."""
CLOCK_MAY_DIFFER = 5.0

FLOW = frozenset({Cause.JOBS_WAIT, Cause.IMAP, Cause.NO_MAIL, Cause.SELF_TEST, Cause.MAILS_FAILED})
"""What `flow` tells."""
_ALONE = frozenset(
    {
        Cause.DATABASE,
        Cause.DATABASE_SLOW,
        Cause.DATABASE_READ_ONLY,
        Cause.DATABASE_UNWRITABLE,
        Cause.RESTORING,
    }
)
"""Of which all else would only follow."""
_OF_WORK = {Work.WEB: Cause.WEB, Work.LIVE: Cause.LIVE, Work.WORKER: Cause.WORKER, Work.DOOR: Cause.MAIL_DOOR}


@dataclass(frozen=True, slots=True)
class Sign:
    """What one process last said of itself and when, how long ago and how long it had lived then: all by the database's clock."""

    work: Work
    node: str
    beat_at: datetime
    age: timedelta
    life: timedelta
    clock_ahead: float
    trouble: str
    key_mark: str = ""
    """Machines that have the same secret key have the same; empty from one of an earlier version."""


@dataclass(frozen=True, slots=True)
class FailedTask:
    """Jobs of one task that failed for good and that nobody has done again or set aside."""

    task: str
    number: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """Read at one moment, `now`. Instants say since when; None when nothing is amiss, or nothing is known."""

    now: datetime
    read_only: bool = False
    signs: Sequence[Sign] = ()
    oldest_job_at: datetime | None = None
    stalled_jobs: int = 0
    failed_jobs: int = 0
    failed_tasks: Sequence[FailedTask] = ()
    """Of the newest ones."""
    imap_failing_since: datetime | None = None
    unreachable_since: datetime | None = None
    """The oldest mail that waits because the mail server is away."""
    oldest_unsent_at: datetime | None = None
    last_mail_at: datetime | None = None
    begun_at: datetime | None = None
    """When the first of the staff was entered: so old is the desk."""
    test_lost_since: datetime | None = None
    mails_failed_since: datetime | None = None
    damaged_files: int = 0
    backup_at: datetime | None = None
    backup_failed_at: datetime | None = None
    restored_at: datetime | None = None
    restore_failed_at: datetime | None = None
    restore_seconds: int | None = None
    is_half_restored: bool = False
    asked_by_a_process: bool = True
    """Whether who asks gives signs itself, and so knows that when all are silent it is not for want of processes."""
    has_other_collation: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What the provider has set; None for never."""

    silence: timedelta | None = None
    backup: timedelta | None = None
    has_backup_store: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` names the machine when it is one machine's problem, `task` the kind of job when it is one kind's."""

    cause: Cause
    since: datetime | None = None
    where: str = ""
    task: str = ""


def problems(facts: Facts, limits: Limits) -> tuple[Problem, ...]:
    """The causes, each once a machine; what only follows from another is left out."""
    if facts.is_half_restored:
        return (Problem(Cause.RESTORING),)
    if facts.read_only:
        return (Problem(Cause.DATABASE_READ_ONLY),)
    if facts.asked_by_a_process and _no_page_process_gives_signs(facts):
        return (Problem(Cause.DATABASE_UNWRITABLE, max(sign.beat_at for sign in facts.signs)),)
    found = [
        *_silent(facts),
        *_seen_by_one(facts),
        *_work(facts),
        *flow(facts, limits),
        *_outbox(facts),
        *_kept(facts, limits),
    ]
    return tuple(dict.fromkeys(found))


def renewed(latest: Sequence[Problem], facts: Facts, limits: Limits) -> tuple[Problem, ...]:
    """What the last look found, with the flow of mail as it stands by now."""
    if any(problem.cause in _ALONE for problem in latest):
        return tuple(latest)
    return (*flow(facts, limits), *(problem for problem in latest if problem.cause not in FLOW))


def _no_page_process_gives_signs(facts: Facts) -> bool:
    """Who asks is one: when its own kind is silent, signs cannot be written."""
    ours = [sign for sign in facts.signs if sign.work is Work.WEB]
    return bool(ours) and all(sign.age > SILENT for sign in ours)


def _silent(facts: Facts) -> Iterator[Problem]:
    settled = any(sign.work is Work.WEB and sign.life > SETTLING for sign in facts.signs)
    for work, cause in _OF_WORK.items():
        ours = [sign for sign in facts.signs if sign.work is work]
        alive = [sign for sign in ours if sign.age <= SILENT]
        silent = [sign for sign in ours if sign.age > SILENT and not (alive and sign.age > FORGOTTEN)]
        for sign in silent:
            yield Problem(cause, sign.beat_at, sign.node)
        if not ours and settled:
            yield Problem(cause)


def _seen_by_one(facts: Facts) -> Iterator[Problem]:
    for sign in facts.signs:
        if sign.age > SILENT:
            continue
        if sign.trouble:
            yield Problem(Cause(sign.trouble), None, sign.node)
        if abs(sign.clock_ahead) > CLOCK_MAY_DIFFER:
            yield Problem(Cause.CLOCK, None, sign.node)
    yield from _other_keys([sign for sign in facts.signs if sign.age <= SILENT and sign.key_mark])


def _other_keys(signs: Sequence[Sign]) -> Iterator[Problem]:
    """Of the machines that have another secret key than the process that has run for longest."""
    if signs:
        usual = max(signs, key=lambda sign: sign.life).key_mark
        yield from (Problem(Cause.KEYS_DIFFER, None, sign.node) for sign in signs if sign.key_mark != usual)


def _work(facts: Facts) -> Iterator[Problem]:
    if facts.stalled_jobs:
        yield Problem(Cause.JOBS_STALLED)
    for failed in facts.failed_tasks:
        if not _for_longer(facts, failed.last_at, FAILED_IS_NEWS):
            yield Problem(Cause.JOBS_FAILED, failed.first_at, task=failed.task)


def flow(facts: Facts, limits: Limits) -> Iterator[Problem]:
    """What keeps mail from coming in and being worked on; a desk without any mail yet is silent since it was begun."""
    since: tuple[tuple[Cause, datetime | None, timedelta | None], ...] = (
        (Cause.JOBS_WAIT, facts.oldest_job_at, JOB_MAY_WAIT),
        (Cause.IMAP, facts.imap_failing_since, IMAP_MAY_FAIL),
        (Cause.NO_MAIL, facts.last_mail_at or facts.begun_at, limits.silence),
        (Cause.SELF_TEST, facts.test_lost_since, timedelta(0)),
        (Cause.MAILS_FAILED, facts.mails_failed_since, timedelta(0)),
    )
    for cause, instant, limit in since:
        if instant is not None and limit is not None and facts.now - instant > limit:
            yield Problem(cause, instant)


def _outbox(facts: Facts) -> Iterator[Problem]:
    if _for_longer(facts, facts.unreachable_since, MAIL_MAY_WAIT):
        yield Problem(Cause.OUTBOX, facts.unreachable_since)
    if facts.unreachable_since is None and _for_longer(facts, facts.oldest_unsent_at, MAIL_MAY_LIE):
        yield Problem(Cause.OUTBOX, facts.oldest_unsent_at)


def _kept(facts: Facts, limits: Limits) -> Iterator[Problem]:
    if facts.damaged_files:
        yield Problem(Cause.FILES_DAMAGED)
    if limits.backup is not None:
        yield from _backup(facts, limits.backup, has_store=limits.has_backup_store)
    if facts.restore_failed_at is not None:
        yield Problem(Cause.RESTORE_FAILED, facts.restore_failed_at)
    if facts.has_other_collation:
        yield Problem(Cause.COLLATION)


def _backup(facts: Facts, may_be_old: timedelta, *, has_store: bool) -> Iterator[Problem]:
    """The store may be known to another machine alone, which shows by its backups."""
    if facts.backup_at is None and facts.backup_failed_at is None and not has_store:
        if _for_longer(facts, facts.begun_at, NEW):
            yield Problem(Cause.NO_BACKUP)
        return
    if facts.backup_at is None or _for_longer(facts, facts.backup_at, may_be_old):
        yield Problem(Cause.BACKUP, facts.backup_at)
    if facts.backup_failed_at is not None:
        yield Problem(Cause.BACKUP_FAILED, facts.backup_failed_at)


def _for_longer(facts: Facts, since: datetime | None, limit: timedelta) -> bool:
    return since is not None and facts.now - since > limit
