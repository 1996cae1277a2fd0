"""The embedded PostgreSQL, for real."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import psycopg
import pytest

from sportello.config import embedded

pytestmark = [pytest.mark.system, pytest.mark.needs("root")]


def test_a_server_that_mends_itself_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault found: one that took more than a minute was ended, and began anew."""
    monkeypatch.setattr(embedded, "READY_SECONDS", 4)
    slow = {"restore_command": "sleep 6; false"}
    server = embedded.Server(embedded.cluster_in(tmp_path), options=slow)
    server.start()
    server.end(seconds=0)
    (server.cluster.folder / "recovery.signal").touch()  # each piece of the log is asked for elsewhere first
    begun = monotonic()
    server.start()
    assert monotonic() - begun > embedded.READY_SECONDS
    server.ask_to_stop()
    server.end(seconds=20)


def test_r03_a_first_start_bears_an_initdb_that_a_killed_one_has_left(tmp_path: Path) -> None:
    """A fault found: both wrote into one folder, and the start ended with 1."""
    over, left = Event(), tmp_path / "postgresql.new"

    def write_on() -> None:
        while not over.is_set():
            with suppress(OSError):
                left.mkdir(exist_ok=True)
                (left / "PG_VERSION").write_text("18")

    writer = Thread(target=write_on)
    writer.start()
    server = embedded.Server(embedded.cluster_in(tmp_path))
    try:
        server._create()
        assert (server.cluster.folder / "postgresql.conf").read_text().count("Written once by Sportello") == 1
    finally:
        over.set()
        writer.join()


def test_it_starts_from_a_clone_in_a_folder_that_only_root_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a new server, where root clones into /root: initdb did not find the programs beside it."""
    home = tmp_path / "root"
    home.mkdir(mode=0o700)
    version, package = embedded.programs().parents[:2]
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(version, home / package.name / version.name)
    shutil.copytree(libraries, home / libraries.name)
    monkeypatch.setattr(embedded, "programs", lambda: home / package.name / version.name / "bin")
    (home / "data").mkdir()
    server = embedded.Server(embedded.cluster_in(home / "data"))
    server.start()
    try:
        with psycopg.connect(server.cluster.url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        server.ask_to_stop()
        server.end(seconds=20)


def test_what_a_later_version_sets_is_added_to_a_cluster_that_says_nothing_of_it(tmp_path: Path) -> None:
    """Else an installation stays as slow as it was made."""
    server = embedded.Server(embedded.cluster_in(tmp_path))
    server.start()
    configuration = server.cluster.folder / "postgresql.conf"
    try:
        assert shown(server, "io_method") == "sync"
    finally:
        server.ask_to_stop()
        server.end(seconds=20)
    own = configuration.read_text(encoding="utf-8").replace("io_method = sync\n", "io_method = worker\n")
    configuration.write_text(own, encoding="utf-8")
    server.start()
    try:
        assert shown(server, "io_method") == "worker"
        assert configuration.read_text(encoding="utf-8") == own
    finally:
        server.ask_to_stop()
        server.end(seconds=20)


def shown(server: embedded.Server, setting: str) -> str:
    with psycopg.connect(server.cluster.url) as connection:
        found = connection.execute("SELECT current_setting(%s)", [setting]).fetchone()
    return str(found[0]) if found else ""
