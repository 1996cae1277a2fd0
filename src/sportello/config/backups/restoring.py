"""Restores a backup: looks at all of it first, writes the database in one transaction, and compares what is there with what was counted."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from sportello.config import addresses, variables
from sportello.config.backups import clients, manifest, scratch
from sportello.config.backups.manifest import Manifest
from sportello.config.backups.taking import DUMP, KEY, STAGE
from sportello.config.backups.vault import DamagedError, Snapshot, Vault
from sportello.config.env import SettingError
from sportello.core.patience import WITHOUT_LIMITS, Connection
from sportello.mail.rules import HELD_BACK
from sportello.watch.named import HALF_RESTORED

# A restore that was broken off has left no schema at all.
_EMPTY = "SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('public') AND relkind IN ('r', 'p')"
_OTHERS = """
    SELECT count(*) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'sportello'
"""
# What was true of the moment of the backup and is not of now. Sessions end: a backup must not sign in anybody who has been signed out since.
_AFTERWARDS = """
    DELETE FROM django_session;
    DELETE FROM usersessions_usersession;
    DELETE FROM procrastinate_workers;
    DELETE FROM cache;
    DELETE FROM watch_pulse;
"""
_ALONE = "SELECT pg_try_advisory_lock(hashtextextended('sportello restore', 0))"
_HOLD = """
    UPDATE mail_outboundmail SET state = 'held', next_attempt_at = NULL, last_answer = %s
     WHERE state IN ('queued', 'sending', 'deferred')
"""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A backup out of the store, looked at and found whole. `folder` is gone with all that is in it once it has been used."""

    folder: Path
    snapshot: Snapshot
    manifest: Manifest
    dump: Path
    key: str
    files: Path


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    rows: int
    held: int
    seconds: float


@contextmanager
def unpacked(vault: Vault, wanted: str, *, room: int = 0) -> Iterator[Unpacked]:
    """Raises SettingError when there is no such backup, or the disk would be left with less than `room` bytes; DamagedError when anything in it
    is not as it was written.
    """
    if not vault.is_there():
        raise SettingError(f"There is no store of backups at {vault.address}.")
    snapshot = vault.snapshot(wanted)
    data = variables.DATA.read()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with scratch.folder(data / "restore", busy="Another restore is at work on this machine: wait for it.") as folder:
        if room:
            check_room(folder, vault.size(snapshot) + room)
        vault.fetch(snapshot, folder)
        yield _looked_at(snapshot, folder)


def check_room(folder: Path, wanted: int) -> None:
    """Raises SettingError where fewer bytes are free than are wanted."""
    if wanted > (free := shutil.disk_usage(folder).free):
        raise SettingError(
            f"That takes {wanted // 1_000_000:,} MB for a while, and {free // 1_000_000:,} MB are free in {folder.parent}."
        )


def _looked_at(snapshot: Snapshot, folder: Path) -> Unpacked:
    stage = next((path for path in snapshot.paths if Path(path).name == STAGE), "")
    files = next((path for path in snapshot.paths if path != stage), "")
    if not stage or not files:
        raise DamagedError("This is not a backup of Sportello: it holds other folders than ours.")
    inside = folder / stage.lstrip("/")
    written = manifest.read(inside)
    dump, key = inside / DUMP, inside / KEY
    if not dump.is_file() or not key.is_file():
        raise DamagedError("The backup is incomplete: its dump of the database or its secret key is missing.")
    return Unpacked(folder, snapshot, written, dump, key.read_text(encoding="utf-8"), folder / files.lstrip("/"))


def into_database(backup: Unpacked, *, url: str, overwrite: bool, send_waiting: bool) -> Restored:
    """Until `open_to_all` everybody else may only read it, so that nobody works on a half one, or sends again what had been sent.

    Raises SettingError when the database is in use, filled, or too old for the backup; DamagedError when the outcome differs from the manifest.
    """
    begun = time.monotonic()
    with _connected(url) as connection:
        program = _fitting_program(connection, backup)
        check_free(connection, overwrite=overwrite)
        _check_readable(program, backup.dump)
        _empty_and_close(connection, overwrite=overwrite)
        options = [
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={connection.info.dbname}",
        ]
        clients.run(
            [program, *options, str(backup.dump)], url=url, what="The dump could not be restored", may_write=True
        )
        with connection.transaction():
            _compare(manifest.tables(connection), backup.manifest)
            held = _bring_to_now(connection, send_waiting=send_waiting)
        connection.execute("ANALYZE")
    rows = sum(table.rows for table in backup.manifest.tables.values())
    return Restored(backup.manifest, rows, held, time.monotonic() - begun)


def open_to_all(url: str) -> None:
    """Once all of the backup is there, its files too."""
    with _connected(url) as connection, connection.transaction():
        connection.execute(_for_all("RESET default_transaction_read_only", connection))
        connection.execute("DROP SCHEMA sportello_restore")


@contextmanager
def _connected(url: str) -> Iterator[psycopg.Connection]:
    """As the only one that restores. Raises SettingError when there is another."""
    with Connection.connect(url, autocommit=True, connect_timeout=10) as connection:
        connection.execute(WITHOUT_LIMITS)
        connection.execute("SET default_transaction_read_only = off")
        if connection.execute(_ALONE).fetchone() != (True,):
            raise SettingError("Another restore is at work on this database: wait for it.")
        yield connection


def _empty_and_close(connection: psycopg.Connection, *, overwrite: bool) -> None:
    """In one step, so that a restore that is broken off at any moment leaves what was there, or what nobody takes for a desk."""
    with connection.transaction():
        if overwrite or _is_half_restored(connection):
            connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute("DROP SCHEMA IF EXISTS public")  # an empty one: the dump brings its own
        connection.execute("CREATE SCHEMA IF NOT EXISTS sportello_restore")
        connection.execute(_for_all("SET default_transaction_read_only = on", connection))


def _for_all(what: LiteralString, connection: psycopg.Connection) -> sql.Composed:
    """A setting for every session that begins from now on."""
    return sql.SQL("ALTER DATABASE {} " + what).format(sql.Identifier(connection.info.dbname))


def _is_half_restored(connection: psycopg.Connection) -> bool:
    return connection.execute(HALF_RESTORED).fetchone() == (True,)


def lend_key(backup: Unpacked) -> str:
    """The key that is set. Where there is none, empty: this process then works with the backup's, and nothing is written yet."""
    try:
        return addresses.secret_key()
    except SettingError:
        file = addresses.secret_key_file()
        if file.exists() and file.stat().st_size:
            raise
        os.environ[variables.SECRET_KEY.name] = backup.key
        return ""


def keep_key(backup: Unpacked) -> None:
    """Write the backup's secret key into the data folder, once the rows that it belongs to are there. Raises SettingError."""
    file = addresses.secret_key_file()
    try:
        file.touch(mode=0o600)
        file.write_text(backup.key, encoding="ascii")
    except OSError as error:
        file.unlink(missing_ok=True)
        raise SettingError(
            f"The database is restored, its secret key is not: {file}: {error.strerror}. Nobody may write to it until a restore has come to its end: "
            "do it again."
        ) from None


def _fitting_program(connection: psycopg.Connection, backup: Unpacked) -> str:
    major = clients.major_of(connection)
    if major < backup.manifest.server:
        raise SettingError(
            f"The backup was taken from PostgreSQL {backup.manifest.server} and this server is {major}: it must be as new."
        )
    return clients.program("pg_restore", major=major)


def check_free(connection: psycopg.Connection, *, overwrite: bool) -> None:
    """Nothing of ours may be at work, and nothing be lost without having been named."""
    if _count(connection, _OTHERS):
        raise SettingError("Sportello is at work on this database: stop its services first.")
    if _count(connection, _EMPTY) and not (overwrite or _is_half_restored(connection)):
        raise SettingError(
            "The database is not empty, and nothing was changed. Restore into an empty one, or say --overwrite: all that it holds is then lost."
        )


def _check_readable(program: str, dump: Path) -> None:
    listed = subprocess.run([program, "--list", str(dump)], capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        raise DamagedError(f"The dump in this backup cannot be read: {listed.stderr.strip().splitlines()[0]}")


def _compare(found: dict[str, manifest.Table], written: Manifest) -> None:
    for name, table in written.tables.items():
        if found.get(name) != table:
            rows = found[name].rows if name in found else "no"
            raise DamagedError(
                f"The restored table {name} is not the one that was saved ({rows} rows, {table.rows} were saved): do not use this database."
            )


def _bring_to_now(connection: psycopg.Connection, *, send_waiting: bool) -> int:
    tables = {
        name
        for (name,) in connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchall()
    }
    for statement in _AFTERWARDS.strip().splitlines():
        if statement.split()[2].rstrip(";") in tables:
            connection.execute(statement.strip().encode())
    return 0 if send_waiting else connection.execute(_HOLD, [HELD_BACK]).rowcount


def _count(connection: psycopg.Connection, query: str) -> int:
    ((found,),) = connection.execute(query.encode()).fetchall()
    return int(found)
