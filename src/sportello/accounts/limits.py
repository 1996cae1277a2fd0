"""How often something may be tried. Counted in the database, so that all processes and machines share one count, in one atomic statement."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import connection, transaction

from sportello.accounts.models import Attempts
from sportello.core.statements import Columns

KEPT = timedelta(days=2)
_TAKE = """
INSERT INTO accounts_attempts (key_sha256, since, count) SELECT %s, %s, 1 {before}
ON CONFLICT (key_sha256, since) DO UPDATE SET count = accounts_attempts.count + 1 RETURNING count, count <= %s AS was_free
"""
_TRIED = Columns(
    lambda key_sha256, since: Attempts.objects.filter(key_sha256=key_sha256, since=since).values_list("count")
)
_GIVE_BACK = "UPDATE accounts_attempts SET count = count - 1 WHERE key_sha256 = %s AND since = %s AND count > 0"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` times in each stretch of `within`, for each key."""

    name: str
    most: int
    within: timedelta

    def take(self, key: str, *, now: datetime) -> bool:
        """Count one try; False when it is one too many."""
        return self.count(key, now=now) <= self.most

    def count(self, key: str, *, now: datetime) -> int:
        """Count one try; how many there were by now."""
        return count_in_turn([(self, key)], now=now)[0]

    @contextmanager
    def trying(self, key: str, *, now: datetime) -> Iterator[bool]:
        """Counts one try in one transaction with what is tried in the body; whether it is not one too many.

        Whatever fails there was not tried: it can be sent again. Whoever tries at the same moment waits for how it ends.
        """
        with transaction.atomic():
            yield self.take(key, now=now)

    def wait(self, *, now: datetime) -> timedelta:
        """Until it is counted anew."""
        return self.row("", now)[1] + self.within - now

    def left(self, key: str, *, now: datetime) -> int:
        """How many more there may be, without counting one."""
        tried: int = sum(count for (count,) in _TRIED(*self.row(key, now)))
        return max(0, self.most - tried)

    def give_back(self, key: str, *, now: datetime) -> None:
        """Uncount a try that turned out to be rightful."""
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, self.row(key, now))

    def forget(self, key: str, *, now: datetime) -> None:
        """Begin to count anew for somebody who has proved who they are."""
        Attempts.objects.filter(**dict(zip(("key_sha256", "since"), self.row(key, now), strict=True))).delete()

    def row(self, key: str, now: datetime) -> tuple[str, datetime]:
        """Where it is counted."""
        seconds = int(self.within.total_seconds())
        since = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
        return hashlib.sha256(f"{self.name}:{key}".encode(errors="replace")).hexdigest(), since


def count_in_turn(tries: Sequence[tuple[Limit, str]], *, now: datetime) -> list[int]:
    """Count one try with each, up to the first with which it is one too many, in one statement; how many there were by now with those."""
    values = [value for limit, key in tries for value in (*limit.row(key, now), limit.most)]
    with connection.cursor() as cursor:
        cursor.execute(_in_turn(len(tries)), values)
        return [count for count in cursor.fetchone() or () if count is not None]


@cache
def _in_turn(number: int) -> str:
    steps = [_TAKE.format(before=f"FROM try_{place - 1} WHERE was_free" if place else "") for place in range(number)]
    counts = ", ".join(f"(SELECT count FROM try_{place})" for place in range(number))  # noqa: S608 - names of our own
    return f"WITH {', '.join(f'try_{place} AS ({step})' for place, step in enumerate(steps))} SELECT {counts}"


def forget_old(*, now: datetime) -> int:
    """Remove counts that no limit reads any more; returns how many."""
    return Attempts.objects.filter(since__lt=now - KEPT).delete()[0]
