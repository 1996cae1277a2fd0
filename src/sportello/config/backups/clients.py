"""PostgreSQL's own programs, of the version that fits the server: another writes what that one cannot read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from sportello.config import embedded
from sportello.config.env import SettingError

_SYSTEM = Path("/usr/lib/postgresql")
# libpq's names of variables are its parameters' in capitals, but for these; keepalives have none.
_NAMES = {"dbname": "PGDATABASE", "target_session_attrs": "PGTARGETSESSIONATTRS", "application_name": "PGAPPNAME"}
_NOT_VARIABLES = frozenset(
    {"keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"}
)


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
    parts = conninfo_to_dict(url)
    names = {name: _NAMES.get(name, f"PG{name.upper()}") for name in parts}
    return {
        names[name]: str(value) for name, value in parts.items() if value is not None and name not in _NOT_VARIABLES
    }


def _major_of_program(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    words = said.split()
    return int(words[2].split(".")[0]) if len(words) > 2 and words[2].split(".")[0].isdigit() else 0
