"""How often something may be tried. Counted in the database, so that all processes and machines share one count, in one atomic statement."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import connection

from sportello.accounts.models import Attempts

KEPT = timedelta(days=2)
_TAKE = """
INSERT INTO accounts_attempts (key_sha256, since, count) VALUES (%s, %s, 1)
ON CONFLICT (key_sha256, since) DO UPDATE SET count = accounts_attempts.count + 1 RETURNING count
"""
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
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, self._row(key, now))
            (count,) = cursor.fetchone() or (0,)
        return int(count)

    def left(self, key: str, *, now: datetime) -> int:
        """How many more there may be, without counting one."""
        key_sha256, since = self._row(key, now)
        tried = Attempts.objects.filter(key_sha256=key_sha256, since=since).values_list("count", flat=True).first()
        return max(0, self.most - (tried or 0))

    def give_back(self, key: str, *, now: datetime) -> None:
        """Uncount a try that turned out to be rightful."""
        with connection.cursor() as cursor:
            cursor.execute(_GIVE_BACK, self._row(key, now))

    def forget(self, key: str, *, now: datetime) -> None:
        """Begin to count anew for somebody who has proved who they are."""
        Attempts.objects.filter(**dict(zip(("key_sha256", "since"), self._row(key, now), strict=True))).delete()

    def _row(self, key: str, now: datetime) -> tuple[str, datetime]:
        seconds = int(self.within.total_seconds())
        since = datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
        return hashlib.sha256(f"{self.name}:{key}".encode(errors="replace")).hexdigest(), since


def forget_old(*, now: datetime) -> int:
    """Remove counts that no limit reads any more; returns how many."""
    return Attempts.objects.filter(since__lt=now - KEPT).delete()[0]
