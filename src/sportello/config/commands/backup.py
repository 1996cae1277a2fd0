"""`sportello backup`."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress

import psycopg
from django.db import DatabaseError, connection

from sportello.config import processes
from sportello.config.backups import taking, vault
from sportello.config.backups.taking import Taken
from sportello.config.backups.vault import DamagedError
from sportello.config.env import SettingError
from sportello.core import clock
from sportello.core.files import FileStoreAway
from sportello.core.patience import PAGE_SECONDS, within
from sportello.watch import actions, queries


def run(options: argparse.Namespace) -> int:
    """0 when the backup is whole; 3 when the file store had lost something that was not given up; 1 when there is none, which health then says."""
    processes.leave_in_order()
    try:
        return _report(_taken(options), keep=options.keep)
    except SettingError as error:
        _note_failure(str(error))
        raise
    except SystemExit:
        _note_failure("it was told to end before it was whole")
        raise


def _note_failure(why: str) -> None:
    with suppress(DatabaseError), within(PAGE_SECONDS):
        actions.note_failed_backup(why=why, now=clock.now())


def _taken(options: argparse.Namespace) -> Taken:
    try:
        return taking.take(vault.configured(), keep=options.keep, all_data=options.check, given_up=_given_up())
    except DamagedError as error:
        raise SettingError(str(error)) from None
    except FileStoreAway as error:
        raise SettingError(f"No backup was taken: the file store does not answer: {error}.") from None
    except (psycopg.Error, DatabaseError) as error:
        raise SettingError(f"No backup was taken: the database went away meanwhile: {str(error).strip()}.") from None
    except OSError as error:
        raise SettingError(f"No backup was taken: {error.filename or 'the disk'}: {error.strerror or error}.") from None


def _given_up() -> frozenset[str]:
    """Asked on a connection of its own: one would stand idle for as long as the backup takes."""
    try:
        return queries.given_up()
    finally:
        connection.close()


def _report(taken: Taken, *, keep: int | None) -> int:
    written = taken.manifest
    rows = sum(table.rows for table in written.tables.values())
    print(
        f"Backup {taken.snapshot[:8]} as of {written.moment}: {len(written.tables)} tables, {rows} rows, {len(written.files)} files, "
        f"{taken.seconds:.1f} s."
    )
    try:
        actions.note_backup(
            snapshot=taken.snapshot,
            moment=written.taken_at,
            rows=rows,
            files=len(written.files),
            missing=len(written.missing),
            now=clock.now(),
        )
        actions.note_files(
            looked_at=len(written.files) + len(written.missing), damaged=written.missing, now=clock.now()
        )
    except DatabaseError as error:
        print(f"sportello: the backup is good, but could not be noted in the database: {error}", file=sys.stderr)
    for name in taken.lost:
        print(
            f"sportello: the file {name} is missing or damaged in the file store, so it is not in the backup",
            file=sys.stderr,
        )
    if taken.lost and keep:
        print(
            "sportello: no older backup was removed, since one may be the last that has those files; once they are back "
            "the next one removes what is too many.",
            file=sys.stderr,
        )
    return 3 if taken.lost else 0
