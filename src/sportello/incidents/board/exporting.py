"""The public status as files of another host, which goes on telling when we and all around us are gone."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from sportello.incidents.board.drawing import LANGUAGES, drawn
from sportello.incidents.board.reading import facts_now
from sportello.incidents.board.rules import board_of

_MODE = 0o644
_LISTED = ".sportello-status"
"""Names what we wrote the last time: nothing else in the folder is ours to remove."""


def export(folder: Path, *, now: datetime) -> int:
    """Write all pages into the folder; how many files. Each is wholly there or as it was, the first page comes last, so that no link leads nowhere.

    What an earlier export wrote and is over is removed. Raises OSError, DatabaseError.
    """
    contents = _contents(now)
    for path in sorted(contents, key=lambda path: (path.endswith("index.html"), path)):
        _put(folder / path, contents[path])
    before = _listed(folder)
    for path in before - contents.keys():
        (folder / path).unlink(missing_ok=True)
    _put(folder / _LISTED, "\n".join(sorted(contents)).encode())
    return len(contents)


def _contents(now: datetime) -> Mapping[str, bytes]:
    """There is nobody to ask a browser for its language: the first page speaks the house's, and leads to the other one."""
    files = {path: file.content for path, file in drawn(board_of(facts_now(now), now), as_of=now).items()}
    first = {f"index.{language}.html": files.pop(f"index.{language}.html") for language in LANGUAGES}
    return {**files, "index.html": first[f"index.{settings.LANGUAGE_CODE}.html"]}


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(aside).chmod(_MODE)
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise


def _listed(folder: Path) -> set[str]:
    """Only paths of the form we write: a list that somebody changed removes nothing elsewhere."""
    try:
        lines = (folder / _LISTED).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return set()
    return {line for line in lines if line and ".." not in line and not line.startswith("/")}
