"""The promise page: what was promised, how it was kept, and where it was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import User
from sportello.core.paging import Page, Place
from sportello.incidents.queries.pages import answered_first
from sportello.tickets import queries as tickets
from sportello.tickets.models import Ticket
from sportello.tickets.queries.kept import Day, Opinions, missed, opinions, promise_days
from sportello.triage.rules import Kept, window_start
from sportello.triage.rules.promise import MONTH_DAYS

COLUMN = 10


@dataclass(frozen=True, slots=True)
class Figure:
    label: str | Lazy
    kept: Kept

    @property
    def cases(self) -> int:
        return self.kept.kept + self.kept.missed


@dataclass(frozen=True, slots=True)
class Bar:
    """One day as two rectangles, one on the other, in a field 100 high; `left` is where its column of ten begins."""

    day: Day
    left: int
    kept_height: int
    missed_height: int

    @property
    def cases(self) -> int:
        return self.day.kept.kept + self.day.kept.missed

    @property
    def kept_top(self) -> int:
        return 100 - self.kept_height

    @property
    def missed_top(self) -> int:
        return 100 - self.kept_height - self.missed_height


@dataclass(frozen=True, slots=True)
class PromisePage:
    figures: list[Figure]
    bars: list[Bar]
    missed: Page[Ticket]
    opinions: Opinions
    by_incident: int
    """Of the first answers of thirty days, those that an incident gave."""

    @property
    def width(self) -> int:
        return len(self.bars) * COLUMN

    @property
    def has_cases(self) -> bool:
        return any(bar.cases for bar in self.bars)


def promise_page(user: User, place: Place, *, now: datetime) -> PromisePage:
    """In six queries."""
    kept = tickets.promise(now)
    figures = [Figure(_("today"), kept.today), Figure(_("7 days"), kept.week), Figure(_("30 days"), kept.month)]
    late, said = missed(user, place=place, now=now), opinions(user, now=now)
    by_incident = answered_first(user, since=window_start(now, MONTH_DAYS, settings.TIME_ZONE))
    return PromisePage(figures, bars_of(promise_days(now=now)), late, said, by_incident)


def bars_of(days: list[Day]) -> list[Bar]:
    highest = max((day.kept.kept + day.kept.missed for day in days), default=0) or 1
    return [
        Bar(day, column * COLUMN, _part(day.kept.kept, highest), _part(day.kept.missed, highest))
        for column, day in enumerate(days)
    ]


def _part(number: int, highest: int) -> int:
    """Out of 100; two such parts of one day are never more."""
    return number * 100 // highest
