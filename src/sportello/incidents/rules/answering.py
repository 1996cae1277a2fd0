"""When a message of an incident is an answer [promise.first]."""

from __future__ import annotations

from datetime import datetime, timedelta

FRESH = timedelta(hours=1)


def counts_as_answer(*, by_person: bool, said_at: datetime, next_update_at: datetime | None, now: datetime) -> bool:
    """Whether it truly says what is known: a person wrote it, within the hour or with a next time that has not passed."""
    return by_person and (now - said_at <= FRESH or (next_update_at is not None and next_update_at > now))
