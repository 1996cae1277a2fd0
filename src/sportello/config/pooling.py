"""How many connections to the database a process keeps, and how it waits for one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from sportello.config import variables

# Each thread has its own place in the pool, so that who waits for a connection waits for a server that is away. Giving up soon also means to try
# again at once for the next request: left to itself, the pool would wait twice as long after each attempt, for up to five minutes.
_IMPATIENT = {"timeout": 5, "reconnect_timeout": 5}


@dataclass(slots=True)
class _Process:
    """What this process said it can use at most; 0 before, and in commands."""

    connections: int = 0


_process = _Process()


def options() -> dict[str, Any]:
    """For Django's OPTIONS: a pool of as many as are set. Where none are to be kept, of as many as the process can use, each closed once it is idle.

    Without a pool a connection would be psycopg's own, on which a silent database is waited for without end.
    """
    from sportello.core.patience import Connection

    most = variables.DATABASE_POOL.read()
    if not (most or _process.connections):
        return {}
    size = {"min_size": 1, "max_size": most, "max_idle": 300} if most else _kept_by_nobody(_process.connections)
    return {"pool": {**size, "connection_class": Connection, **_IMPATIENT}}


def _kept_by_nobody(most: int) -> dict[str, int]:
    return {"min_size": 0, "max_size": most, "max_idle": 1}


def keep(connections: int) -> None:
    """Keep so many at most in this process, unless the provider has said how many. Before the first is opened; Django may be set up already."""
    os.environ.setdefault(variables.DATABASE_POOL.name, str(connections))
    _process.connections = connections
    from django.conf import settings

    if settings.configured:
        for database in settings.DATABASES.values():
            database["OPTIONS"].update(options())
