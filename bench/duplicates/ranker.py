"""The desk's ranker in the form that a scorer of duplicate sets calls: tickets and queries in, ranked tickets out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sportello.duplicates.rules import Among, Known, Report, rank, shipped_model
from sportello.duplicates.rules.grams import alike_each
from sportello.duplicates.rules.ranking import judge

Row = Mapping[str, Any]
Found = dict[str, list[tuple[str, float]]]


def ranked(tickets: Sequence[Row], queries: Sequence[str], most: int, scope: str) -> Found:
    by_key = {str(row["id"]): row for row in tickets}
    asked = [by_key[key] for key in queries]
    return _within_customers(tickets, asked, most) if scope == "customer" else _among_all(tickets, asked, most)


def _within_customers(tickets: Sequence[Row], asked: Iterable[Row], most: int) -> Found:
    of: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in tickets:
        if not row.get("query"):
            of[row["customer"]].append(row)
    found = {}
    for query in asked:
        earlier = [row for row in of[query["customer"]] if row["time"] < query["time"]]
        judged = rank(report_of(query), [known_of(at, row, query) for at, row in enumerate(earlier)], shipped_model())
        found[str(query["id"])] = [(str(earlier[one.known.key]["id"]), one.score) for one in judged[:most]]
    return found


def _among_all(tickets: Sequence[Row], asked: Sequence[Row], most: int) -> Found:
    """Among thousands: how rare a run of characters is, is told by all of them."""
    candidates = [row for row in tickets if not row.get("query")]
    alike = alike_each([text_of(row) for row in asked], [text_of(row) for row in candidates])
    found = {}
    for query, texts in zip(asked, alike, strict=True):
        likely = sorted(range(len(candidates)), key=lambda at: -texts[at])
        earlier = [at for at in likely if candidates[at]["time"] < query["time"] and candidates[at] is not query][:200]
        known = [known_of(at, candidates[at], query) for at in earlier]
        judged = judge(report_of(query), known, [texts[at] for at in earlier], shipped_model(Among.ALL))
        found[str(query["id"])] = [(str(candidates[one.known.key]["id"]), one.score) for one in judged[:most]]
    return found


def report_of(row: Row) -> Report:
    return Report(
        text=text_of(row),
        at=_moment(row["time"]),
        service=_key(row.get("service")),
        sender=_key(row.get("sender")),
        verdict=row.get("verdict") or "",
        names=frozenset(row.get("names") or ()),
    )


def known_of(key: int, row: Row, query: Row) -> Known:
    closed = row.get("closed")
    return Known(
        key=key,
        text=text_of(row),
        at=_moment(row["time"]),
        is_open=not closed or closed >= query["time"],
        service=_key(row.get("service")),
        sender=_key(row.get("sender")),
        verdict=row.get("verdict") or "",
        names=frozenset(row.get("names") or ()),
    )


def text_of(row: Row) -> str:
    return f"{row['subject']}\n{row['body']}"


_KEYS: Counter[str] = Counter()


def _key(name: str | None) -> int | None:
    """A number for a name, the same each time."""
    return None if name is None else _KEYS.setdefault(name, len(_KEYS) + 1)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text[:19]).replace(tzinfo=UTC)
