"""Reading from a standby where one is set (`DATABASE_REPLICA_URL`): for searches and reports, which may be a moment behind and cost most.

Never for what decides something. The primary answers instead when the standby is away or too far behind, and for a browser that has just changed
something, since it must find what it wrote.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, InterfaceError, InternalError, OperationalError, connection, connections
from django.http import HttpRequest, HttpResponseBase

from sportello.core.patience import Standing, within

P = ParamSpec("P")
T = TypeVar("T")

ALIAS = "replica"
LAG_SECONDS = 10
"""A standby further behind is not read from; and so long a browser that changed something reads from the primary."""
PATIENCE_SECONDS = 4.0
"""So long a search waits for the standby in all, before it asks the primary; it has all of its own time for that."""
AWAY_SECONDS = 60
"""After a failure the standby is left alone for so long, or until `look` finds it well: else each time somebody would wait for it in vain."""
MAY_LAST_SECONDS = 30.0
"""A standby that is away or behind for longer is told of."""
_HAS_WRITTEN = "written"
_READING: ContextVar[bool] = ContextVar("reading from the replica", default=False)
_MUST_SEE_OWN: ContextVar[bool] = ContextVar("has just written", default=False)
# Connected to its primary and everything replayed, or at most so far behind. A primary that stood in for itself is not behind.
_IS_CLOSE = """
    SELECT NOT pg_is_in_recovery()
        OR (pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() AND EXISTS (SELECT FROM pg_stat_wal_receiver))
        OR coalesce(now() - pg_last_xact_replay_timestamp() < make_interval(secs => %s), false)
"""

log = logging.getLogger(__name__)


class Router:
    """Sends reads inside `may_lag` to the standby, and everything else, above all every write, to the primary."""

    def db_for_read(self, _model: object, **_hints: object) -> str | None:
        return ALIAS if _READING.get() else None

    def db_for_write(self, _model: object, **_hints: object) -> str:
        return "default"

    def allow_relation(self, _one: object, _other: object, **_hints: object) -> bool:
        return True

    def allow_migrate(self, database: str, _app_label: str, **_hints: object) -> bool | None:
        return False if database == ALIAS else None


@dataclass(slots=True)
class _Standby:
    """What this process knows of the standby."""

    away_until: float = 0.0
    ill_since: float | None = None
    """Since when each look found it away or behind."""
    standing: Standing = field(default_factory=Standing)

    def is_close(self) -> bool:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(_IS_CLOSE, [LAG_SECONDS])
            return bool(cursor.fetchone()[0])

    def failed(self, error: Exception) -> None:
        self.away_until = time.monotonic() + AWAY_SECONDS
        log.warning("the standby does not answer, reading from the primary: %s", str(error).strip())
        connections[ALIAS].close()

    def found(self, *, well: bool) -> None:
        """At a look."""
        now = time.monotonic()
        self.ill_since = None if well else now if self.ill_since is None else self.ill_since


_standby = _Standby()
_FAILURES = (OperationalError, InterfaceError, InternalError)
"""Also that of a query that replay had to cancel."""


def look() -> None:
    """See how the standby is, if one is set: now and then, from a thread on which nobody waits. One that has come back is read from again."""
    if ALIAS not in settings.DATABASES:
        return
    try:
        with within(PATIENCE_SECONDS, standing=_standby.standing):
            is_close = _standby.is_close()
    except _FAILURES as error:
        _standby.failed(error)
        _standby.found(well=False)
    else:
        _standby.away_until = 0.0
        _standby.found(well=is_close)
    finally:
        connections[ALIAS].close()


def is_ill() -> bool:
    """Whether the standby has been away or too far behind for longer than a moment."""
    return _standby.ill_since is not None and time.monotonic() - _standby.ill_since > MAY_LAST_SECONDS


def may_lag(work: Callable[P, T]) -> Callable[P, T]:
    """For a query that only reads, and answers wholly (a list, not a lazy QuerySet): from the standby if that is set, there and close."""

    @wraps(work)
    def outer(*args: P.args, **kwargs: P.kwargs) -> T:
        if not _wanted() or time.monotonic() < _standby.away_until:
            return work(*args, **kwargs)
        token = None
        try:
            with within(PATIENCE_SECONDS, standing=_standby.standing):
                if _standby.is_close():
                    token = _READING.set(True)
                    return work(*args, **kwargs)
        except _FAILURES as error:
            _standby.failed(error)
        finally:
            if token is not None:
                _READING.reset(token)
        return work(*args, **kwargs)

    return outer


def rows_of(statement: str, parameters: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a written statement that only reads; inside `may_lag` from the standby, as those of the ORM."""
    with connections[ALIAS if _READING.get() else DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _wanted() -> bool:
    """Not inside a transaction either: what it has written is seen by nobody else yet."""
    return ALIAS in settings.DATABASES and not _MUST_SEE_OWN.get() and not connection.in_atomic_block


class ReadYourWrites:
    """Remembers in the browser, so that every node knows, that it has just changed something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if ALIAS not in settings.DATABASES:
            raise MiddlewareNotUsed
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        writes = request.method not in {"GET", "HEAD", "OPTIONS"}
        token = _MUST_SEE_OWN.set(writes or _HAS_WRITTEN in request.COOKIES)
        try:
            response = self._get_response(request)
        finally:
            _MUST_SEE_OWN.reset(token)
        if writes:
            kept: dict[str, Any] = {"httponly": True, "samesite": "Lax", "secure": settings.SESSION_COOKIE_SECURE}
            response.set_cookie(_HAS_WRITTEN, "1", max_age=LAG_SECONDS, **kept)
        return response
