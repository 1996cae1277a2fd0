"""`make soak`: faults at length, bounded in count and time; a line of JSON for each, and a table at the end."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cluster.network import INSIDE, run_outside
from tests.faults.mutations import read_mutations
from tests.soak import backlog, backup, big, faults, full, load, upgrade

WRONG = (
    "lost",
    "replies lost",
    "doubled",
    "not filed",
    "half tickets",
    "refused for good",
    "unkind pages",
    "raised",
    "too large",
    "too slow",
    "errors",
    "answers lost",
    "answers doubled",
    "jobs failed",
    "failed jobs",
    "files lost or damaged",
    "orphan files",
)
"""What must be none."""
REACHES = {
    "worst recovery s": 60.0,
    "recovery s": 60.0,
    "outage visible after s": 60.0,
    "page p95 ms": 500.0,
    "most memory MiB": 512.0,
    "memory grown MiB": 32.0,
    "slowest page s": 15.0,
    "unreadable percent": 1.0,
}
"""What must not be more."""
LONG = ("load", "upgrade", "backup")
"""Not without being named: each fills a large installation first."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000, help="that come in while things break; 0 for none")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--outages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes",
        type=float,
        default=90,
        help="what has not begun to break by then is left out; of the load; of each of the three rests of the upgrade",
    )
    parser.add_argument("--mutations", type=int, default=5_000, help="damaged mails for the reader")
    parser.add_argument("--backlog", type=int, default=100_000, help="mails that wait when an outage is told of")
    parser.add_argument("--big", type=int, default=6, help="mails of 31 MiB that come in at once")
    parser.add_argument("--tickets", type=int, default=100_000, help="in the installations of load, upgrade and backup")
    parser.add_argument("--rate", type=float, default=20, help="mails a second of the load")
    parser.add_argument("--browsers", type=int, default=50, help="open pages of the load")
    parser.add_argument("--agents", type=int, default=6, help="who answer in the load")
    parser.add_argument("--customers", type=int, default=10, help="who read in the load")
    parser.add_argument(
        "--keep",
        type=Path,
        help="keep the filled installations in this folder, as make bench does, and use those that are there",
    )
    parser.add_argument(
        "--only",
        choices=("faults", "mutations", "backlog", "big", "full", *LONG),
        help="one of them; load, upgrade and backup run only so",
    )
    parser.add_argument("--before", type=Path, help="a tree of the release before, for the upgrade; else one from git")
    options = parser.parse_args()
    if options.only == "upgrade" and INSIDE not in os.environ:
        return run_outside("tests.soak")
    parts = {
        "faults": during_faults,
        "mutations": mutated,
        "backlog": in_a_backlog,
        "big": big_mails,
        "full": database_full,
    }
    long = {"load": under_load, "upgrade": upgraded, "backup": backed_up}
    chosen = {options.only: {**parts, **long}[options.only]} if options.only else parts
    found = [part(options) for part in chosen.values()]
    for figures in found:
        table(figures)
    return int(any(missed(figures) for figures in found))


def missed(figures: dict[str, Any]) -> list[str]:
    """The names of what a run found otherwise than it must be: an empty list where it held all that it measured."""
    wrong = [name for name in WRONG if figures.get(name)]
    above = [name for name, most in REACHES.items() if figures.get(name, 0.0) > most]
    dead = ["faults survived"] if figures.get("faults survived") != figures.get("faults injected") else []
    return wrong + above + dead


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
            "unreadable percent": 100 - 100 * found.readable / max(1, found.mails),
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


def under_load(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("tickets", "minutes", "rate", "browsers", "agents", "customers")}
    with large_folder(options) as folder:
        return say(load.run(folder, **given))


def upgraded(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("before", "tickets", "minutes", "rate", "agents", "customers")}
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as folder:
        return say(upgrade.run(os.environ[INSIDE], Path(folder), **given))


def backed_up(options: argparse.Namespace) -> dict[str, Any]:
    given = {name: getattr(options, name) for name in ("tickets", "rate", "browsers", "agents", "customers")}
    with large_folder(options) as folder, tempfile.TemporaryDirectory(prefix="sportello-soak-") as scratch:
        return say(backup.run(folder, Path(scratch), **given))


@contextmanager
def large_folder(options: argparse.Namespace) -> Iterator[Path]:
    """Where an installation of that size is, or is to be."""
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as name:
        folder = (options.keep or Path(name)) / str(options.tickets)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()


def say(line: dict[str, Any]) -> dict[str, Any]:
    rounded = {name: round(value, 1) if isinstance(value, float) else value for name, value in line.items()}
    print(json.dumps(rounded), flush=True)
    return rounded


def table(figures: dict[str, Any]) -> None:
    width = max(map(len, figures))
    print(f"\n{figures['event']}")
    print("\n".join(f"  {name:{width}}  {value}" for name, value in figures.items() if name != "event"))
    for name in missed(figures):
        print(f"  NOT MET: {name} {figures[name]}, must be {wanted(name, figures)}")


def wanted(name: str, figures: dict[str, Any]) -> str:
    if name in REACHES:
        return f"at most {REACHES[name]:g}"
    return str(figures["faults injected"]) if name == "faults survived" else "none"


if __name__ == "__main__":
    sys.exit(main())
