"""PostgreSQL's own programs, of the version that fits the server: another writes what that one cannot read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

from sportello.config import embedded
from sportello.config.env import SettingError

_SYSTEM = Path("/usr/lib/postgresql")
_OPTIONS = frozenset({"host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "user", "password"})


def major_of(connection: psycopg.Connection) -> int:
    return connection.info.server_version // 10_000


def program(name: str, *, major: int) -> str:
    """The path of `pg_dump` or `pg_restore` of that major version. Raises SettingError when it is not installed."""
    if major == embedded.VERSION:
        try:
            return str(embedded.programs() / name)
        except SettingError:
            pass
    installed = _SYSTEM / str(major) / "bin" / name
    if installed.is_file():
        return str(installed)
    found = shutil.which(name)
    if found and _major_of_program(found) == major:
        return found
    raise SettingError(
        f"The server is PostgreSQL {major}, and its {name} is not on this machine: apt-get install postgresql-client-{major}."
    )


def run(command: Sequence[str], *, url: str, what: str) -> None:
    """Run one of the programs against a database. Raises SettingError with its last words."""
    done = subprocess.run(
        command,
        env={**os.environ, **_environment(url)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise SettingError(f"{what}: {words[0].strip()}")


def _environment(url: str) -> dict[str, str]:
    """The address for libpq, in variables: a password in the arguments could be read by every user of the machine."""
    parts = urlsplit(url)
    known = {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or ""),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    options = {f"PG{name.upper()}": value for name, value in parse_qsl(parts.query) if name in _OPTIONS}
    return {name: value for name, value in {**known, **options}.items() if value}


def _major_of_program(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    words = said.split()
    return int(words[2].split(".")[0]) if len(words) > 2 and words[2].split(".")[0].isdigit() else 0
