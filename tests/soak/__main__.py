"""`make soak`: faults at length, bounded in count and time; a line of JSON for each, and a table at the end."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.soak import faults

WRONG = ("lost", "doubled", "half tickets", "refused for good", "unkind pages")
"""What must be none."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--outages", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=90, help="what has not begun by then is left out")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sportello-soak-") as folder:
        told = faults.run(Path(folder), **vars(options))
        all_of_it = [say(line) for line in told][-1]
    table(all_of_it)
    return int(any(all_of_it[name] for name in WRONG))


def say(line: dict[str, Any]) -> dict[str, Any]:
    rounded = {name: round(value, 1) if isinstance(value, float) else value for name, value in line.items()}
    print(json.dumps(rounded), flush=True)
    return rounded


def table(figures: dict[str, Any]) -> None:
    width = max(map(len, figures))
    print("\n".join(f"{name:{width}}  {value}" for name, value in figures.items() if name != "event"))


if __name__ == "__main__":
    sys.exit(main())
