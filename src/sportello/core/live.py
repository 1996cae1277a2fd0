"""Live updates: a notice in the current transaction, delivered when it commits and forgotten when it does not.

A notice carries ids only, never text: whoever receives it asks for the rest through a query that knows who is asking.
"""

from __future__ import annotations

import json

from django.db import connection

CHANNEL = "sportello_live"


def publish(*topics: str, **data: str | int) -> None:
    """Tells every live process. Topics: `queue`, `ticket`, `presence`, `mail`, `alarm`; `session`, which goes no further."""
    notices = [json.dumps({"topic": topic, **data}, separators=(",", ":"), sort_keys=True) for topic in topics]
    told = ", ".join(["pg_notify(%s, %s)"] * len(notices))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}", [part for notice in notices for part in (CHANNEL, notice)])
