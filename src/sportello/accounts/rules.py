"""How long a session lasts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """A session ends after `idle` without a person's act, and after `longest` whatever happens (ASVS 7.3.1, 7.3.2)."""

    idle: timedelta
    longest: timedelta

    def is_over(self, *, begun_at: datetime, active_at: datetime, now: datetime) -> bool:
        return now - active_at > self.idle or now - begun_at > self.longest


STAFF_SESSION = SessionLimits(idle=timedelta(hours=2), longest=timedelta(hours=12))
CONTACT_SESSION = SessionLimits(idle=timedelta(hours=1), longest=timedelta(hours=12))
# The fewest seconds between two notes of activity, so that reading pages does not write a row each time.
NOTED_EVERY = timedelta(minutes=1)
# What was proved a moment ago need not be proved again (allauth's own measure is the same).
JUST_SIGNED_IN = timedelta(minutes=5)
