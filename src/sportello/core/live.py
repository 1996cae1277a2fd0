"""Live updates: a notice in the current transaction, delivered when it commits and forgotten when it does not.

A notice carries ids only, never text: whoever receives it asks for the rest through a query that knows who is asking.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

CHANNEL = "sportello_live"
_gathered: ContextVar[list[str] | None] = ContextVar("gathered", default=None)


def publish(*topics: str, **data: str | int) -> None:
    """Tells every live process. Topics: `queue`, `ticket`, `presence`, `mail`, `alarm`; `session`, which goes no further."""
    notices = [notice(topic, **data) for topic in topics]
    gathered = _gathered.get()
    if gathered is None:
        _tell(notices)
    else:
        gathered += notices


def notice(topic: str, **data: str | int) -> str:
    return json.dumps({"topic": topic, **data}, separators=(",", ":"), sort_keys=True)


@contextmanager
def together() -> Iterator[None]:
    """What the body publishes is told at its end, all in one statement. It stands within the transaction."""
    gathered: list[str] = []
    token = _gathered.set(gathered)
    try:
        yield
    finally:
        _gathered.reset(token)
    if gathered:
        _tell(gathered)


def _tell(notices: Sequence[str]) -> None:
    told = ", ".join(["pg_notify(%s, %s)"] * len(notices))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}", [part for each in notices for part in (CHANNEL, each)])
