"""Takes a backup. One transaction's snapshot is the moment: the dump and the counts see it, and files, which are written before the row that names
them and are never changed or removed, are copied after it. So every file that a row of the dump names is there, whatever comes in meanwhile.
"""

from __future__ import annotations

import fcntl
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sportello.config import addresses, variables
from sportello.config.backups import clients, manifest, stock
from sportello.config.backups.manifest import Manifest
from sportello.config.backups.vault import Vault
from sportello.config.env import SettingError
from sportello.core.patience import Connection

STAGE = "sportello-backup"
DUMP = "database.dump"
KEY = "secret-key"


@dataclass(frozen=True, slots=True)
class Taken:
    snapshot: str
    manifest: Manifest
    seconds: float


def take(vault: Vault, *, keep: int | None = None, all_data: bool = False) -> Taken:
    """One backup, looked through afterwards; then, with `keep`, all but the newest so many are removed.

    None is removed while files are missing in the store: an older one may be the last to have them. Raises SettingError, DamagedError, FileStoreAway.
    """
    begun = time.monotonic()
    if vault.is_there():
        vault.forget_the_dead()
    else:
        vault.make()
    with _stage() as stage:
        written, files = _written(stage)
        snapshot = vault.keep([stage, files])
    vault.check(all_data=all_data)
    if keep and not written.missing:
        vault.forget_all_but(keep)
    return Taken(snapshot, written, time.monotonic() - begun)


@contextmanager
def _stage() -> Iterator[Path]:
    """A folder for the dump, always at the same place, so that the store finds again what has not changed. What a killed backup left is removed."""
    folder = variables.DATA.read() / "backup"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stage = folder / STAGE
    with (folder / "lock").open("w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingError("Another backup is being taken on this machine: wait for it.") from None
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(mode=0o700)
        try:
            yield stage
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _written(stage: Path) -> tuple[Manifest, Path]:
    """Dump, key and manifest, all of one moment; and the folder of the files."""
    url = addresses.database_url()
    (stage / KEY).write_text(addresses.secret_key(), encoding="utf-8")
    with _moment(url) as (connection, snapshot):
        _dump(connection, snapshot, url, stage / DUMP)
        names = manifest.named_files(connection)
        folder = stock.folder(names, mirror=variables.DATA.read() / "backup" / "files")
        missing = stock.not_whole(names, where=folder)
        whole = tuple(name for name in names if name not in set(missing))
        written = manifest.take(connection, files=whole, missing=missing)
    written.write(stage)
    return written, folder


@contextmanager
def _moment(url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction that sees one moment, which others can share by its name."""
    try:
        connection = Connection.connect(url, connect_timeout=10)
    except psycopg.Error as error:
        raise SettingError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None
    with connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        # While the dump is written this transaction waits, for as long as it takes.
        connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0")
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchall()[0]
        yield connection, snapshot


def _dump(connection: psycopg.Connection, snapshot: str, url: str, target: Path) -> None:
    """Not compressed: the store does that, and keeps only once what did not change."""
    program = clients.program("pg_dump", major=clients.major_of(connection))
    command = [program, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--schema=public"]
    clients.run(
        [*command, f"--snapshot={snapshot}", f"--file={target}"], url=url, what="The database could not be dumped"
    )
