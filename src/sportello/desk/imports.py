"""The pages of imports: all of them, and one from the upload to the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from sportello.core.loading import Outcome
from sportello.core.paging import Page, Place
from sportello.desk.tabs import Tab
from sportello.imports import queries, words
from sportello.imports.adapters.configured import is_configured
from sportello.imports.enums import Kind, Source, State, Trouble
from sportello.imports.models import Import, ImportLine

TONES: Mapping[str, str] = {
    State.TRYING: "accent",
    State.TRIED: "warn",
    State.RUNNING: "accent",
    State.DONE: "good",
    State.FAILED: "danger",
}
LINE_TONES: Mapping[str, str] = {
    Outcome.WRONG: "danger",
    Outcome.CONFLICT: "warn",
    Outcome.NEW: "good",
    Outcome.CHANGED: "accent",
    Outcome.WAITS: "warn",
}


@dataclass(frozen=True, slots=True)
class Overview:
    page: Page[Import]
    has_whmcs: bool
    every_hours: int

    @property
    def lines(self) -> list[tuple[Import, str]]:
        return [(row, TONES.get(row.state, "")) for row in self.page.rows]


def overview(place: Place) -> Overview:
    return Overview(queries.imports_page(place), is_configured(Source.WHMCS), settings.WHMCS_EVERY_HOURS)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the report."""

    line: ImportLine

    @property
    def outcome(self) -> str | Promise:
        return words.OUTCOMES.get(self.line.outcome, self.line.outcome)

    @property
    def tone(self) -> str:
        return LINE_TONES.get(self.line.outcome, "")

    @property
    def why(self) -> str:
        return words.why(self.line.why)

    @property
    def kind(self) -> str:
        return str(Kind(self.line.kind).label)


@dataclass(frozen=True, slots=True)
class Detail:
    row: Import
    shown: str
    page: Page[ImportLine]
    is_kept: bool

    @property
    def tone(self) -> str:
        return TONES.get(self.row.state, "")

    @property
    def lines(self) -> list[Line]:
        return [Line(line) for line in self.page.rows]

    @property
    def tabs(self) -> list[Tab]:
        counts = self.row.counts
        tabs = [Tab(pgettext_lazy("rows", "All"), "?", not self.shown, sum(counts.values()))]
        return tabs + [
            Tab(label, f"?{urlencode({'shown': outcome})}", self.shown == outcome, counts[outcome])
            for outcome, label in words.OUTCOMES_OF_MANY.items()
            if counts.get(outcome)
        ]

    @property
    def trouble(self) -> str:
        return words.trouble(self.row)

    @property
    def percent(self) -> int:
        return 100 * self.row.done // self.row.rows if self.row.rows else 0

    @property
    def has_many_vanished(self) -> bool:
        return self.row.trouble == Trouble.MANY_VANISHED

    @property
    def may_go(self) -> bool:
        """Whether it was tried and can be carried out."""
        return self.row.state == State.TRIED and self.is_kept

    @property
    def may_end(self) -> bool:
        """Whether it is done but for what would end."""
        return self.row.state == State.DONE and self.has_many_vanished

    @property
    def may_be_mapped(self) -> bool:
        return self.row.is_open and self.row.source == Source.FILE and self.is_kept

    @property
    def not_used(self) -> list[str]:
        return [name for name in self.row.header if name not in self.row.chosen.values()] if self.row.kind else []


def detail(row: Import, shown: str, place: Place) -> Detail:
    """In three queries."""
    wanted = shown if shown in queries.FILTERS else ""
    return Detail(row, wanted, queries.report_page(row, wanted, place), queries.is_kept(row))
