"""The scenes as a folder that a scorer of duplicate sets reads: tickets.jsonl and truth.jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from bench.duplicates.scenes import Scene, Told

Line = Mapping[str, Any]


def lines_of(scenes: Iterable[Scene]) -> tuple[list[Line], list[Line]]:
    """Tickets, and what is right."""
    tickets: list[Line] = []
    truth: list[Line] = []
    for scene in scenes:
        tickets += [_ticket(told) for told in scene.tickets]
        for told, right in scene.asked:
            tickets.append({**_ticket(told), "query": True})
            truth.append({"id": told.key, "duplicates": [right] if right else []})
    return sorted(tickets, key=_time), truth


def write_set(folder: Path, scenes: Iterable[Scene]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in zip(("tickets", "truth"), lines_of(scenes), strict=True):
        (folder / f"{name}.jsonl").write_text("".join(_written(lines)), encoding="utf-8")


def _written(lines: Iterable[Line]) -> Iterator[str]:
    return (f"{json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def _ticket(told: Told) -> Line:
    return {
        "id": told.key,
        "time": f"{told.at:%Y-%m-%dT%H:%M:%SZ}",
        "customer": told.customer,
        "service": f"{told.customer}/{told.service}" if told.service else None,
        "lang": told.language,
        "subject": told.text.subject,
        "body": told.text.body,
        "closed": f"{told.closed_at:%Y-%m-%dT%H:%M:%SZ}" if told.closed_at else None,
        "sender": f"{told.customer}/{told.sender}",
        "verdict": told.verdict,
        "names": sorted(told.names),
    }


def _time(line: Line) -> str:
    return str(line["time"])
