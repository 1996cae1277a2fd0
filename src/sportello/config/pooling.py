"""How many connections to the database a process keeps, and how it waits for one."""

from __future__ import annotations

import os
from typing import Any

from sportello.config import variables

# Each thread has its own place in the pool, so that who waits for a connection waits for a server that is away. Giving up soon also means to try
# again at once for the next request: left to itself, the pool would wait twice as long after each attempt, for up to five minutes.
_IMPATIENT = {"timeout": 5, "reconnect_timeout": 5}


def options() -> dict[str, Any]:
    """For Django's OPTIONS: a pool of as many as are set, or none."""
    from sportello.core.patience import Connection

    most = variables.DATABASE_POOL.read()
    pool = {"min_size": 1, "max_size": most, "max_idle": 300, "connection_class": Connection, **_IMPATIENT}
    return {"pool": pool} if most else {}


def keep(connections: int) -> None:
    """Keep so many at most in this process, unless the provider has said how many. Before the first is opened; Django may be set up already."""
    os.environ.setdefault(variables.DATABASE_POOL.name, str(connections))
    from django.conf import settings

    if settings.configured:
        for database in settings.DATABASES.values():
            database["OPTIONS"].update(options())
