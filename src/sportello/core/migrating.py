"""What migrations need to run while people work, and to be begun again where they were given up (R24)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently


class AddIndexBesideTraffic(AddIndexConcurrently):
    """An index made while the table is written to. A first attempt that gave way to a lock has left one that is not valid: it is removed first."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        name = schema_editor.quote_name(self.index.name)
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        super().database_forwards(app_label, schema_editor, from_state, to_state)
