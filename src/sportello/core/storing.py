"""Many rows at once: what is new and what changed, in one statement each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Model

from sportello.core.loading import CHANGED, Outcome, Pass, Said


def set_values(row: Model, values: Mapping[str, Any], going: Pass) -> tuple[Outcome, list[Said]]:
    """Sets the columns of a row; whether it is new, changed, or as it was, and which of its columns changed."""
    changed = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    if not row.pk:
        return Outcome.NEW, []
    if not changed:
        return Outcome.SAME, []
    going.changes.append((row, changed))
    return Outcome.CHANGED, [(CHANGED, {"fields": list(changed)})]


def store(rows: Iterable[Model], names: Collection[str]) -> None:
    """Rows without a key enter; of the others these columns are written."""
    new: list[Model] = []
    known: list[Model] = []
    for row in rows:
        (known if row.pk else new).append(row)
    if new:
        type(new[0])._default_manager.bulk_create(new)  # noqa: SLF001 - Django's public API
    if known:
        type(known[0])._default_manager.bulk_create(  # noqa: SLF001 - Django's public API
            known, update_conflicts=True, unique_fields=["id"], update_fields=list(names)
        )
