"""All that a billing system lists is read before any of it is taken: half a list ends nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from sportello.core import live
from sportello.imports.actions.taking import PORTION
from sportello.imports.adapters.configured import source_of
from sportello.imports.enums import Kind, Source
from sportello.imports.models import Import, ImportPortion
from sportello.imports.rules import FIELDS

FIRST: Mapping[Kind, int] = {kind: place * 1_000_000 for place, kind in enumerate(Kind)}
"""The number of the first portion of each kind: they are taken in this order, whatever the order in which they come."""


def fetch(*, row: Import, now: Callable[[], datetime]) -> None:
    """Raises SourceError; what was read then stays unused."""
    ImportPortion.objects.filter(of=row).delete()
    row.rows, row.is_read = 0, False
    waiting: dict[Kind, list[list[str]]] = {kind: [] for kind in Kind}
    counts, portions = dict.fromkeys(Kind, 0), dict(FIRST)
    for kind, cells in source_of(Source(row.source)).rows():
        waiting[kind].append([cells.get(field, "") for field in FIELDS[kind]])
        if len(waiting[kind]) == PORTION:
            _keep(row, kind, portions, counts, waiting[kind], now())
    for kind, rest in waiting.items():
        if rest:
            _keep(row, kind, portions, counts, rest, now())
    Import.objects.filter(pk=row.pk).update(is_read=True)
    row.is_read = True


def _keep(
    row: Import, kind: Kind, portions: dict[Kind, int], counts: dict[Kind, int], rows: list[list[str]], now: datetime
) -> None:
    lines = [[counts[kind] + place, cells, ""] for place, cells in enumerate(rows, 1)]
    with transaction.atomic():
        ImportPortion.objects.create(of=row, number=portions[kind], kind=kind, lines=lines)
        row.rows += len(rows)
        Import.objects.filter(pk=row.pk).update(rows=row.rows, moved_at=now)
        live.publish("import", id=str(row.public_id))
    counts[kind] += len(rows)
    portions[kind] += 1
    rows.clear()
