"""Live updates: a notice in the current transaction, delivered when it commits and forgotten when it does not.

A notice carries ids only, never text: whoever receives it asks for the rest through a query that knows who is asking.
"""

from __future__ import annotations

import json

from django.db import connection

CHANNEL = "sportello_live"


def publish(topic: str, **data: str | int) -> None:
    """Tells every live process. Topics: `queue`, `ticket`, `presence`, `mail`, `alarm`; `session`, which goes no further."""
    payload = json.dumps({"topic": topic, **data}, separators=(",", ":"), sort_keys=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])
