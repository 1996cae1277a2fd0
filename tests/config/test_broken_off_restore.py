"""A restore that was killed can be done again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psycopg
import pytest
from django.db import connection as django
from procrastinate.contrib.django import connector_params

from sportello.config import addresses, ground
from sportello.config.backups import clients, manifest, restoring
from sportello.config.backups.manifest import Manifest
from sportello.config.backups.restoring import Unpacked
from sportello.config.backups.vault import Snapshot
from sportello.config.env import SettingError
from tests.config.house import until
from tests.config.servers import on_server, url_of

_END_OTHERS = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
"""Threads of tests before this one may have left connections behind, which a pool replaces once when they break."""


def _is_alone(connection: psycopg.Connection) -> bool:
    """Each look in a transaction of its own: within one PostgreSQL shows who was connected at the first."""
    ended = connection.execute(_END_OTHERS).rowcount
    connection.commit()
    return ended == 0


@pytest.mark.django_db(transaction=True)
def test_r25_what_a_killed_restore_left_is_as_good_as_an_empty_database() -> None:
    django.close()
    with psycopg.connect(**connector_params()) as connection:
        until(partial(_is_alone, connection), seconds=20, what="nobody else is connected")
        connection.execute("ALTER SCHEMA public RENAME TO gone")
        restoring.check_free(connection, overwrite=False)
        connection.rollback()


@pytest.fixture
def two_databases() -> Iterator[tuple[str, str]]:
    """One to be saved, with a row, and an empty one."""
    names = ("restore_from", "restore_into")
    for name in names:
        on_server("DROP DATABASE IF EXISTS {}", name)
        on_server("CREATE DATABASE {}", name)
    with psycopg.connect(url_of(names[0]), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)")
    yield url_of(names[0]), url_of(names[1])
    for name in names:
        on_server("DROP DATABASE {}", name)


def _backup_of(url: str, folder: Path) -> Unpacked:
    dump = folder / "dump"
    with psycopg.connect(url) as connection:
        server = clients.major_of(connection)
        tables = manifest.tables(connection)
    program = clients.program("pg_dump", major=server)
    clients.run([program, "--format=custom", "--schema=public", f"--file={dump}"], url=url, what="no dump")
    written = Manifest("2026-11-30T05:00:00+00:00", server, (), tables, (), (), 0)
    snapshot = Snapshot("0" * 64, written.taken_at, "here", ())
    return Unpacked(folder, snapshot, written, dump, "key", folder)


def _write(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO kept VALUES (8)")


def test_r25_nobody_works_on_a_database_that_a_restore_has_half_filled(
    two_databases: tuple[str, str], tmp_path: Path
) -> None:
    """A fault found: killed after the rows were there, it left a desk that could be started, without its files and with every mail sent again."""
    source, target = two_databases
    backup = _backup_of(source, tmp_path)
    restore = partial(restoring.into_database, backup, url=target, overwrite=False, send_waiting=True)
    restore()
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        _write(target)
    with pytest.raises(SettingError, match="broken off"):
        ground.check_is_whole(target)
    assert restore().rows == 1, "and can be done again without a word"
    restoring.open_to_all(target)
    ground.check_is_whole(target)
    _write(target)
    with pytest.raises(SettingError, match="not empty"):
        restore()


def test_r25_two_restores_into_one_database_do_not_meet(two_databases: tuple[str, str], tmp_path: Path) -> None:
    source, target = two_databases
    backup = _backup_of(source, tmp_path)
    with psycopg.connect(target) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('sportello restore', 0))")
        with pytest.raises(SettingError, match="Another restore"):
            restoring.into_database(backup, url=target, overwrite=False, send_waiting=True)


def test_r25_a_restore_that_is_refused_leaves_no_key(
    two_databases: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: the key of a backup that was refused stayed in the data folder, though nothing was said to be changed."""
    source, _ = two_databases
    backup = _backup_of(source, tmp_path)
    monkeypatch.setenv("SPORTELLO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("SPORTELLO_SECRET_KEY", "")
    (tmp_path / "data").mkdir()
    assert (restoring.lend_key(backup), addresses.secret_key()) == ("", backup.key)
    with pytest.raises(SettingError, match="nothing was changed"):
        restoring.into_database(backup, url=source, overwrite=False, send_waiting=True)
    assert not addresses.secret_key_file().exists()
    restoring.keep_key(backup)
    monkeypatch.setenv("SPORTELLO_SECRET_KEY", "")
    assert restoring.lend_key(backup) == addresses.secret_key() == backup.key
    assert addresses.secret_key_file().stat().st_mode & 0o777 == 0o600
