"""Lists in pages that do not move: each page begins where the one before ended, however many rows came in between.

A position is the sort value and the key of a row, so a page costs one indexed read, the thousandth like the first.
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
LONGEST_POSITION = 4000
LARGEST_KEY = 1 << 63

Row = TypeVar("Row", bound=Model)


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
    """`newer` and `older` are the positions that lead to the neighbouring pages; empty where there is none."""

    rows: list[Row]
    newer: str
    older: str


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
) -> Page[Row]:
    """One page of `rows`, sorted by the column `key`, then by the primary key, in one query.

    `read` makes the column's value from its written form. A position that cannot be read gives the first page.
    """
    older, newer = _position(place.older, read), _position(place.newer, read)
    backwards = newer is not None and older is None
    down = descending is not backwards
    ordered = rows.order_by(*(f"{'-' if down else ''}{column}" for column in (key, "pk")))
    start = newer if backwards else older
    found = list((ordered.filter(_beyond(key, start, down=down)) if start else ordered)[: size + 1])
    shown, has_more = found[:size], len(found) > size
    if backwards:
        shown.reverse()
    return Page(
        rows=shown,
        newer=_written(shown[0], key) if shown and (has_more if backwards else start is not None) else "",
        older=_written(shown[-1], key) if shown and (has_more or backwards) else "",
    )


def _beyond(key: str, position: tuple[Any, int], *, down: bool) -> Q:
    """The rows that come after the position in this direction; the first condition is the one an index answers."""
    value, pk = position
    way = "lt" if down else "gt"
    return Q(**{f"{key}__{way}e": value}) & (Q(**{f"{key}__{way}": value}) | Q(**{key: value, f"pk__{way}": pk}))


def _written(row: Model, key: str) -> str:
    value = getattr(row, key)
    content = json.dumps([value.isoformat() if isinstance(value, datetime) else value, row.pk], separators=(",", ":"))
    return urlsafe_b64encode(content.encode()).decode().rstrip("=")


def _position(written: str, read: Callable[[str], Any]) -> tuple[Any, int] | None:
    """The value and the key that a position stands for; None when it is none of ours."""
    if not written or len(written) > LONGEST_POSITION:
        return None
    try:
        value, pk = json.loads(urlsafe_b64decode(written + "=" * (-len(written) % 4)))
        return (read(value), pk) if isinstance(pk, int) and 0 <= pk < LARGEST_KEY else None
    except (ValueError, TypeError, RecursionError):
        return None
