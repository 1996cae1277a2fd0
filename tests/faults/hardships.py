"""What a database server suffers without being gone (R03, R12): each is a context in which it lasts."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg

from sportello.config import processes
from tests.config.house import until
from tests.faults.installation import children_of
from tests.faults.scene import Scene

Hardship = Callable[[Scene], AbstractContextManager[None]]
SLOW_SECONDS = 2.5
"""For each piece, in each direction: every answer of the database takes five seconds."""
MOST_CONNECTIONS = 60
LOCK_TRIES = 20
LOCKED = "tickets_ticket, mail_mailbox, mail_inboundmail, django_session"


@contextmanager
def stopped(scene: Scene) -> Iterator[None]:
    """Asked to stop, as for an upgrade of the server."""
    scene.server.ask_to_stop()
    scene.server.end(seconds=20)
    yield
    scene.server.start()


@contextmanager
def crashed(scene: Scene) -> Iterator[None]:
    """Ended at once, as by a power cut; the next start recovers from the write-ahead log."""
    scene.server.end(seconds=0)
    yield
    scene.server.start()


@contextmanager
def frozen_line(scene: Scene) -> Iterator[None]:
    """Nothing comes through, and everything arrives once it is over."""
    scene.line.frozen.set()
    yield
    scene.line.frozen.clear()


@contextmanager
def deaf_line(scene: Scene) -> Iterator[None]:
    """What is sent is lost; connections from then stay silent for ever, new ones are good afterwards."""
    scene.line.deaf.set()
    yield
    scene.line.forget()


@contextmanager
def slow_line(scene: Scene) -> Iterator[None]:
    scene.line.delay = SLOW_SECONDS
    yield
    scene.line.delay = 0.0


@contextmanager
def cut_line(scene: Scene) -> Iterator[None]:
    with scene.line.led_nowhere():
        yield


@contextmanager
def stopped_processes(scene: Scene) -> Iterator[None]:
    """As on a machine that has run out of memory or hangs in its disk: the kernel keeps all lines alive."""
    pids = _server_pids(scene)
    for pid in pids:
        processes.send(pid, signal.SIGSTOP)
    yield
    for pid in reversed(pids):
        processes.send(pid, signal.SIGCONT)


@contextmanager
def locked_tables(scene: Scene) -> Iterator[None]:
    """Somebody changes a table by hand and goes for lunch. He asks again as long as one of ours is in his way."""
    with psycopg.connect(scene.server.cluster.url, options="-c lock_timeout=2s") as connection:
        for _ in range(LOCK_TRIES):
            with suppress(psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                connection.execute(f"LOCK TABLE {LOCKED} IN ACCESS EXCLUSIVE MODE")
                break
            connection.rollback()
        else:
            raise AssertionError("the tables could not be locked")
        yield
        connection.rollback()


@contextmanager
def read_only(scene: Scene) -> Iterator[None]:
    _configure(scene, "ALTER SYSTEM SET default_transaction_read_only = on")
    yield
    with psycopg.connect(
        scene.server.cluster.url, options="-c default_transaction_read_only=off", autocommit=True
    ) as c:
        c.execute("ALTER SYSTEM RESET default_transaction_read_only")
        c.execute("SELECT pg_reload_conf()")


@contextmanager
def no_free_connection(scene: Scene) -> Iterator[None]:
    """Another program has taken them all, ours too. Needs a server with few (`MOST_CONNECTIONS`)."""
    with ExitStack() as held:
        mine = [held.enter_context(psycopg.connect(scene.server.cluster.url, autocommit=True))]

        def has_all() -> bool:
            """One that was ended leaves its place a little later: until every place is ours, another program could come in."""
            with suppress(psycopg.OperationalError):
                while True:
                    mine.append(held.enter_context(psycopg.connect(scene.server.cluster.url, autocommit=True)))
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> ALL(%s)"
            mine[0].execute(others, [[one.info.backend_pid for one in mine]])
            return len(mine) == MOST_CONNECTIONS

        until(has_all, seconds=30, what="every connection is ours")
        yield


@contextmanager
def database_full(scene: Scene) -> Iterator[None]:
    """Not a byte is left on the disk of the database, which must be a small one. A server that gave up over it is started again afterwards."""
    filling = scene.server.cluster.folder / "filling"
    fill(filling)
    yield
    filling.unlink()
    if not scene.server.alive():
        scene.server.start()


def fill(name: Path) -> None:
    """With nothing, until no byte is left on its disk."""
    with suppress(OSError), name.open("wb") as filling:
        while True:
            filling.write(bytes(4096))
            filling.flush()


@contextmanager
def files_not_writable(scene: Scene) -> Iterator[None]:
    """A file lies where the folder of the file store was, which stops root, too."""
    store = scene.desk.house.folder / "data" / "files"
    store.mkdir(exist_ok=True)
    away = store.rename(store.with_name("files.away"))
    store.write_text("no folder")
    yield
    store.unlink()
    away.rename(store)


@contextmanager
def files_full(scene: Scene) -> Iterator[None]:
    """A small disk over the folder of the file store, full to the last byte. Only root may do this."""
    store = scene.desk.house.folder / "data" / "files"
    store.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0700", "full", str(store)], check=True)
    fill(store / "fill")
    yield
    subprocess.run(["umount", "--lazy", str(store)], check=True)


def _configure(scene: Scene, statement: str) -> None:
    with psycopg.connect(scene.server.cluster.url, autocommit=True) as connection:
        connection.execute(statement.encode())
        connection.execute("SELECT pg_reload_conf()")


def _server_pids(scene: Scene) -> list[int]:
    """The first process, then its children."""
    first = int(scene.server.cluster.pid_file.read_text(encoding="ascii").split()[0])
    return [first, *children_of(first)]


ALL: Mapping[str, Hardship] = {
    "stopped": stopped,
    "crashed": crashed,
    "frozen line": frozen_line,
    "deaf line": deaf_line,
    "slow line": slow_line,
    "cut line": cut_line,
    "stopped processes": stopped_processes,
    "locked tables": locked_tables,
    "read-only": read_only,
    "no free connection": no_free_connection,
}
"""Of the database."""
FILES: Mapping[str, Hardship] = {"files not writable": files_not_writable, "files full": files_full}
