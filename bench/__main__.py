"""`make bench`: fills installations of its own, visits their pages, posts mails to them, prints tables and JSON.

CPU a view is the web and database processes' own CPU time. Beside it stands what the same piece of work took at that moment (the yardstick): what was
measured at two moments, or on two machines, is compared in that.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.measuring import VISITORS, Figures, measure
from bench.peers import PEERS, PeerError, PeerView, check_can_measure, measure_peer
from bench.report import report
from bench.stage import installation

SIZES = (10_000, 100_000)
LONG_SIZES = (*SIZES, 1_000_000)
BYTES_A_TICKET = 40_000
FEWEST_TICKETS = 1_000
"""On disk at the most, while it is filled, with the write-ahead log."""


def main() -> int:
    options = _options()
    sizes = sorted(options.tickets or (LONG_SIZES if options.long else SIZES))
    figures: list[Figures] = []
    peers: list[PeerView] = []
    try:
        check_can_measure(options.peer)
        _check_room(options.keep or Path(tempfile.gettempdir()), max(sizes))
        for size in sizes:
            figures.append(_measure(size, options))
            _tell(figures, peers, options.json)
        for name in options.peer:
            peers += measure_peer(name, sizes[0], VISITORS)
            _tell(figures, peers, options.json)
    except PeerError as problem:
        print(f"bench: {problem}", file=sys.stderr)
        return 1
    if not options.json:
        print(_as_json(figures, peers))
    return 0


def _tell(figures: Sequence[Figures], peers: Sequence[PeerView], file: Path | None) -> None:
    """All that is measured so far, after each size and each peer: what takes hours may be ended before its end."""
    print(report(figures, peers), flush=True)
    if file:
        file.write_text(f"{_as_json(figures, peers)}\n", encoding="utf-8")


def _as_json(figures: Sequence[Figures], peers: Sequence[PeerView]) -> str:
    found = {"sizes": [asdict(each) for each in figures], "peers": [asdict(each) for each in peers]}
    return json.dumps(found, indent=2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument(
        "--tickets", type=int, action="append", help="a size; may be given several times (10,000 and 100,000)"
    )
    parser.add_argument("--long", action="store_true", help="1,000,000 tickets too: about an hour and 40 GB")
    parser.add_argument(
        "--views", type=int, default=200, help="views of each page and number of visitors; 0 leaves the pages out"
    )
    parser.add_argument("--mails", type=int, default=600)
    parser.add_argument(
        "--imports", type=int, default=10_000, help="rows of each kind in a billing system's files; 0 leaves them out"
    )
    parser.add_argument(
        "--keep", type=Path, help="keep the filled installations in this folder, and use those that are there"
    )
    parser.add_argument(
        "--peer", choices=sorted(PEERS), action="append", default=[], help="measure it too, at the smallest size"
    )
    parser.add_argument("--json", type=Path, help="write the figures to this file, not behind the tables")
    options = parser.parse_args()
    if min(options.tickets or SIZES) < FEWEST_TICKETS:
        parser.error(f"--tickets: {FEWEST_TICKETS:,} or more, of which one in five hundred is long")
    if 0 < options.views < max(VISITORS):
        parser.error(f"--views: 0, or {max(VISITORS)} or more, one for each visitor")
    return options


def _measure(tickets: int, options: argparse.Namespace) -> Figures:
    with installation(options.keep / str(tickets) if options.keep else None) as stage:
        return measure(stage, tickets=tickets, views=options.views, mails=options.mails, imports=options.imports)


def _check_room(folder: Path, tickets: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < tickets * BYTES_A_TICKET:
        sys.exit(
            f"bench: {tickets:,} tickets need {tickets * BYTES_A_TICKET / 1e9:.0f} GB under {folder}; set TMPDIR or --keep to another place."
        )


if __name__ == "__main__":
    sys.exit(main())
