"""What must hold before anything is started: a data folder of our own, free ports, a database that answers. Each refusal is one sentence."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from sportello.config import addresses, embedded, processes, variables
from sportello.config.env import SettingError
from sportello.core.patience import PAGE_SECONDS, Connection, within
from sportello.watch.named import HALF_RESTORED

CONNECT_SECONDS = 5
OLDEST_SERVER = 150_000
BROKEN_OFF = "A backup is being restored into this database, or that was broken off: wait for `sportello restore`, or run it again."
_WRITTEN = ("lock", "made-ready", "postgresql", "postgresql.log", "sockets", "static", "files")
"""In the data folder. The settings and the secret key are only read."""
PATIENCE_SECONDS = 10.0
"""How long ports may still be held by the children of a run that was killed a moment ago."""


@dataclass(frozen=True, slots=True)
class Port:
    """A port that is going to be listened on, and the setting that moves it."""

    host: str
    number: int
    purpose: str
    setting: str


def make_data_folder(folder: Path) -> None:
    """Make the folder, for its owner only, and find out whether it, and what a run before left in it, can be written to."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SettingError(
            f"The data folder {folder} cannot be written to: {error.strerror}. Set SPORTELLO_DATA to another, or mend it."
        ) from None
    for kept in (folder / name for name in _WRITTEN):
        if kept.exists() and not os.access(kept, os.R_OK | os.W_OK):
            raise SettingError(
                f"{kept} belongs to {_owner(kept)}, perhaps since Sportello was run as another user before: chown -R the data folder {folder}."
            )


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except KeyError:
        return f"user number {path.stat().st_uid}"


@contextmanager
def sole_user_of(folder: Path) -> Iterator[bool]:
    """Hold the data folder's lock; says whether the run before ended without cleaning up. The kernel frees the lock however we end."""
    with (folder / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SettingError(
                f"Sportello already runs on the data folder {folder} (process {lock.read().strip()})."
            ) from None
        lock.seek(0)
        killed = bool(lock.read())
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield killed
        lock.truncate(0)


@contextmanager
def database_at_hand(*, shared: bool = False) -> Iterator[str]:
    """The address of the database set; else the embedded one, run for as long as this lasts.

    With `shared` also the one of a Sportello that runs on this data folder.
    """
    if url := variables.DATABASE_URL.read():
        yield url
        return
    data = variables.DATA.read()
    make_data_folder(data)
    server = embedded.Server(embedded.cluster_in(data))
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_user_of(data))
        except SettingError:
            if not shared:
                raise
        else:
            server.start()
            stack.callback(server.end, seconds=30)
            stack.callback(server.ask_to_stop)
        yield server.cluster.url


def runs_together(folder: Path) -> bool:
    """Whether the processes on this data folder were started by `sportello up`, and are started again by it."""
    try:
        holder = int((folder / "lock").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False
    return "up" in processes.command_line(holder)


def check_ports(ports: Iterable[Port], *, patience: float) -> None:
    """Raise SettingError for the first port that somebody else holds. `patience` in seconds is given once, to all together."""
    end = time.monotonic() + patience
    for port in ports:
        while (reason := _taken(port)) is not None:
            if time.monotonic() >= end:
                raise SettingError(
                    f"Port {port.number} on {port.host} cannot be used for {port.purpose}: {reason}. "
                    f"Set {port.setting} to another, or end the program that holds it."
                )
            time.sleep(0.1)


def _taken(port: Port) -> str | None:
    """Why a port cannot be listened on, or None. SO_REUSEADDR as servers set it: connections that linger do not count."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(port.host, port.number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return "it is taken" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
    return None


def ensure_secret_key() -> None:
    """Make the secret key in the data folder if there is none: 384 random bits, for its owner's eyes."""
    target = addresses.secret_key_file()
    if target.exists() and target.stat().st_size:
        return
    draft = target.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
        os.fsync(file.fileno())
    draft.rename(target)


def check_database(url: str) -> None:
    """Raise SettingError when the database does not answer, or is too old."""
    try:
        with within(PAGE_SECONDS), Connection.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        raise SettingError(f"DATABASE_URL: the database cannot be reached: {_reason(error)}.") from None
    if version < OLDEST_SERVER:
        raise SettingError(f"DATABASE_URL: the server is PostgreSQL {version // 10_000}; Sportello needs 15 or newer.")


def check_is_whole(url: str) -> None:
    """Raise SettingError for a database that a restore fills, or would have filled had it come to its end."""
    try:
        with within(PAGE_SECONDS), Connection.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            if connection.execute(HALF_RESTORED).fetchone() == (True,):
                raise SettingError(BROKEN_OFF)
    except psycopg.Error as error:
        raise SettingError(f"The database went away while Sportello started: {_reason(error)}.") from None


def _reason(error: psycopg.Error) -> str:
    """libpq's first line; those after it ask whether the server runs, or repeat the first for another address."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")
