"""`sportello backup`."""

from __future__ import annotations

import argparse
import sys

import psycopg
from django.db import DatabaseError

from sportello.config.backups import taking, vault
from sportello.config.backups.vault import DamagedError
from sportello.config.env import SettingError
from sportello.core import clock
from sportello.core.files import FileStoreAway
from sportello.watch import actions


def run(options: argparse.Namespace) -> int:
    """0 when the backup is whole; 3 when it was taken, but the file store had lost something before; 1 when there is none."""
    try:
        taken = taking.take(vault.configured(), keep=options.keep, all_data=options.check)
    except DamagedError as error:
        print(f"sportello: {error}", file=sys.stderr)
        return 1
    except FileStoreAway as error:
        raise SettingError(f"No backup was taken: the file store does not answer: {error}.") from None
    except psycopg.OperationalError as error:
        raise SettingError(f"No backup was taken: the database went away meanwhile: {str(error).strip()}.") from None
    written = taken.manifest
    rows = sum(table.rows for table in written.tables.values())
    print(
        f"Backup {taken.snapshot[:8]} as of {written.moment}: {len(written.tables)} tables, {rows} rows, {len(written.files)} files, "
        f"{taken.seconds:.1f} s."
    )
    try:
        actions.note_backup(
            snapshot=taken.snapshot, moment=written.taken_at, rows=rows, files=len(written.files), now=clock.now()
        )
        actions.note_files(
            looked_at=len(written.files) + len(written.missing), damaged=written.missing, now=clock.now()
        )
    except DatabaseError as error:
        print(f"sportello: the backup is good, but could not be noted in the database: {error}", file=sys.stderr)
    for name in written.missing:
        print(
            f"sportello: the file {name} is missing or damaged in the file store, so it is not in the backup",
            file=sys.stderr,
        )
    if written.missing and options.keep:
        print(
            "sportello: no older backup was removed, since one may be the last that has those files; once they are back "
            "the next one removes what is too many.",
            file=sys.stderr,
        )
    return 3 if written.missing else 0
