"""The file store: bytes under their own sha256, outside the web root, each content once.

Behind Django's storage API, so on disk by default and in any other store by a setting. There are no addresses here:
a view serves a file after asking a query whether this person may have it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from pathlib import Path
from typing import IO, cast

from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.storage.base import Storage
from django.db import connection
from django.dispatch import Signal

SHA256 = re.compile(r"[0-9a-f]{64}")
_PIECE = 1 << 20
_PUTTING = "SELECT pg_advisory_xact_lock_shared(hashtextextended('sportello file ' || %s, 0))"
_REMOVING = "SELECT pg_advisory_xact_lock(hashtextextended('sportello file ' || %s, 0))"
log = logging.getLogger(__name__)
damaged = Signal()
"""Sent with the `sha256` of a file that somebody wanted and that is missing or altered."""


class FileMissing(Exception):  # noqa: N818 - names what is wrong
    """The store has no file of this sha256, or what it has is not that content any more."""


class FileStoreAway(OSError):  # noqa: N818 - names what is wrong
    """The store cannot be reached, written to or read, or is full: no fault of whoever asks, and it passes."""


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
    try:
        if not is_whole(sha256):
            _store().save(_name(sha256), ContentFile(content))
    except OSError as error:
        raise FileStoreAway(str(error)) from error
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
        file = cast(IO[bytes], _store().open(name, "rb"))
        found = _sha256_of(file)
    except FileNotFoundError as missing:
        _tell_damaged(sha256, "is missing")
        raise FileMissing(sha256) from missing
    except OSError as error:
        raise FileStoreAway(str(error)) from error
    if found != sha256:
        file.close()
        _tell_damaged(sha256, "is not what it was")
        raise FileMissing(sha256)
    file.seek(0)
    return file


def is_whole(sha256: str) -> bool:
    """Whether the store has the file, with exactly the bytes that were put. Tells nobody."""
    try:
        with _store().open(_name(sha256), "rb") as file:
            return _sha256_of(file) == sha256
    except (OSError, FileMissing):
        return False


def lock_to_remove(sha256: str) -> None:
    """Until the end of the transaction nobody puts this content; who has put it and not committed yet is waited for."""
    _lock(_REMOVING, sha256)


def remove(sha256: str) -> None:
    """Takes a file away for good. Whoever calls has made sure that no row names it any more."""
    _store().delete(_name(sha256))


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
