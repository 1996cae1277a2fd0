"""Typed reading of settings from the environment; `NAME_FILE` gives a secret from a file."""

from __future__ import annotations

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    """The value of NAME, else the content of the file named by NAME_FILE, else the default."""
    path = os.environ.get(f"{name}_FILE")
    if path:
        return Path(path).read_text(encoding="utf-8").strip()
    return os.environ.get(name, default)


def number(name: str, default: int) -> int:
    return int(text(name, str(default)))


def flag(name: str, *, default: bool = False) -> bool:
    return text(name, "yes" if default else "no").lower() in {"1", "true", "yes", "on"}
