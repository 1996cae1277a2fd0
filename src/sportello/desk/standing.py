"""The standing alarm of the desk: mail, on which everything stands, does not flow. Shown on every page until it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from sportello.mail.queries.standing import MailStanding
from sportello.watch.enums import Cause
from sportello.watch.rules import Problem
from sportello.watch.words import WRONG, mend

_FOR_ADMINISTRATORS = frozenset({Cause.JOBS_FAILED})
"""What nobody else can do anything about, and that keeps nobody from working."""
_SAID_ALREADY = frozenset({Cause.JOBS_WAIT, Cause.SELF_TEST, Cause.IMAP, Cause.NO_MAIL})
JOBS_MAY_WAIT = timedelta(minutes=2)
IMAP_MAY_FAIL = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Trouble:
    """`words` is a whole sentence up to the time; None when it ends by itself. `where` names machines or kinds of work, `noticed_at` since when."""

    words: str
    since: datetime | None = None
    where: str = ""
    noticed_at: datetime | None = None


def all_troubles(
    standing: MailStanding, problems: Sequence[Problem], *, now: datetime, administers: bool = True
) -> list[Trouble]:
    """What keeps mail from flowing, and what else health found wrong with the house; empty when all is well."""
    return [*troubles(standing, now=now), *seen_by_health(problems, administers=administers)]


def troubles(standing: MailStanding, *, now: datetime) -> list[Trouble]:
    """What keeps mail from flowing, the worst first."""
    found = []
    if _for_longer(standing.oldest_job_at, JOBS_MAY_WAIT, now):
        found.append(
            Trouble(_("Nothing is being worked on, mail neither comes in nor goes out since"), standing.oldest_job_at)
        )
    if standing.test_lost_since:
        found.append(
            Trouble(_("Our own test mail does not come back: mail may stand still since"), standing.test_lost_since)
        )
    if _for_longer(standing.imap_failing_since, IMAP_MAY_FAIL, now):
        found.append(Trouble(_("A mailbox cannot be fetched by IMAP since"), standing.imap_failing_since))
    if _is_silent(standing, now):
        found.append(Trouble(_("No mail has come since"), standing.last_mail_at))
    return found


def seen_by_health(problems: Sequence[Problem], *, administers: bool = True) -> list[Trouble]:
    """What /health says besides, each cause once, with what to do about it."""
    left_out = _SAID_ALREADY if administers else _SAID_ALREADY | _FOR_ADMINISTRATORS
    causes = dict.fromkeys(problem.cause for problem in problems if problem.cause not in left_out)
    return [_one_cause(cause, [problem for problem in problems if problem.cause == cause]) for cause in causes]


def _one_cause(cause: Cause, problems: Sequence[Problem]) -> Trouble:
    """Of however many machines."""
    return Trouble(
        f"{WRONG[cause]} {mend(cause)}",
        where=", ".join(dict.fromkeys(about for problem in problems if (about := problem.where or problem.task))),
        noticed_at=min((problem.since for problem in problems if problem.since), default=None),
    )


def _for_longer(since: datetime | None, than: timedelta, now: datetime) -> bool:
    return since is not None and now - since > than


def _is_silent(standing: MailStanding, now: datetime) -> bool:
    silence = timedelta(minutes=settings.MAIL_SILENCE_MINUTES)
    return bool(silence) and _for_longer(standing.last_mail_at, silence, now)
