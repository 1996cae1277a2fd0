"""PostgreSQL's own programs, of the version that fits the server: another writes what that one cannot read."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from sportello.config import embedded
from sportello.config.backups import children
from sportello.config.env import SettingError
from sportello.core.patience import ASK_SECONDS, Connection, Standing, within

_SYSTEM = Path("/usr/lib/postgresql")
_WORKS = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE application_name = %s AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'
    )
"""
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


def run(command: Sequence[str], *, url: str, what: str, may_write: bool = False) -> None:
    """Run one of the programs against a database. Raises SettingError with its last words, or when nobody works on it any more."""
    name = f"sportello {Path(command[0]).name} {os.getpid()}"
    try:
        done = children.run(
            command,
            environment={**os.environ, **_environment(url, may_write=may_write), "PGAPPNAME": name},
            is_helped=partial(_server_works_for, name, url),
        )
    except children.StoodStillError as error:
        raise SettingError(
            f"{what}: {error}. The server, or the line to it, does not answer: look at both, then do it again."
        ) from None
    if done.returncode != 0:
        words = [line for line in done.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise SettingError(f"{what}: {words[0].strip()}")


def _server_works_for(name: str, url: str) -> bool:
    """Asked beside, as in docs/adr/0027-is-the-server-still-at-it.md; a lock counts as work."""
    try:
        with (
            within(ASK_SECONDS, standing=Standing()),
            Connection.connect(url, connect_timeout=ASK_SECONDS, autocommit=True) as beside,
        ):
            ((found,),) = beside.execute(_WORKS, [name]).fetchall()
            return bool(found)
    except psycopg.Error:
        return False


def _environment(url: str, *, may_write: bool) -> dict[str, str]:
    """The address for libpq, in variables: a password in the arguments could be read by every user of the machine.

    With `may_write` also where others may only read.
    """
    parts = conninfo_to_dict(url)
    if may_write:
        parts["options"] = f"{parts.get('options') or ''} -c default_transaction_read_only=off"
    names = {name: _NAMES.get(name, f"PG{name.upper()}") for name in parts}
    return {
        names[name]: str(value) for name, value in parts.items() if value is not None and name not in _NOT_VARIABLES
    }


def _major_of_program(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    words = said.split()
    return int(words[2].split(".")[0]) if len(words) > 2 and words[2].split(".")[0].isdigit() else 0
