"""As `django.db.backends.postgresql`; but instants are read by the driver, in a tenth of the time that Django's own reader takes, a transaction
can be asked once more before it is committed, and a connection without a pool, as a command's, waits as those of the pools do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader

from sportello.core.patience import Connection, for_a_connection

_last_word: ContextVar[Callable[[], None] | None] = ContextVar("last_word", default=None)


@contextmanager
def last_word(ask: Callable[[], None]) -> Iterator[None]:
    """In the body `ask` is called before each commit: what it raises undoes the transaction, and is what its author gets."""
    token = _last_word.set(ask)
    try:
        yield
    finally:
        _last_word.reset(token)


class DatabaseWrapper(base.DatabaseWrapper):
    """Every connection speaks of instants in UTC (`USE_TZ`, and no `TIME_ZONE` of a database), so no cursor is asked which zone it is."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        context = AdaptersMap(params["context"])
        context.register_loader("timestamptz", TimestamptzLoader)
        return {**params, "context": context}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.isolation_level = IsolationLevel.READ_COMMITTED  # as Django, where the settings name none
        if not self.pool:
            return Connection.connect(**conn_params)
        self.pool.open()
        with for_a_connection(self.pool.timeout) as seconds:
            return self.pool.getconn(seconds)

    def create_cursor(self, name: str | None = None) -> Any:
        """With a `name`, one of the server's, from which rows are read in portions; outside a transaction it must be held."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)

    def commit(self) -> None:
        ask = _last_word.get()
        if ask is not None:
            try:
                ask()
            except BaseException:
                self.rollback()
                raise
        super().commit()
