"""Processes that a service manager started one by one tell it that they live, and one that was stopped no more."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest

from sportello.config import processes
from tests.config.house import House, until

pytestmark = pytest.mark.system
SIGN = b"WATCHDOG=1"


@pytest.fixture
def manager() -> Iterator[tuple[str, socket.socket]]:
    """Where it listens, in the manner of sd_notify(3), and its end of the line."""
    name = f"sportello-{uuid4()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.bind(f"\0{name}")
        heard.settimeout(60)
        yield f"@{name}", heard


@pytest.mark.parametrize("process", ["web", "live", "worker", "mail-door"])
def test_r12_whoever_was_started_alone_gives_signs_until_it_is_stopped(
    process: str, manager: tuple[str, socket.socket], tmp_path: Path
) -> None:
    """A fault found: stopped (SIGSTOP), the parents of web and live processes stayed so until a person ended them."""
    address, heard = manager
    house = House(
        tmp_path, extra={"DATABASE_URL": os.environ["DATABASE_URL"], "SPORTELLO_SECRET_KEY": "only-for-this-test" * 3}
    )
    meant = {**house.environment, "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "300000"}
    with subprocess.Popen([sys.executable, "-m", "sportello", process], env=meant) as started:
        try:
            assert [heard.recv(64) for _ in range(3)] == [SIGN] * 3
            processes.send(started.pid, signal.SIGSTOP)
            until(lambda: is_stopped(started.pid), seconds=10, what="it is stopped")
            heard.setblocking(False)
            with suppress(BlockingIOError):
                while True:
                    heard.recv(64)
            heard.settimeout(1)
            with pytest.raises(TimeoutError):
                heard.recv(64)
            heard.settimeout(60)
            processes.send(started.pid, signal.SIGCONT)
            assert heard.recv(64) == SIGN
        finally:
            house.clear()


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "T"
