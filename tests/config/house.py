"""Starting the real thing: `sportello` as a process of its own, on free ports and an empty folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from sportello.config import processes
from tests.config import furnished
from tests.ports import free_ports

READY_SECONDS = 110.0


PATIENCE = 3
"""A machine that does much else at once is slower by so much. What comes in time costs nobody the rest."""


def until(true: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait until something holds; fail with words when it does not come. `seconds` is what a quiet machine may take.

    Looked often at first, then less: a look may cost a page, and is seen too late by a twentieth of the wait.
    """
    begun = time.monotonic()
    while not true():
        waited = time.monotonic() - begun
        assert waited < seconds * PATIENCE, f"after {seconds * PATIENCE:.0f} s still not: {what}"
        time.sleep(min(max(0.05, waited / 20), 0.5))


@dataclass
class House:
    """An installation in a folder of its own."""

    folder: Path
    ports: list[int] = field(default_factory=lambda: free_ports(4))
    extra: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        web, live, lmtp, smtp = map(str, self.ports)
        ours = {
            "SPORTELLO_DATA": str(self.folder / "data"),
            "SPORTELLO_WEB_PORT": web,
            "SPORTELLO_LIVE_PORT": live,
            "SPORTELLO_LMTP_PORT": lmtp,
            "SPORTELLO_SMTP_IN_PORT": smtp,
            # Nobody's names are looked for, unless a test has its own to be found: an outage that a test ends would be found anew.
            "SPORTELLO_PROBES": "no",
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        outside = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("SPORTELLO_", "DATABASE_URL", "DJANGO_"))
        }
        return {**outside, **ours, **self.extra}

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def run(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """One command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "sportello", *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            check=False,
            timeout=180,
        )

    def furnish(self, program: str = "") -> None:
        """Spare the first start: a data folder in which it and these lines of Python are done already."""
        furnished.put(self.folder / "data", program=program, environment=self.environment)

    def up(self, *arguments: str) -> float:
        """Start everything and wait until it says that it is ready; seconds it took."""
        begun = time.monotonic()
        if self.process is not None:
            self.process.wait(60)
        with (self.folder / "log").open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "sportello", "up", *arguments],
                env=self.environment,
                stdout=log,
                stderr=log,
                text=True,
            )
        until(self._ready_or_ended, seconds=READY_SECONDS, what="ready")
        assert self.process.poll() is None, self.log
        return time.monotonic() - begun

    def _ready_or_ended(self) -> bool:
        return "Sportello is ready" in self.log or (self.process is not None and self.process.poll() is not None)

    def health(self) -> dict[str, Any]:
        """What /health says; {} when nobody answers."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.ports[0]}/health", headers={"Host": f"localhost:{self.ports[0]}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            found = json.load(error)
            error.close()
        except OSError:
            return {}
        return found

    def well(self) -> bool:
        return self.health().get("database") is True

    def pids(self, *words: str) -> list[int]:
        """Our processes whose command line holds all the words, found by the data folder in their environment."""
        mark = f"SPORTELLO_DATA={self.folder / 'data'}\0".encode()
        return [pid for pid in _all_pids() if mark in _environ(pid) and set(words) <= set(processes.command_line(pid))]

    def server_pids(self) -> list[int]:
        """The embedded database's processes."""
        folder = str(self.folder / "data" / "postgresql")
        return [pid for pid in _all_pids() if folder in processes.command_line(pid)]

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask for the end; the exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(120)

    def clear(self) -> None:
        """Whatever a failed test left behind."""
        for pid in [*self.pids(), *self.server_pids()]:
            processes.send(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


def _all_pids() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208 - asked for often, at a third of the cost


def _environ(pid: int) -> bytes:
    """Each entry with a NUL at its end."""
    try:
        with FileIO(f"/proc/{pid}/environ") as file:
            return file.readall()
    except OSError:
        return b""
