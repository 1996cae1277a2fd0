"""Takes a backup. One transaction's snapshot is the moment: the dump and the counts see it, and files, which are written before the row that names
them and are never changed or removed, are copied after it. So every file that a row of the dump names is there, whatever comes in meanwhile.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sportello.config import addresses, variables
from sportello.config.backups import clients, manifest, scratch, stock
from sportello.config.backups.manifest import Manifest
from sportello.config.backups.vault import Vault
from sportello.config.env import SettingError
from sportello.core.patience import WITHOUT_LIMITS, Connection

STAGE = "sportello-backup"
DUMP = "database.dump"
KEY = "secret-key"
TRIES = 3
_LEAST_BYTES = """
    SELECT coalesce(sum(pg_table_size(oid)), 0)::bigint FROM pg_class
     WHERE relnamespace = to_regnamespace('public') AND relkind = 'r'
"""
_LOCK_MILLISECONDS = 600_000
_ROOM = 200_000_000
"""What is left to the others on the disk of the dump, which may be the database's own."""


@dataclass(frozen=True, slots=True)
class Taken:
    snapshot: str
    manifest: Manifest
    lost: tuple[str, ...]
    """The missing files that nobody has given up."""
    seconds: float


def take(
    vault: Vault, *, keep: int | None = None, all_data: bool = False, given_up: frozenset[str] = frozenset()
) -> Taken:
    """One backup, looked through afterwards; then, with `keep`, all but the newest so many are removed.

    None is removed while files are missing in the store that were not given up: an older one may be the last to have them. One during which a
    file was erased is taken again. Raises SettingError, DamagedError, FileStoreAway, OSError.
    """
    begun = time.monotonic()
    if vault.is_there():
        vault.forget_the_dead()
    else:
        vault.make()
    with _stage() as stage:
        written, snapshot = _kept(vault, stage)
    vault.check(all_data=all_data)
    lost = tuple(name for name in written.missing if name not in given_up)
    if keep and not lost:
        vault.forget_all_but(keep)
    return Taken(snapshot, written, lost, time.monotonic() - begun)


def _stage() -> AbstractContextManager[Path]:
    """For the dump, always at the same place, so that the store finds again what has not changed."""
    return scratch.folder(
        variables.DATA.read() / "backup" / STAGE, busy="Another backup is being taken on this machine: wait for it."
    )


def _kept(vault: Vault, stage: Path) -> tuple[Manifest, str]:
    """What is now in the store, and its id there. A file that is erased while the others are copied would make it one that is not whole."""
    unread = ""
    for _ in range(TRIES):
        written, files = _written(stage)
        snapshot, unread = vault.keep([stage, files])
        if not unread and all(stock.place(files, name).exists() for name in written.files):
            return written, snapshot
        vault.forget(snapshot)
    raise SettingError(
        f"No backup was taken: a file could not be read, or was erased meanwhile, {TRIES} times in a row: {unread}"
    )


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
        connection.execute(WITHOUT_LIMITS)  # while the dump is written this transaction waits, for as long as it takes
        (snapshot,) = connection.execute("SELECT pg_export_snapshot()").fetchall()[0]
        yield connection, snapshot


def _dump(connection: psycopg.Connection, snapshot: str, url: str, target: Path) -> None:
    """Not compressed: the store does that, and keeps only once what did not change. Raises SettingError before it fills the disk in vain."""
    ((least,),) = connection.execute(_LEAST_BYTES).fetchall()
    if least + _ROOM > (free := shutil.disk_usage(target.parent).free):
        raise SettingError(
            f"The dump of the database takes {least // 1_000_000:,} MB or more, {_ROOM // 1_000_000} MB must be left to others, "
            f"and {free // 1_000_000:,} MB are free in {target.parent.parent}."
        )
    program = clients.program("pg_dump", major=clients.major_of(connection))
    command = [program, "--format=custom", "--compress=0", "--no-owner", "--no-privileges", "--schema=public"]
    command.append(f"--lock-wait-timeout={_LOCK_MILLISECONDS}")
    clients.run(
        [*command, f"--snapshot={snapshot}", f"--file={target}"], url=url, what="The database could not be dumped"
    )
