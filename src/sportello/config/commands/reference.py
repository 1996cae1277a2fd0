"""`sportello settings`."""

from __future__ import annotations

import argparse

from sportello.config import reference


def run(_options: argparse.Namespace) -> int:
    print(reference.text(), end="")
    return 0
