"""`sportello restore`: onto an empty machine, or over a database that may be lost."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from sportello.config import cli, ground, processes, variables
from sportello.config.backups import restoring, trial, vault
from sportello.config.backups.restoring import Restored, Unpacked
from sportello.config.backups.vault import DamagedError, Vault
from sportello.config.env import SettingError
from sportello.core.files import FileStoreAway
from sportello.core.patience import PAGE_SECONDS, within


def run(options: argparse.Namespace) -> int:
    processes.leave_in_order()
    try:
        store = vault.configured()
        if options.list:
            return _list(store)
        return _test(store, options.snapshot) if options.test else _restore(store, options)
    except DamagedError as error:
        raise SettingError(str(error)) from None
    except psycopg.errors.InsufficientPrivilege as error:
        raise SettingError(f"Whoever restores must own the database: {str(error).strip()}.") from None
    except psycopg.Error as error:
        raise SettingError(f"The database does not answer: {str(error).strip().splitlines()[0]}") from None
    except FileStoreAway as error:
        raise SettingError(
            f"The database is restored, its files are not: {error}. Nobody may write to it until a restore has come to its end: do it again."
        ) from None
    except OSError as error:
        raise SettingError(
            f"Nothing was restored: {error.filename or 'the disk'}: {error.strerror or error}."
        ) from None


def _restore(store: Vault, options: argparse.Namespace) -> int:
    begun = time.monotonic()
    with ground.database_at_hand() as url, restoring.unpacked(store, options.snapshot) as backup:
        os.environ[variables.DATABASE_URL.name] = url
        os.environ.pop(f"{variables.DATABASE_URL.name}_FILE", None)
        key = restoring.lend_key(backup)
        cli.set_up_django()
        _check_version(backup)
        _check_files(backup)
        restored = restoring.into_database(
            backup, url=url, overwrite=options.overwrite, send_waiting=options.send_waiting
        )
        if not key:
            restoring.keep_key(backup)
        put, lost = _files(backup)
        restoring.open_to_all(url)
        _migrate()
        _note(backup, restored)
    _report(restored, put=put, lost=lost, same_key=key in {"", backup.key}, seconds=time.monotonic() - begun)
    return 0


def _test(store: Vault, wanted: str) -> int:
    """Beside the desk at work, of which nothing is changed but the note of what came of it."""
    begun = time.monotonic()
    cli.set_up_django()
    from sportello.core import clock
    from sportello.watch import actions

    try:
        with restoring.unpacked(store, wanted, room=trial.ROOM) as backup:
            _check_version(backup)
            _check_files(backup)
            restored = trial.bring_back(backup)
    except (SettingError, DamagedError, psycopg.Error, OSError) as error:
        with _noting():
            actions.note_failed_restore(why=str(error).strip(), now=clock.now())
        raise
    written, seconds = restored.manifest, time.monotonic() - begun
    with _noting():
        actions.note_restore(
            snapshot=backup.snapshot.id, moment=written.taken_at, seconds=round(seconds), now=clock.now()
        )
    print(
        f"Backup {backup.snapshot.id[:8]} as of {written.moment} can be restored: {len(written.tables)} tables with {restored.rows} rows and "
        f"{len(written.files)} files, all equal to what was saved. {seconds:.1f} s."
    )
    return 0


@contextmanager
def _noting() -> Iterator[None]:
    from django.db import DatabaseError

    try:
        with within(PAGE_SECONDS):
            yield
    except DatabaseError as error:
        why = str(error).strip().splitlines()[0]
        print(f"sportello: what came of it could not be noted in the database: {why}", file=sys.stderr)


def _list(store: Vault) -> int:
    for snapshot in store.snapshots() if store.is_there() else []:
        print(f"{snapshot.id[:8]}  {snapshot.taken_at:%Y-%m-%d %H:%M:%S %z}")
    return 0


def _check_version(backup: Unpacked) -> None:
    """A backup of an older version is brought up to this one; one of a newer version holds what this one does not know."""
    from django.db.migrations.loader import MigrationLoader

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = [name for name in backup.manifest.migrations if name not in known]
    if unknown:
        raise SettingError(
            f"The backup was taken by Sportello {backup.manifest.sportello}, which is not this version: {unknown[0]} is unknown here. "
            "Install the version that took it, or a newer one."
        )


def _check_files(backup: Unpacked) -> None:
    """Before the database is touched. Raises DamagedError."""
    from sportello.config.backups import stock

    wrong = stock.not_whole(backup.manifest.files, where=backup.files)
    if wrong:
        raise DamagedError(f"{len(wrong)} files of this backup are not what was saved, the first is {wrong[0]}.")


def _files(backup: Unpacked) -> tuple[int, int]:
    """How many files were put into the store, and how many the backup itself says were lost before it."""
    from sportello.config.backups import stock
    from sportello.core import files

    files.mark()
    return stock.put_back(backup.manifest.files, source=backup.files), len(backup.manifest.missing)


def _migrate() -> None:
    from sportello.config.commands import prepare

    prepare.run(argparse.Namespace(check=False, demo=False))


def _note(backup: Unpacked, restored: Restored) -> None:
    """In the rows that it holds, it was not yet taken."""
    from sportello.core import clock
    from sportello.watch import actions

    written = backup.manifest
    with _noting():
        actions.note_backup(
            snapshot=backup.snapshot.id,
            moment=written.taken_at,
            rows=restored.rows,
            files=len(written.files),
            missing=len(written.missing),
            now=clock.now(),
        )


def _report(restored: Restored, *, put: int, lost: int, same_key: bool, seconds: float) -> None:
    written = restored.manifest
    print(
        f"Restored as of {written.moment}: {len(written.tables)} tables with {restored.rows} rows and {len(written.files)} files, "
        f"all equal to what was saved; {put} files were not there yet. {seconds:.1f} s."
    )
    print("All sessions have ended: everybody signs in again.")
    if restored.held:
        print(
            f"{restored.held} mails were waiting to be sent and are held back, since they may have been sent after the backup. "
            "The desk says so on every page; send or discard them there, or with `sportello mail send-held` or `sportello mail discard-held`."
        )
    if lost:
        print(f"{lost} files were missing or damaged already when the backup was taken.")
    if not same_key:
        print(
            "The secret key that is set is not the one of the backup: replies to mails sent before will be held, not filed."
        )
