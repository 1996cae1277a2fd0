"""What a backup says about itself, and what a restored database must be equal to: counts and hashes, table by table and file by file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from sportello import __version__
from sportello.config.backups.vault import DamagedError
from sportello.watch.named import NAMED_FILES

FORMAT = 1
NAME = "manifest.json"
_TABLES = """
    SELECT class.relname FROM pg_class class JOIN pg_namespace space ON space.oid = class.relnamespace
     WHERE space.nspname = 'public' AND class.relkind IN ('r', 'p') AND NOT class.relispartition ORDER BY 1
"""
_COLUMNS = """
    SELECT attname FROM pg_attribute
     WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attname COLLATE "C"
"""


@dataclass(frozen=True, slots=True)
class Table:
    """The number of its rows, and the sha256 of all of them as text, in an order that does not depend on how they are stored."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`moment` is the one that database and files stand for. `missing` are files that rows name and that were not in the store, or not whole."""

    moment: str
    server: int
    migrations: tuple[str, ...]
    tables: dict[str, Table]
    files: tuple[str, ...]
    missing: tuple[str, ...]
    waiting_mails: int
    format: int = FORMAT
    sportello: str = __version__

    @property
    def taken_at(self) -> datetime:
        return datetime.fromisoformat(self.moment)

    def write(self, folder: Path) -> None:
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def read(folder: Path) -> Manifest:
    """Raises DamagedError for a file that is not one of ours, or of a form that this version does not know."""
    try:
        raw = json.loads((folder / NAME).read_text(encoding="utf-8"))
        form = raw["format"]
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedError("This is not a backup of Sportello: it holds no manifest that can be read.") from None
    if form != FORMAT:
        raise DamagedError(
            f"This backup has the form {form}, and this version of Sportello ({__version__}) reads only {FORMAT}."
        )
    try:
        raw["tables"] = {name: Table(**table) for name, table in raw["tables"].items()}
        for name in ("migrations", "files", "missing"):
            raw[name] = tuple(raw[name])
        return Manifest(**raw)
    except (KeyError, TypeError, AttributeError):
        raise DamagedError("The manifest of this backup is incomplete; take another backup.") from None


def take(connection: psycopg.Connection, *, missing: tuple[str, ...], files: tuple[str, ...]) -> Manifest:
    """Within the transaction whose snapshot the dump has too."""
    (moment, waiting) = _one(
        connection,
        "SELECT transaction_timestamp(), (SELECT count(*) FROM mail_outboundmail WHERE state IN ('queued', 'sending', 'deferred'))",
    )
    migrations = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return Manifest(
        moment=moment.isoformat(),
        server=connection.info.server_version // 10_000,
        migrations=tuple(name for (name,) in migrations),
        tables=tables(connection),
        files=files,
        missing=missing,
        waiting_mails=waiting,
    )


def tables(connection: psycopg.Connection) -> dict[str, Table]:
    """Of every table of ours. The settings make the text of a value the same on every server."""
    connection.execute(
        "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
    )
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    return {name: _table(connection, name) for name in names}


def named_files(connection: psycopg.Connection) -> tuple[str, ...]:
    """The sha256 of every file that a row names."""
    return tuple(name for (name,) in connection.execute(NAMED_FILES).fetchall())


def _table(connection: psycopg.Connection, name: str) -> Table:
    """Each row's text is hashed and the hashes are added up: any order gives the same sum, so that nothing need be sorted."""
    rows, total = 0, 0
    for row in _rows_as_text(connection, name):
        rows += 1
        total += int.from_bytes(hashlib.sha256(row).digest())
    return Table(rows, hashlib.sha256(f"{rows} {total}".encode()).hexdigest())


def _rows_as_text(connection: psycopg.Connection, name: str) -> Iterator[bytes]:
    columns = [column for (column,) in connection.execute(_COLUMNS, [name]).fetchall()]
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    rest = b""
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(name), listed)) as copy,
    ):
        for block in copy:
            *lines, rest = (rest + bytes(block)).split(b"\n")
            yield from lines


def _one(connection: psycopg.Connection, query: str) -> tuple[datetime, int]:
    ((moment, count),) = connection.execute(query.encode()).fetchall()
    return moment, count
