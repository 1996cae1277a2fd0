"""The only room that knows all the others: settings, addresses, processes, command line."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
"""The folder of the package `sportello`."""
