"""The file store: bytes under their own sha256, outside the web root, each content once.

Behind Django's storage API, so on disk by default and in any other store by a setting. There are no addresses here:
a view serves a file after asking a query whether this person may have it.
"""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol, TypeVar, cast, runtime_checkable

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.storage.base import Storage
from django.db import connection
from django.dispatch import Signal

from sportello.core.stalling import Askers

SHA256 = re.compile(r"[0-9a-f]{64}")
SECONDS = 8.0
"""For each question to the store, and for what is carried as long as that takes at LEAST_BYTES_A_SECOND."""
LEAST_BYTES_A_SECOND = 1_000_000
SWEEP_SECONDS = 600.0
MARK = "sportello-file-store"
"""A small file at the store's root. A folder whose disk is not mounted, a bucket that was deleted and another store do not have it."""
_WORDS = b"Here Sportello keeps the files of its desk. Without this one nothing more is written here, or taken for missing.\n"
_PIECE = 1 << 20
_PUTTING = "SELECT pg_advisory_xact_lock_shared(hashtextextended('sportello file ' || %s, 0))"
_REMOVING = "SELECT pg_advisory_xact_lock(hashtextextended('sportello file ' || %s, 0))"
log = logging.getLogger(__name__)
T = TypeVar("T")
_OF_ONE_FILE = {errno.EIO, errno.EBADMSG, errno.EACCES}
"""What a disk says of a file that it cannot give any more."""
_askers = Askers("file store")
damaged = Signal()
"""Sent with the `sha256` of a file that somebody wanted and that is missing or altered."""


class FileMissing(Exception):  # noqa: N818 - names what is wrong
    """The store has no file of this sha256, or what it has is not that content any more."""


class FileStoreAway(OSError):  # noqa: N818 - names what is wrong
    """The store cannot be reached, written to or read, is full, or does not answer: no fault of whoever asks, and it passes."""


@runtime_checkable
class Sweeping(Protocol):
    """A store that can say what was begun in it and never came to its end."""

    def sweep(self, before: float) -> int: ...


@dataclass(slots=True)
class Known:
    """What the database says of the store, told by the room that keeps it (watch)."""

    is_ours: Callable[[Callable[[str], bool]], bool] = lambda _has: True
    """Whether a store without a mark may be given one. It is told how to ask whether the store has a file."""


known = Known()


class DurableFileStorage(FileSystemStorage):
    """Files on disk that are either wholly there or not at all, also after a power cut: written aside, synced, renamed."""

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        _make_private(path.parent)
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(content.chunks())
                file.flush()
                os.fsync(file.fileno())
            Path(aside).replace(path)
        except BaseException:
            Path(aside).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
        return name

    def exists(self, name: str) -> bool:
        """Raises OSError of a disk that fails, which for Django's own is one without the file."""
        try:
            os.lstat(self.path(name))
        except FileNotFoundError:
            return False
        return True

    def sweep(self, before: float) -> int:
        """Takes away what killed writes have left, if it is older than this moment; how many."""
        gone = 0
        for pattern in (".probe-*", ".new-*", "*/*/.new-*"):
            for path in Path(self.location).glob(pattern):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before:
                        path.unlink()
                        gone += 1
        return gone

    def get_available_name(self, name: str, max_length: int | None = None) -> str:  # noqa: ARG002 - Django's
        """The name asked for: the same name is the same content."""
        return name


def put(content: bytes) -> str:
    """Keeps the bytes and answers their sha256, in hexadecimal. Putting the same bytes again changes nothing, or mends a damaged file.

    Within a transaction nobody can remove the file before the row that names it is there. Raises FileStoreAway.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if connection.in_atomic_block:
        _lock(_PUTTING, sha256)
    _of_ours(lambda: _keep(sha256, content), size=2 * len(content))
    return sha256


def read(sha256: str) -> bytes:
    """The bytes, checked against their sha256. Raises FileMissing, FileStoreAway."""
    with open_file(sha256) as file:
        content: bytes = file.read()
    return content


def open_file(sha256: str) -> IO[bytes]:
    """The file, open for reading in pieces: for downloads. Read through before, so that nobody is given other bytes than were kept.

    Raises FileMissing, after whoever listens to `damaged` was told; FileStoreAway.
    """
    name = _name(sha256)
    try:
        size = _of_ours(lambda: _store().size(name))
        file, found = _of_ours(lambda: _opened(name), size=size)
    except FileNotFoundError as missing:
        _tell_damaged(sha256, "is missing")
        raise FileMissing(sha256) from missing
    if found != sha256:
        file.close()
        _tell_damaged(sha256, "is not what it was")
        raise FileMissing(sha256)
    return file


def is_whole(sha256: str) -> bool:
    """Whether the store has the file, with exactly the bytes that were put. Tells nobody. Raises FileStoreAway: then nothing is known of it."""
    try:
        name = _name(sha256)
        size = _of_ours(lambda: _store().size(name))
        file, found = _of_ours(lambda: _opened(name), size=size)
    except (FileNotFoundError, FileMissing):
        return False
    except FileStoreAway as error:
        if getattr(error.__cause__, "errno", None) in _OF_ONE_FILE:
            return False
        raise
    file.close()
    return found == sha256


def lock_to_remove(sha256: str) -> None:
    """Until the end of the transaction nobody puts this content; who has put it and not committed yet is waited for."""
    _lock(_REMOVING, sha256)


def remove(sha256: str) -> None:
    """Takes a file away for good. Whoever calls has made sure that no row names it any more. Raises FileStoreAway."""
    check_there()
    _in_time(lambda: _store().delete(_name(sha256)))


def check_there() -> None:
    """Raises FileStoreAway where the store cannot be asked, or is not the one into which files were put: then with ENXIO."""
    _of_ours(_check_mark)


def mark() -> None:
    """From now on this is the store. Raises FileStoreAway."""
    _in_time(lambda: _store().save(MARK, ContentFile(_WORDS)))


def sweep(*, before: datetime) -> int:
    """What killed writes have left in the store, and nobody will ever name: how much was taken away. Raises FileStoreAway."""
    store = _store()
    if not isinstance(store, Sweeping):
        return 0
    try:
        return _askers.answer(lambda: store.sweep(before.timestamp()), seconds=SWEEP_SECONDS)
    except OSError as error:
        raise FileStoreAway(str(error)) from error


def _of_ours(ask: Callable[[], T], *, size: int = 0) -> T:
    """As `_in_time`, of a store that has its mark, or is given it now since it is the one. What is missing in another is not missing."""
    try:
        return _in_time(ask, size=size)
    except FileNotFoundError:
        check_there()
        raise
    except FileStoreAway as away:
        if away.errno != errno.ENXIO or not known.is_ours(
            lambda sha256: _in_time(lambda: _store().exists(_name(sha256)))
        ):
            raise
    mark()
    return _in_time(ask, size=size)


def _check_mark() -> None:
    if not _store().exists(MARK):
        raise OSError(errno.ENXIO, "it has no mark: its disk is not mounted, its bucket was deleted, or it is another")


def _in_time(ask: Callable[[], T], *, size: int = 0) -> T:
    """What the store gives. Raises FileNotFoundError, FileStoreAway."""
    try:
        return _askers.answer(ask, seconds=SECONDS + size / LEAST_BYTES_A_SECOND)
    except FileNotFoundError:
        raise
    except OSError as error:
        away = FileStoreAway(str(error))
        away.errno = error.errno
        raise away from error


def _keep(sha256: str, content: bytes) -> None:
    name = _name(sha256)
    try:
        file, found = _opened(name)
        file.close()
    except OSError:
        found = ""
    if found != sha256:
        _check_mark()
        _store().save(name, ContentFile(content))


def _opened(name: str) -> tuple[IO[bytes], str]:
    """The file at its beginning, and its sha256."""
    file = cast(IO[bytes], _store().open(name, "rb"))
    try:
        found = _sha256_of(file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    return file, found


def _lock(statement: str, sha256: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, [sha256])


def _sha256_of(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _tell_damaged(sha256: str, what: str) -> None:
    log.error("the file %s in the file store %s", sha256, what)
    damaged.send_robust(sender=None, sha256=sha256)


def _store() -> Storage:
    return storages["default"]


def _name(sha256: str) -> str:
    if not SHA256.fullmatch(sha256):
        raise FileMissing(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _make_private(folder: Path) -> None:
    """All folders on the way, each for our own user only: `mkdir(parents=True)` would give its mode to the last one alone."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
