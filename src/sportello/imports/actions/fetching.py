"""All that a billing system lists is read before any of it is taken: half a list ends nobody.

What was read is kept some rows at a time: begun again after a fault, it asks for no details twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from sportello.core import live
from sportello.core.loading import Outcome
from sportello.customers.models import Customer
from sportello.imports.actions.taking import PORTION
from sportello.imports.adapters.configured import source_of
from sportello.imports.enums import Kind, Source, State
from sportello.imports.models import Details, Import, ImportLine, ImportPortion
from sportello.imports.rules import FIELDS

FIRST: Mapping[Kind, int] = {kind: place * 1_000_000 for place, kind in enumerate(Kind)}
"""The number of the first portion of each kind: they are taken in this order, whatever the order in which they come."""
KEPT_AFTER: Mapping[Kind, int] = {kind: 100 if kind is Kind.CUSTOMERS else PORTION for kind in Kind}
"""Rows: of customers few, for each of them may have cost a request."""
FRESH = timedelta(days=7)
ASKED_AGAIN = 500
"""How many details of customers whose line in the list is as before are asked for once more in one go, when they are no longer fresh."""


@dataclass(slots=True)
class _Asking:
    """For whom details are asked: those new or changed since they were last asked for, and some of whom that was long ago."""

    row: Import
    now: Callable[[], datetime]
    left: int = ASKED_AGAIN
    before: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    underway: list[Details] = field(default_factory=list)
    whole: list[Details] = field(default_factory=list)
    """Of those in `underway` not all rows have come yet."""

    def needs(self, external_id: str, listed: Mapping[str, Any]) -> bool:
        self.end()
        if external_id in self.done:
            return False
        mark, now = _mark(listed), self.now()
        known, asked_at = self.before.get(external_id, ("", now))
        if known == mark:
            if asked_at > now - FRESH or not self.left:
                return False
            self.left -= 1
        self.underway.append(Details(of=self.row, external_id=external_id, mark=mark, asked_at=now))
        return True

    def end(self) -> None:
        self.whole += self.underway
        self.underway.clear()


@dataclass(slots=True)
class _Reading:
    """What has come and is not kept yet; and what is kept, by kind."""

    row: Import
    asking: _Asking
    waiting: dict[Kind, list[list[str]]] = field(default_factory=lambda: {kind: [] for kind in Kind})
    counts: dict[Kind, int] = field(default_factory=lambda: dict.fromkeys(Kind, 0))
    portions: dict[Kind, int] = field(default_factory=lambda: dict(FIRST))
    known: set[tuple[Kind, str]] = field(default_factory=set)

    def take(self, kind: Kind, cells: Mapping[str, str]) -> None:
        if (kind, cells.get("external_id", "")) in self.known:
            return
        self.waiting[kind].append([cells.get(name, "") for name in FIELDS[kind]])
        if len(self.waiting[kind]) == KEPT_AFTER[kind]:
            self.keep()

    def keep(self) -> None:
        now = self.asking.now()
        with transaction.atomic():
            for kind, rows in self.waiting.items():
                if rows:
                    self._keep(kind, rows)
            Details.objects.bulk_create(self.asking.whole)
            Import.objects.filter(pk=self.row.pk).update(rows=self.row.rows, moved_at=now)
            live.publish("import", id=str(self.row.public_id))
        self.asking.whole.clear()

    def _keep(self, kind: Kind, rows: list[list[str]]) -> None:
        lines = [[self.counts[kind] + place, cells, ""] for place, cells in enumerate(rows, 1)]
        ImportPortion.objects.create(of=self.row, number=self.portions[kind], kind=kind, lines=lines)
        self.row.rows += len(rows)
        self.counts[kind] += len(rows)
        self.portions[kind] += 1
        rows.clear()


def fetch(*, row: Import, now: Callable[[], datetime]) -> None:
    """Raises SourceError; what was read then stays unused."""
    reading = _begun(row, now)
    for kind, cells in source_of(Source(row.source)).rows(reading.asking.needs):
        reading.take(kind, cells)
    reading.asking.end()
    reading.keep()
    Import.objects.filter(pk=row.pk).update(is_read=True)
    row.is_read = True


def settle(row: Import) -> None:
    """Once all is taken: of a customer that was not, details are asked for again; and older marks are of no use any more."""
    ours = Details.objects.filter(of=row)
    not_taken = ImportLine.objects.filter(of=row, kind=Kind.CUSTOMERS, outcome__in=(Outcome.WRONG, Outcome.CONFLICT))
    ours.filter(external_id__in=not_taken.values("external_id")).delete()
    Details.objects.filter(of__source=row.source, of__lt=row, external_id__in=ours.values("external_id")).delete()


def _begun(row: Import, now: Callable[[], datetime]) -> _Reading:
    """From the start, or behind what was kept before a worker died."""
    on_file = Customer.objects.filter(external_id__isnull=False)
    before = Details.objects.filter(
        of__source=row.source, of__state=State.DONE, external_id__in=on_file.values("external_id")
    ).order_by("of")  # fmt: skip
    asked = {external_id: (mark, at) for external_id, mark, at in before.values_list("external_id", "mark", "asked_at")}
    done = set(Details.objects.filter(of=row).values_list("external_id", flat=True))
    reading = _Reading(row, _Asking(row, now, before=asked, done=done))
    row.rows = 0
    for portion in ImportPortion.objects.filter(of=row).iterator():
        kind = Kind(portion.kind)
        reading.known |= {(kind, _external_id(kind, cells)) for _number, cells, _problem in portion.lines}
        reading.counts[kind] += len(portion.lines)
        reading.portions[kind] = max(reading.portions[kind], portion.number + 1)
        row.rows += len(portion.lines)
    return reading


def _external_id(kind: Kind, cells: list[str]) -> str:
    return cells[list(FIELDS[kind]).index("external_id")]


def _mark(listed: Mapping[str, Any]) -> str:
    whole = json.dumps(listed, sort_keys=True, default=str)
    return salted_hmac("sportello.imports.details", whole, algorithm="sha256").hexdigest()
