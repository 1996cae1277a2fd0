"""`sportello check-files`."""

from __future__ import annotations

import argparse

from sportello.watch import actions, queries


def run(_options: argparse.Namespace) -> int:
    """Read every file that a row names; 1 when one is missing or altered."""
    looked_at, damaged = actions.check_files()
    for name in damaged:
        print(f"{name} is missing or altered: {', '.join(queries.where_named(name)) or 'named nowhere any more'}")
    print(f"{looked_at} files, {len(damaged)} missing or altered.")
    return 1 if damaged else 0
