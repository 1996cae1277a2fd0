"""The file store as a folder that can be put into a backup and taken out of one, wherever the store keeps its bytes."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterable
from pathlib import Path

from django.core.files.storage import FileSystemStorage, storages

from sportello.core import files

_PIECE = 1 << 20


def folder(names: Collection[str], *, mirror: Path) -> Path:
    """The store's own folder, or for a store elsewhere a copy in `mirror`: what is new is fetched, what nobody names any more is taken away.

    Raises FileStoreAway: a backup of a store that is not there would be one without files.
    """
    files.check_there()
    store = storages["default"]
    if isinstance(store, FileSystemStorage):
        return Path(store.location)
    for name in names:
        _fetch(name, mirror)
    for erased in {path.name for path in mirror.glob("*/*/*")} - set(names):
        place(mirror, erased).unlink()
    return mirror


def not_whole(names: Iterable[str], *, where: Path) -> tuple[str, ...]:
    """Those that are not there, or whose bytes are not the ones of their name."""
    return tuple(name for name in names if not is_whole(place(where, name), name))


def is_whole(path: Path, name: str) -> bool:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError:
        return False
    return digest.hexdigest() == name


def place(where: Path, name: str) -> Path:
    return where / name[:2] / name[2:4] / name


def put_back(names: Iterable[str], *, source: Path) -> int:
    """Move the files into the store; how many were not there yet."""
    return sum(_put_back(name, source) for name in names)


def _put_back(name: str, source: Path) -> bool:
    if files.is_whole(name):
        return False
    files.put(place(source, name).read_bytes())
    return True


def _fetch(name: str, mirror: Path) -> None:
    path = place(mirror, name)
    if is_whole(path, name):
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with files.open_file(name) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, _PIECE)
    except files.FileMissing:
        path.unlink(missing_ok=True)
