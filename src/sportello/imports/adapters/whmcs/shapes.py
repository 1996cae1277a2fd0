"""The shapes in which WHMCS answers: the same list comes as a list, as an object with numbers for keys, as a lone object, flattened, or as ""."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]

_FLAT = re.compile(r"(\w+)\[(\w+)\]\[(\d+)\]\[(\w+)\]")


def records(answer: Record, outer: str, inner: str) -> list[Record]:
    """The records under answer[outer][inner], in whatever shape. Raises ValueError for what is none of them."""
    found = answer.get(outer)
    if found is None:
        return list(_flat(answer, outer, inner))
    if isinstance(found, Mapping) and inner in found:
        found = found[inner]
    return list(_each(found))


def text(record: Record, *names: str) -> str:
    """The first of these that is there and not empty, as a text; "" for null, false and whatever is no plain value."""
    for name in names:
        value = record.get(name)
        if isinstance(value, str | int | float) and value is not False and str(value).strip():
            return "1" if value is True else str(value).strip()
    return ""


def number(record: Record, name: str) -> int | None:
    """WHMCS writes numbers as numbers or as texts; None for what is neither."""
    value = record.get(name)
    try:
        return int(value) if isinstance(value, str | int) else None
    except ValueError:
        return None


def _each(found: Any) -> Iterator[Record]:
    if found in ("", None) or found == []:
        return
    if isinstance(found, Mapping):
        found = [found[key] for key in sorted(found, key=int)] if all(map(str.isdigit, found)) else [found]
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise ValueError("neither a list nor an object")
    yield from found


def _flat(answer: Record, outer: str, inner: str) -> Iterator[Record]:
    """`domains[domain][0][id]` as the name of a value."""
    gathered: dict[int, dict[str, Any]] = {}
    for name, value in answer.items():
        match = _FLAT.fullmatch(name)
        if match and match[1] == outer and match[2] == inner:
            gathered.setdefault(int(match[3]), {})[match[4]] = value
    yield from (gathered[place] for place in sorted(gathered))
