"""`sportello up` as a person meets it: it starts, it says where, it stops cleanly, and it starts again whatever was killed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sportello.config import processes
from tests.config.house import House, until

pytestmark = [pytest.mark.system, pytest.mark.slow(25), pytest.mark.timeout(600)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(tmp_path)
    yield found
    found.clear()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """For those that leave it running."""
    found = House(tmp_path_factory.mktemp("running"))
    try:
        found.furnish()
        found.up()
        yield found
        assert found.stop() == 0
    finally:
        found.clear()


def _kill(pids: list[int]) -> None:
    assert pids
    for pid in pids:
        processes.send(pid, signal.SIGKILL)


def _until_again(house: House, name: str, before: list[int]) -> None:
    until(lambda: bool(set(house.pids(name)) - set(before)), seconds=15, what=f"{name} again")


def test_it_starts_on_an_empty_folder_says_where_and_stops_without_a_trace(house: House) -> None:
    house.up()
    assert f"http://localhost:{house.ports[0]}/" in house.log
    assert house.health()["problems"] == []
    assert house.stop() == 0
    assert (house.pids(), house.server_pids()) == ([], [])
    assert (house.folder / "data" / "lock").read_bytes() == b""
    assert "Traceback" not in house.log
    assert "Python threads" not in house.log


def test_the_second_start_is_quick_and_keeps_the_rows(house: House) -> None:
    house.up()
    made = house.run(
        "user",
        "create",
        "Anna@Example.it",
        "--name",
        "Anna Rossi",
        "--role",
        "admin",
        "--password-file",
        "-",
        stdin=b"una frase lunga\n",
    )
    assert made.returncode == 0, made.stderr
    house.stop(signal.SIGTERM)
    ready = (house.folder / "data" / "made-ready").stat().st_mtime_ns
    house.up()
    assert "Bringing the database up to date" not in house.log
    assert (house.folder / "data" / "made-ready").stat().st_mtime_ns == ready
    again = house.run(
        "user", "create", "anna@example.it", "--name", "Anna", "--password-file", "-", stdin=b"una frase lunga\n"
    )
    assert again.returncode == 1
    assert b"Traceback" not in again.stderr
    house.stop()


def test_whatever_is_killed_comes_back_by_itself(running: House) -> None:
    for name in ("web", "live", "worker", "mail-door"):
        _until_again(running, name, [])
        before = running.pids(name)
        _kill(before)
        _until_again(running, name, before)
    server = running.server_pids()
    _kill(server)
    until(
        lambda: bool(set(running.server_pids()) - set(server)) and running.well(), seconds=30, what="the database again"
    )


def test_killed_as_a_whole_it_starts_again_without_repair(house: House) -> None:
    house.furnish()
    house.up()
    for _ in range(2):
        assert house.process is not None
        house.process.kill()
        house.process.wait()
        house.up()
        assert house.well()
    assert house.stop() == 0


def test_a_power_cut_leaves_nothing_to_mend(house: House) -> None:
    house.furnish()
    house.up()
    _kill([*house.pids(), *house.server_pids()])
    until(lambda: not house.server_pids(), seconds=10, what="everything is dead")
    # After a restart of the machine the old number may belong to anybody, here to this test.
    pid_file = house.folder / "data" / "postgresql" / "postmaster.pid"
    lines = pid_file.read_text(encoding="ascii").splitlines()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="ascii")
    house.up()
    assert house.well()
    assert house.stop() == 0


def test_a_killed_web_server_takes_its_workers_with_it(running: House) -> None:
    until(lambda: len(running.pids("web")) == 3, seconds=30, what="the web server and its workers")
    family = running.pids("web")
    _kill([min(family)])
    until(lambda: not set(family) & set(running.pids("web")), seconds=10, what="the orphans are gone")


def test_a_second_one_on_the_same_folder_is_refused(running: House) -> None:
    second = running.run("up")
    assert second.returncode == 1
    assert second.stderr.decode().startswith("sportello: Sportello already runs on the data folder")


@pytest.mark.parametrize(
    ("index", "purpose", "setting"),
    [
        (0, "the pages", "SPORTELLO_WEB_PORT"),
        (1, "live updates", "SPORTELLO_LIVE_PORT"),
        (2, "mail by LMTP", "SPORTELLO_LMTP_PORT"),
        (3, "mail by SMTP", "SPORTELLO_SMTP_IN_PORT"),
    ],
)
def test_a_taken_port_is_one_sentence(house: House, index: int, purpose: str, setting: str) -> None:
    with socket.create_server(("127.0.0.1", house.ports[index])):
        refused = house.run("up")
    assert refused.returncode == 1
    assert refused.stderr.decode() == (
        f"sportello: Port {house.ports[index]} on 127.0.0.1 cannot be used for {purpose}: it is taken. "
        f"Set {setting} to another, or end the program that holds it.\n"
    )
    assert house.server_pids() == []


def test_a_wrong_database_is_one_sentence(house: House) -> None:
    house.extra["DATABASE_URL"] = "postgresql://sportello:hunter2@127.0.0.1:1/sportello"
    refused = house.run("up")
    assert refused.returncode == 1
    sentence = refused.stderr.decode()
    assert sentence.startswith("sportello: DATABASE_URL: the database cannot be reached: ")
    assert sentence.count("\n") == 1
    assert "hunter2" not in sentence


@pytest.mark.needs("root")
def test_rows_of_a_user_whom_nobody_knows_are_one_sentence(house: House) -> None:
    """A fault found: after a move to another machine."""
    rows = house.folder / "data" / "postgresql"
    rows.mkdir(parents=True)
    os.chown(rows, 54321, 54321)
    refused = house.run("up")
    assert (refused.returncode, refused.stderr.decode().count("\n")) == (1, 1)
    assert refused.stderr.decode().startswith(f"sportello: The folder {rows} belongs to user number 54321, whom this ")


@pytest.mark.needs("setpriv", "root")
def test_what_another_user_has_left_in_the_data_folder_is_one_sentence(house: House) -> None:
    """A fault found: once started as root by mistake, and never again as the service's user, without a word why."""
    data = house.folder / "data"
    data.mkdir(mode=0o755)
    for folder in (house.folder, data):
        os.chown(folder, 65534, 65534)
    (data / "lock").touch(mode=0o600)
    as_another = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    searching = [
        "--inh-caps=+dac_read_search",
        "--ambient-caps=+dac_read_search",
    ]  # our own code may lie where only root may enter
    command = [*as_another, *searching, sys.executable, "-m", "sportello", "up"]
    refused = subprocess.run(command, env=house.environment, capture_output=True, text=True, check=False)
    assert (refused.returncode, refused.stderr.count("\n")) == (1, 1)
    assert refused.stderr.startswith(f"sportello: {data / 'lock'} belongs to root, perhaps since ")


@pytest.mark.needs("root")
def test_a_full_disk_is_named_where_the_database_could_not_be_made(house: House) -> None:
    """A fault found: what was told instead was that the half of it was removed again."""
    data = house.folder / "data"
    data.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "small", str(data)], check=True)
    try:
        refused = house.run("up")
    finally:
        subprocess.run(["umount", "--lazy", str(data)], check=True)
    assert (refused.returncode, refused.stderr.decode().count("\n")) == (1, 1)
    assert "No space left on device" in refused.stderr.decode()


@pytest.mark.needs("setpriv", "root")
def test_a_folder_that_cannot_be_written_to_is_one_sentence(house: House) -> None:
    house.extra["SPORTELLO_DATA"] = "/proc/sportello"
    refused = house.run("up")
    assert refused.returncode == 1
    assert refused.stderr.decode().startswith("sportello: The data folder /proc/sportello cannot be written to: ")
    assert refused.stderr.decode().count("\n") == 1
