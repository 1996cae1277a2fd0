"""A folder for what is needed for a while, for one at a time; what one that was killed left in it is removed."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sportello.config.env import SettingError


@contextmanager
def folder(path: Path, *, busy: str) -> Iterator[Path]:
    """Empty at the beginning, gone at the end. Raises SettingError with the sentence `busy` while another has it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError(busy) from None
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(mode=0o700)
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)
