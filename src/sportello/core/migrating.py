"""What migrations need to run while people work, and to be begun again where they were given up (R24)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db.migrations import AddIndex, AlterField, RemoveIndex, RunSQL
from django.db.models import ForeignKey


class AddIndexBesideTraffic(AddIndexConcurrently):
    """An index made while the table is written to. A first attempt that gave way to a lock has left one that is not valid: it is removed first."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)


def give_up_index(name: str, on: str, *, state: tuple[AlterField, ...] = ()) -> RunSQL:
    """Drops an index that every new row pays for and no query needs; `on` is its table with its columns."""
    return RunSQL(
        f"DROP INDEX CONCURRENTLY IF EXISTS {name}",
        f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {on}",
        state_operations=list(state),
    )


def fill_at_once(name: str, *, state: tuple[RemoveIndex | AddIndex, ...] = ()) -> RunSQL:
    """Has new rows enter a GIN index as they are written: each search goes through those that wait beside it. The next VACUUM enters these."""
    return RunSQL(
        f"ALTER INDEX IF EXISTS {name} SET (fastupdate = off)",
        f"ALTER INDEX IF EXISTS {name} RESET (fastupdate)",
        state_operations=list(state),
    )


def fill_index_of_names_at_once(model: str, index: GinIndex) -> RunSQL:
    """The same for an index that its model says."""
    return fill_at_once(index.name, state=(RemoveIndex(model, index.name), AddIndex(model, index)))


def give_up_index_of_key(name: str, on: str, model: str, field: str, key: ForeignKey[Any, Any]) -> RunSQL:
    """The same for a foreign key's: Django's own way would check all its rows anew."""
    return give_up_index(name, on, state=(AlterField(model, field, key),))
