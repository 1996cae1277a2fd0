"""`make soak`: faults at length, bounded in count and time; a line of JSON for each, and a table at the end."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.faults.mutations import read_mutations
from tests.soak import backlog, big, faults, full

WRONG = (
    "lost",
    "replies lost",
    "doubled",
    "half tickets",
    "refused for good",
    "unkind pages",
    "raised",
    "too large",
    "too slow",
)
"""What must be none."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000, help="that come in while things break; 0 for none")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--outages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=90, help="what has not begun to break by then is left out")
    parser.add_argument("--mutations", type=int, default=5_000, help="damaged mails for the reader")
    parser.add_argument("--backlog", type=int, default=100_000, help="mails that wait when an outage is told of")
    parser.add_argument("--big", type=int, default=6, help="mails of 31 MiB that come in at once")
    parser.add_argument("--only", choices=("faults", "mutations", "backlog", "big", "full"))
    options = parser.parse_args()
    parts = {
        "faults": during_faults,
        "mutations": mutated,
        "backlog": in_a_backlog,
        "big": big_mails,
        "full": database_full,
    }
    found = [part(options) for name, part in parts.items() if options.only in {None, name}]
    for figures in found:
        table(figures)
    return int(any(figures.get(name) for figures in found for name in WRONG))


def during_faults(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("mails", "kills", "outages", "seed", "minutes")}
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as folder:
        return [say(line) for line in faults.run(Path(folder), **given)][-1]


def mutated(options: argparse.Namespace) -> dict[str, Any]:
    found = read_mutations(options.mutations)
    return say(
        {
            "event": "mutations",
            "mutated mails": found.mails,
            "readable": found.readable,
            "readable percent": 100 * found.readable / max(1, found.mails),
            "not": dict(found.reasons),
            "raised": len(found.raised),
            "slowest s": found.slowest,
        }
    )


def in_a_backlog(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as folder:
        return say(backlog.run(Path(folder), mails=options.backlog))


def big_mails(options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as folder:
        return say(big.run(Path(folder), mails=options.big))


def database_full(_options: argparse.Namespace) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as folder:
        return say(full.run(Path(folder)))


def say(line: dict[str, Any]) -> dict[str, Any]:
    rounded = {name: round(value, 1) if isinstance(value, float) else value for name, value in line.items()}
    print(json.dumps(rounded), flush=True)
    return rounded


def table(figures: dict[str, Any]) -> None:
    width = max(map(len, figures))
    print(f"\n{figures['event']}")
    print("\n".join(f"  {name:{width}}  {value}" for name, value in figures.items() if name != "event"))


if __name__ == "__main__":
    sys.exit(main())
