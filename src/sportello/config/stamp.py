"""Whether this version, on this database, was made ready before, found out in milliseconds and without Django.

`sportello up` skips a start of `sportello migrate` when neither the installed code nor the database's list of migrations has changed since the last
time that command ended well.
"""

from __future__ import annotations

import hashlib
import sysconfig
from pathlib import Path

import psycopg

from sportello.config import PACKAGE, variables
from sportello.config.env import SettingError
from sportello.core.patience import PAGE_SECONDS, Connection, within

_NAME = "made-ready"


def is_current(database_url: str) -> bool:
    file = _file()
    return file.is_file() and file.read_text(encoding="ascii") == _state(database_url)


def renew(database_url: str) -> None:
    _file().write_text(_state(database_url), encoding="ascii")


def _file() -> Path:
    return variables.DATA.read() / _NAME


def _state(database_url: str) -> str:
    return f"{_code()} {_migrations(database_url)}"


def _code() -> str:
    """Of our own files by name, size and time, and of the other packages by name and version."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.*")):
        if path.suffix not in {".pyc", ".mo"} and path.is_file():
            found = path.stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    for package in sorted(Path(sysconfig.get_path("purelib")).glob("*.dist-info")):
        digest.update(package.name.encode())
    return digest.hexdigest()


def _migrations(database_url: str) -> str:
    """Of the migrations that the database has seen; empty when it has seen none."""
    try:
        with within(PAGE_SECONDS), Connection.connect(database_url, connect_timeout=5) as connection:
            row = connection.execute(
                "SELECT md5(string_agg(app || '.' || name, ' ' ORDER BY id)) FROM django_migrations"
            ).fetchone()
    except psycopg.errors.UndefinedTable:
        return ""
    except psycopg.OperationalError as error:
        raise SettingError(
            f"The database went away while Sportello started: {str(error).strip().splitlines()[0]}"
        ) from None
    return str(row[0]) if row else ""
