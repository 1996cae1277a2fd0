"""The worker never stands still unnoticed: killed, cut off from the database, asked to stop in the middle of a job."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import psycopg
import pytest
from procrastinate import App
from psycopg.conninfo import conninfo_to_dict

from sportello.config import leftovers, worker
from sportello.config.reading import Bell
from sportello.core import patience
from tests.config.house import until
from tests.config.servers import on_server, url_of

_CUT_ALL_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_WHO_ASKS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query ~ %s AND state = 'active'"
_END_WHO_ASKS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query ~ %s AND state = 'active'"
_END_WHO_WAITS = f"{_END_WHO_ASKS} AND wait_event_type = 'Lock'"
"""Only who waits for a row that is held, and not a job of the clock's that ends at this moment, too."""
PROGRAM = Path(__file__).with_name("worker_with_test_jobs.py")


_WITHOUT_A_POOL = """
import threading, time
from sportello.config import cli, variables
cli.set_up_django(variables.DOOR_THREADS)
from django.db import connection
from sportello.watch import beating
from sportello.watch.enums import Work
beating.BEAT_SECONDS, beating.LOOKS_BEFORE_THE_END = 0.1, 2
threading.stack_size(1 << 46)
try:
    connection.ensure_connection()
except RuntimeError:
    print("no room for a thread", flush=True)
threading.stack_size(0)
beating.begin(Work.DOOR, proof=lambda: True)
time.sleep(120)
"""


@dataclass
class Bench:
    """A migrated database of its own, and workers on it."""

    url: str
    folder: Path
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def notes(self) -> list[str]:
        file = self.folder / "notes"
        return file.read_text(encoding="utf-8").split() if file.exists() else []

    def ask(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def defer(self, task: str, *, lock: str | None = None, status: str = "todo", **arguments: Any) -> int:
        """Put a job in the queue as the application does, in SQL; its number."""
        arguments = {"file": str(self.folder / "notes"), **arguments}
        rows = self.ask(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, args) "
            "VALUES ('default', %s, %s, %s, %s) RETURNING id",
            task,
            lock,
            status,
            json.dumps(arguments),
        )
        return int(rows[0][0])

    def status(self, job: int) -> str:
        """Of a job; "done" when it is gone, since what succeeded is deleted."""
        rows = self.ask("SELECT status FROM procrastinate_jobs WHERE id = %s", job)
        return str(rows[0][0]) if rows else "done"

    def shut(self) -> None:
        """Nobody can reach the database any more."""
        name = urlsplit(self.url).path.lstrip("/")
        on_server("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", name)
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    def open(self) -> None:
        on_server("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", urlsplit(self.url).path.lstrip("/"))

    def said(self, words: str) -> bool:
        return words in (self.folder / "log").read_text(encoding="utf-8")

    def until_noticed(self, words: str) -> None:
        until(lambda: self.said(words), seconds=40, what=f"the worker says {words!r}")

    def environment(self, url: str | None = None) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": url or self.url,
            "SPORTELLO_DATA": str(self.folder),
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }

    def work(self, *, url: str | None = None) -> subprocess.Popen[bytes]:
        """Start a worker and wait until it has registered."""
        known = len(self.ask("SELECT id FROM procrastinate_workers"))
        environment = self.environment(url)
        log = (self.folder / "log").open("ab")
        started = subprocess.Popen([sys.executable, str(PROGRAM)], env=environment, stdout=log, stderr=log)
        log.close()
        self.started.append(started)
        until(
            lambda: len(self.ask("SELECT id FROM procrastinate_workers")) > known, seconds=20, what="a worker at work"
        )
        return started


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated database to copy."""
    name = f"worker_template_{os.getpid()}"
    on_server("CREATE DATABASE {}", name)
    folder = tmp_path_factory.mktemp("template")
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(name),
        "SPORTELLO_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    subprocess.run([sys.executable, "-m", "sportello", "migrate"], env=environment, check=True, capture_output=True)
    yield name
    on_server("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def bench(template: str, tmp_path: Path) -> Iterator[Bench]:
    name = f"worker_{os.getpid()}_{abs(hash(tmp_path)) % 10**8}"
    on_server("CREATE DATABASE {} TEMPLATE {}", name, template)
    found = Bench(url_of(name), tmp_path)
    yield found
    for process in found.started:
        process.kill()
        process.wait()
    on_server("DROP DATABASE {} WITH (FORCE)", name)


@pytest.mark.system
@pytest.mark.slow(30)
@pytest.mark.timeout(600)
class TestProcess:
    def test_r11_the_job_of_a_killed_worker_is_done_by_another_within_two_minutes(self, bench: Bench) -> None:
        first = bench.work()
        job = bench.defer("tests.sleep", seconds=600)
        until(lambda: bench.notes == ["begun"], seconds=10, what="the job is begun")
        first.kill()
        killed_at = time.monotonic()
        bench.ask("UPDATE procrastinate_jobs SET args = args || '{\"seconds\": 0}' WHERE id = %s", job)
        bench.work()
        until(lambda: bench.status(job) == "done", seconds=120, what="the job is done by the second worker")
        assert bench.notes == ["begun", "begun", "ended"]
        assert time.monotonic() - killed_at < 120

    def test_it_lets_a_short_job_end_before_it_stops(self, bench: Bench) -> None:
        process = bench.work()
        job = bench.defer("tests.sleep", seconds=2)
        until(lambda: bench.notes == ["begun"], seconds=10, what="the job is begun")
        process.send_signal(signal.SIGTERM)
        assert process.wait(90) == 0
        assert bench.notes == ["begun", "ended"]
        assert bench.status(job) == "done"

    def test_r12_it_stops_within_thirty_seconds_whatever_it_does_and_loses_nothing(self, bench: Bench) -> None:
        process = bench.work()
        job = bench.defer("tests.sleep", seconds=600)
        until(lambda: bench.notes == ["begun"], seconds=10, what="the job is begun")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert bench.status(job) == "doing"

    def test_r12_it_ends_or_begins_anew_when_the_database_falls_silent(self, bench: Bench) -> None:
        with FrozenProxy(bench.url) as proxy:
            process = bench.work(url=proxy.url)
            proxy.freeze()
            until(
                lambda: process.poll() is not None or bench.said("the work was broken off"),
                seconds=75,
                what="the worker gives the silent line up",
            )

    def test_r13_it_outlives_an_outage_of_the_database_and_works_on_within_seconds(self, bench: Bench) -> None:
        process = bench.work()
        bench.shut()
        bench.until_noticed("the work was broken off")
        bench.open()
        job = bench.defer("tests.note", word="again")
        until(lambda: bench.status(job) == "done", seconds=20, what="a job is done after the outage")
        assert process.poll() is None

    def test_a_job_that_the_database_broke_off_is_done_again(self, bench: Bench) -> None:
        bench.work()
        job = bench.defer("tests.ask")
        until(lambda: bench.ask(_END_WHO_ASKS, "^SELECT pg_sleep") != [], seconds=20, what="the job asks the database")
        until(lambda: bench.status(job) == "done", seconds=30, what="the job is done again")
        assert bench.notes == ["begun", "begun", "ended"]

    def test_r03_a_job_whose_line_to_the_database_went_deaf_is_done_again(self, bench: Bench) -> None:
        """A fault found: it stood for ever, on its old connection, while its worker had new ones and looked alive."""
        with FrozenProxy(bench.url) as proxy:
            process = bench.work(url=proxy.url)
            job = bench.defer("tests.ask")
            until(lambda: bench.ask(_WHO_ASKS, "^SELECT pg_sleep") != [], seconds=20, what="the job asks the database")
            proxy.deafen()
            assert bench.ask(_END_WHO_ASKS, "^SELECT pg_sleep") == [(True,)]
            until(lambda: bench.status(job) == "done", seconds=60, what="the job is done again")
            assert process.poll() is None
            process.kill()
            process.wait()
        assert bench.notes == ["begun", "begun", "ended"]

    def test_r11_a_worker_that_may_open_no_more_files_ends_and_its_job_is_done_by_another(self, bench: Bench) -> None:
        """A fault found: every job that it took up had failed for good, for as long as it lived."""
        first = bench.work()
        job = bench.defer("tests.exhaust")
        assert first.wait(60) == 70
        bench.work()
        until(lambda: bench.status(job) == "done", seconds=120, what="the job is done by another")
        assert bench.notes == ["begun", "begun", "ended"]

    def test_r12_a_process_whose_pool_could_not_begin_ends_once_the_database_is_there(self, bench: Bench) -> None:
        """A fault found: started in a moment without room for another thread, it waited for a connection for ever."""
        done = subprocess.run(
            [sys.executable, "-c", _WITHOUT_A_POOL],
            env=bench.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, "no room" in done.stdout) == (70, True), done.stderr

    def test_a_job_whose_next_one_comes_by_itself_fails_by_no_break_and_its_success_mends_what_failed(
        self, bench: Bench
    ) -> None:
        """Each outage of the database left failed jobs, for which health would have been red an hour."""
        failed, of_another = (bench.defer("tests.note", lock=lock, status="failed") for lock in ("one", "other"))
        bench.work()
        broken_off = bench.defer("tests.ask", lock="another")
        until(lambda: bench.ask(_END_WHO_ASKS, "^SELECT pg_sleep") != [], seconds=20, what="the job asks the database")
        until(lambda: bench.status(broken_off) == "done", seconds=30, what="it gives way to the next one")
        assert bench.notes == ["begun"]
        done = bench.defer("tests.note", lock="one", word="again")
        until(lambda: bench.status(done) == "done", seconds=20, what="the next one is done")
        assert (bench.status(failed), bench.status(of_another)) == ("done", "failed")

    def test_what_a_success_mends_is_found_by_an_index(self, bench: Bench) -> None:
        """A fault found: every minute each job of the clock went through all jobs that were ever done."""
        with psycopg.connect(bench.url) as line:
            line.execute("SET enable_seqscan = off")
            plan = line.execute(f"EXPLAIN {leftovers.MENDED}", {"lock": "one"}).fetchall()
        assert "failed_job" in str(plan)

    def test_a_job_whose_end_could_not_be_written_down_is_done_again(self, bench: Bench) -> None:
        bench.work()
        job = bench.defer("tests.sleep", seconds=1)
        until(lambda: bench.notes == ["begun"], seconds=20, what="the job is begun")
        with psycopg.connect(bench.url) as holding:
            holding.execute("SELECT FROM procrastinate_jobs WHERE id = %s FOR UPDATE", [job])
            until(
                lambda: bench.ask(_END_WHO_WAITS, "^SELECT procrastinate_finish_job") != [],
                seconds=20,
                what="its end is written",
            )
        until(lambda: bench.status(job) == "done", seconds=60, what="the job is done again")
        assert bench.notes == ["begun", "ended"] * 2


class FrozenProxy:
    """Stands between a worker and the database, and can stop passing anything on while all connections stay open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        hosts = dict(pair.split("=", 1) for pair in parts.query.split("&") if pair)
        self._behind = hosts.get("host", parts.hostname or "")
        self._port = parts.port or 5432
        self._server = socket.create_server(("127.0.0.1", 0))
        self._running = threading.Event()
        self._running.set()
        self._deaf = threading.Event()
        self._sockets: list[socket.socket] = []
        self.url = f"postgresql://{parts.username or ''}@127.0.0.1:{self._server.getsockname()[1]}{parts.path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.set()
        self._server.shutdown(socket.SHUT_RDWR)  # wakes who waits there for the next one
        for each in [self._server, *self._sockets]:
            each.close()

    def freeze(self) -> None:
        self._running.clear()

    def deafen(self) -> None:
        """What those say to each other who are connected is lost from now on, and nobody is told. New ones are heard."""
        self._deaf.set()
        self._deaf = threading.Event()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._server.accept()
                behind = self._connect()
                self._sockets += [client, behind]
                for source, target in ((client, behind), (behind, client)):
                    threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _connect(self) -> socket.socket:
        if not self._behind.startswith("/"):
            return socket.create_connection((self._behind or "localhost", self._port))
        behind = socket.socket(socket.AF_UNIX)
        behind.connect(f"{self._behind}/.s.PGSQL.{self._port}")
        return behind

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        deaf = self._deaf
        with suppress(OSError):
            while data := source.recv(65_536):
                self._running.wait()
                if not deaf.is_set():
                    target.sendall(data)
            if not deaf.is_set():
                target.close()


def test_the_watchdog_ends_what_is_not_fed() -> None:
    ended = threading.Event()
    worker.Watchdog(seconds=0.2, end=ended.set).start()
    assert ended.wait(60)


def test_the_watchdog_leaves_alone_what_is_fed() -> None:
    ended = threading.Event()
    watchdog = worker.Watchdog(seconds=0.5, end=ended.set)
    watchdog.start()
    for _ in range(10):
        watchdog.feed()
        assert not ended.wait(0.1)


def test_a_stalled_job_gives_way_to_a_younger_sibling_that_holds_its_lock(bench: Bench) -> None:
    _stalled, waiting = (
        int(
            bench.ask(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, queueing_lock, attempts) "
                "VALUES ('default', 'tests.note', %s, 'one', 0) RETURNING id",
                status,
            )[0][0]
        )
        for status in ("doing", "todo")
    )
    assert asyncio.run(_sweep_once(bench.url)) == 1
    assert bench.ask("SELECT id, status FROM procrastinate_jobs") == [(waiting, "todo")]


def test_notices_come_again_after_the_connection_was_cut(bench: Bench) -> None:
    cut = partial(bench.ask, _CUT_ALL_OTHERS)
    assert asyncio.run(_notices_over(bench, bench.url, cut)) == ["before", "after"]


def test_r03_notices_come_again_after_the_line_went_deaf(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "LISTEN_CHECK_SECONDS", 0.2)
    monkeypatch.setattr(patience, "SHORT_SECONDS", 1.0)
    with FrozenProxy(bench.url) as proxy:
        assert asyncio.run(_notices_over(bench, proxy.url, proxy.deafen)) == ["before", "after"]


@pytest.mark.parametrize("turns", range(6))
@pytest.mark.parametrize("cancelled_first", [True, False])
def test_who_is_cancelled_while_a_connection_comes_free_ends(turns: int, cancelled_first: bool) -> None:
    """A fault found: a round was over, as the database took no writes, and its pulse, cancelled in the moment in which it got a connection, went on
    for ever. The worker waited for it, and did nothing from then on, though it looked alive to everybody.
    """
    asyncio.run(_cancelled_as_a_connection_comes_free(turns, cancelled_first=cancelled_first))


async def _cancelled_as_a_connection_comes_free(turns: int, *, cancelled_first: bool) -> None:
    connector = worker.SteadyConnector(
        bell=Bell(), kwargs=conninfo_to_dict(os.environ["DATABASE_URL"]), min_size=1, max_size=1
    )
    async with App(connector=connector).open_async():
        held = await connector.pool.getconn()
        asking = asyncio.ensure_future(connector.execute_query_async("SELECT 1"))
        await _turns(10)
        assert connector.pool.get_stats()["requests_waiting"] == 1
        if cancelled_first:
            asking.cancel()
            await _turns(turns)
            await connector.pool.putconn(held)
        else:
            await connector.pool.putconn(held)
            await _turns(turns)
            asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking


async def _turns(number: int) -> None:
    """Of the event loop."""
    for _ in range(number):
        await asyncio.sleep(0)


async def _notices_over(bench: Bench, url: str, fault: Callable[[], object]) -> list[str]:
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def on_notification(*, channel: str, payload: str) -> None:
        assert channel == "jobs"
        await heard.put(payload)

    connector = worker.SteadyConnector(bell=Bell(), kwargs=conninfo_to_dict(url))
    listening = asyncio.ensure_future(connector.listen_notify(on_notification, ["jobs"]))
    words = []
    for word in ("before", "after"):
        words.append(await _heard(bench, heard, word))
        await asyncio.to_thread(fault)
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    return words


async def _heard(bench: Bench, heard: asyncio.Queue[str], word: str) -> str:
    """Say a word until it is heard: whoever is connecting just now cannot hear what was said before."""
    for _ in range(100):
        await asyncio.to_thread(bench.ask, "SELECT pg_notify('jobs', %s)", word)
        with suppress(TimeoutError):
            return await asyncio.wait_for(heard.get(), timeout=0.1)
    return "nothing"


async def _sweep_once(url: str) -> int:
    connector = worker.SteadyConnector(bell=Bell(), kwargs=conninfo_to_dict(url), min_size=1, max_size=2)
    async with App(connector=connector).open_async() as app:
        return await leftovers.retry_stalled(app)
