"""`sportello mail-door`."""

from __future__ import annotations

import argparse

from sportello.intake import door


def run(_options: argparse.Namespace) -> int:
    """Take mail in until asked to stop."""
    door.run()
    return 0
