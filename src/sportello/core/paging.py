"""Lists in pages that do not move: each page begins where the one before ended, however many rows came in between.

A position is the sort value and the key of a row, so a page costs one indexed read, the thousandth like the first. What no index answers is sought
in so much of the list that a page stays quick, and the next page goes on from there.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet

PAGE_SIZE = 50
LOOKED_AT = 50_000
"""Rows of a list that are gone through for one page of what is sought in it."""
LONGEST_POSITION = 4000
LONGEST_PAGE_NUMBER = 6
LARGEST_KEY = 1 << 63

Row = TypeVar("Row", bound=Model)
_At = tuple[Any, int]
"""A position: the value of the column that the list is sorted by, and the primary key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after the position `older`, or before `newer`; at the top of the list without either."""

    older: str = ""
    newer: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Place:
        return cls(query.get("older", ""), query.get("newer", ""))


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`newer` and `older` are the positions that lead to the neighbouring pages; empty where there is none.

    `looked_to` is how far was looked, where more of the list is left and this page is not full.
    """

    rows: list[Row]
    newer: str
    older: str
    looked_to: Any = None


def page_number(written: str) -> int:
    """Of a list whose pages are numbered, from 1 on; nonsense is the first page."""
    return max(1, int(written)) if written.isdecimal() and len(written) <= LONGEST_PAGE_NUMBER else 1


def instant(written: str) -> datetime:
    """Reads the position of a column of instants. Raises ValueError."""
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(written)
    return at


def text(written: str) -> str:
    """Reads the position of a column of texts. Raises ValueError for what PostgreSQL cannot hold."""
    if "\x00" in written or not written.isprintable():
        raise ValueError(written)
    return written


def page_of(
    rows: QuerySet[Row],
    *,
    key: str,
    read: Callable[[str], Any],
    place: Place,
    descending: bool = True,
    size: int = PAGE_SIZE,
    among: QuerySet[Row] | None = None,
) -> Page[Row]:
    """One page of `rows`, sorted by the column `key`, then by the primary key, in one query; in two where they are sought `among` others.

    `read` makes the column's value from its written form. A position that cannot be read gives the first page.
    """
    older, newer = _position(place.older, read), _position(place.newer, read)
    backwards = newer is not None and older is None
    way = _Way(key, down=descending is not backwards)
    start = newer if backwards else older
    end = way.end(among, start) if among is not None else None
    found = list(way.between(rows, start, end)[: size + 1])
    shown, has_more = found[:size], len(found) > size
    far = _of(shown[-1], key) if has_more else end
    if backwards:
        shown.reverse()
        return Page(shown, newer=_written(far), older=_written(_of(shown[-1], key) if shown else start))
    near = _of(shown[0], key) if shown and start else start
    return Page(shown, newer=_written(near), older=_written(far), looked_to=end[0] if end and not has_more else None)


@dataclass(frozen=True, slots=True)
class _Way:
    """Through a list sorted by the column `key`, then by the primary key: `down` from the highest, or up."""

    key: str
    down: bool

    def between(self, rows: QuerySet[Row], start: _At | None, end: _At | None) -> QuerySet[Row]:
        """Those beyond the start, up to the end and with it."""
        if start:
            rows = rows.filter(self._beyond(start))
        if end:
            rows = rows.filter(self._up_to(end))
        return rows.order_by(*(f"{'-' if self.down else ''}{column}" for column in (self.key, "pk")))

    def end(self, rows: QuerySet[Row], start: _At | None) -> _At | None:
        """Where so many rows lie between it and the start as are looked at; None where the list ends before."""
        return self.between(rows, start, None).values_list(self.key, "pk")[LOOKED_AT : LOOKED_AT + 1].first()

    def _beyond(self, position: _At) -> Q:
        """The first condition is the one an index answers."""
        (value, pk), way = position, "lt" if self.down else "gt"
        same_or_beyond = Q(**{f"{self.key}__{way}e": value})
        return same_or_beyond & (Q(**{f"{self.key}__{way}": value}) | Q(**{self.key: value, f"pk__{way}": pk}))

    def _up_to(self, position: _At) -> Q:
        (value, pk), way = position, "gt" if self.down else "lt"
        same_or_before = Q(**{f"{self.key}__{way}e": value})
        return same_or_before & (Q(**{f"{self.key}__{way}": value}) | Q(**{self.key: value, f"pk__{way}e": pk}))


def _of(row: Model, key: str) -> _At:
    return getattr(row, key), row.pk


def _written(position: _At | None) -> str:
    if position is None:
        return ""
    value, pk = position
    content = json.dumps([value.isoformat() if isinstance(value, datetime) else value, pk], separators=(",", ":"))
    return urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _position(written: str, read: Callable[[str], Any]) -> _At | None:
    """The value and the key that a position stands for; None when it is none of ours."""
    if not written or len(written) > LONGEST_POSITION:
        return None
    try:
        value, pk = json.loads(urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        return (read(value), pk) if isinstance(pk, int) and 0 <= pk < LARGEST_KEY else None
    except (ValueError, TypeError, RecursionError):
        return None
