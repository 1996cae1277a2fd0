"""Many rows at once: what is new and what changed, in one statement each; and words taken out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Model, Q, QuerySet

from sportello.core.blotting import Blot
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


def blot_rows(rows: QuerySet[Any], blot: Blot, *names: str) -> int:
    """Takes words out of these columns of text or JSON, for good; returns in how many places they stood."""
    count = 0
    for row in rows.iterator():
        done = {name: blot.json(getattr(row, name)) for name in names}
        found = sum(number for _rest, number in done.values())
        if found:
            changed = {name: rest for name, (rest, _number) in done.items()}
            rows.model._default_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001 - Django's public API
        count += found
    return count


def mentions(words: Iterable[str], *columns: str) -> Q:
    """That one of the words stands in one of the columns, whatever the capitals; nothing without words."""
    found = Q(pk__in=[])
    for word in words:
        for column in columns:
            found |= Q(**{f"{column}__icontains": word})
    return found
