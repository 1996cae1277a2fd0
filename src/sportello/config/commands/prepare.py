"""`sportello migrate`: brings the database and the static files up to this version."""

from __future__ import annotations

import argparse
import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from psycopg.errors import LockNotAvailable

from sportello.config import ground, snapshot
from sportello.config.env import SettingError
from sportello.core.patience import WITHOUT_LIMITS
from sportello.watch.named import HALF_RESTORED

LOCK_SECONDS = 1
LOCK_ATTEMPTS = 60
_STAMP = "made-from"


def run(options: argparse.Namespace) -> int:
    try:
        waiting = migrations_waiting()
    except OperationalError as error:
        raise SettingError(f"The database cannot be reached: {first_line(error)}") from None
    if options.check:
        return report(waiting, static_current=static_is_current())
    update_database()
    if not static_is_current():
        collect_static()
    if options.demo:
        from sportello.config.commands import demo

        return demo.run(options)
    return 0


def update_database() -> None:
    """One machine at a time; the others wait, and then find nothing left to do. What was broken off is taken up where it stopped.

    Raises SettingError where a restore was broken off.
    """
    while not _has_lock():
        time.sleep(LOCK_SECONDS)
    try:
        with connection.cursor() as cursor:
            cursor.execute(HALF_RESTORED)
            if cursor.fetchone() == (True,):
                raise SettingError(ground.BROKEN_OFF)
            cursor.execute(WITHOUT_LIMITS)
        snapshot.load_where_nothing_is()
        migrate_all()
    finally:
        connection.close()  # and with it the lock


def migrate_all() -> None:
    waiting = migrations_waiting()
    if waiting:
        print(f"Bringing the database up to date: {len(waiting)} migrations ...", flush=True)
        migrate_beside_traffic()
    if "cache" not in connection.introspection.table_names():
        call_command("createcachetable", verbosity=0)


def _has_lock() -> bool:
    """Asked for again and again: a statement that waited for it would be waited for by the index that another machine is making."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended('sportello migrate', 0))")
        return bool(cursor.fetchone()[0])


def migrate_beside_traffic() -> None:
    """A change of a table waits for who reads it, and all others wait behind the change: so it gives way after a second, and tries again.

    Each migration is a transaction of its own, so what is done already stays done.
    """
    for attempts_left in reversed(range(LOCK_ATTEMPTS)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [f"{LOCK_SECONDS}s"])
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            if not (attempts_left and isinstance(error.__cause__, LockNotAvailable)):
                raise
            print("A table is in use, trying again ...", flush=True)
            time.sleep(LOCK_SECONDS)
        else:
            return


def report(waiting: list[str], *, static_current: bool) -> int:
    for name in waiting:
        print(f"migration to apply: {name}")
    if not static_current:
        print(f"static files to collect into {settings.STATIC_ROOT}")
    return 1 if waiting or not static_current else 0


def migrations_waiting() -> list[str]:
    """The migrations of this version that the database has not seen, as "tickets.0002_search"."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def static_is_current() -> bool:
    stamp = Path(settings.STATIC_ROOT) / _STAMP
    return stamp.is_file() and stamp.read_text(encoding="ascii") == _fingerprint()


def collect_static() -> None:
    """Add what is new; names carry a hash of the content, so a process of the version before keeps finding its own files."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    (root / _STAMP).write_text(_fingerprint(), encoding="ascii")


def _fingerprint() -> str:
    """Of the names, sizes and times of all static files."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
