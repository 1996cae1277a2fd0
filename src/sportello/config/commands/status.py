"""`sportello status-export`."""

from __future__ import annotations

import argparse
import sys

from sportello.core import clock
from sportello.incidents.board.exporting import export as write


def export(options: argparse.Namespace) -> int:
    """1 when the folder cannot be written to."""
    folder = options.folder.absolute()
    try:
        number = write(folder, now=clock.now())
    except OSError as error:
        print(f"sportello: the public status was not written: {error}", file=sys.stderr)
        return 1
    print(f"{number} files in {folder}.")
    return 0
