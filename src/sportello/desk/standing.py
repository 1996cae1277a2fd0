"""The standing alarm of the desk: what health says, on every page until it is mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sportello.watch.enums import Cause
from sportello.watch.rules import Problem
from sportello.watch.words import WRONG, mend

_FOR_ADMINISTRATORS = frozenset({Cause.JOBS_FAILED, Cause.NO_BACKUP, Cause.RESTORE_FAILED})
"""What nobody else can do anything about, and that keeps nobody from working."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """`words` say what is wrong and what to do; `where` names machines or kinds of work; `since` is None when nobody knows."""

    words: str
    where: str = ""
    since: datetime | None = None


def troubles(problems: Sequence[Problem], *, administers: bool = True) -> list[Trouble]:
    """Each cause once; empty when all is well."""
    left_out = frozenset() if administers else _FOR_ADMINISTRATORS
    causes = dict.fromkeys(problem.cause for problem in problems if problem.cause not in left_out)
    return [_one_cause(cause, [problem for problem in problems if problem.cause == cause]) for cause in causes]


def _one_cause(cause: Cause, problems: Sequence[Problem]) -> Trouble:
    """Of however many machines."""
    return Trouble(
        f"{WRONG[cause]} {mend(cause)}",
        where=", ".join(dict.fromkeys(about for problem in problems if (about := problem.where or problem.task))),
        since=min((problem.since for problem in problems if problem.since), default=None),
    )
