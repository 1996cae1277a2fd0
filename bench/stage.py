"""A whole installation for the measurement: its own data folder, its own ports, started with the program's own command."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.processes import cpu_seconds, resident_bytes, tree
from sportello.config import embedded

START_LIMIT = 120.0  # seconds


@dataclass(frozen=True, slots=True)
class Stage:
    root: int
    host: str
    lmtp_port: int
    database_url: str
    environment: dict[str, str]
    ready_after: float  # seconds from the command to the first page

    def cpu_seconds(self, *names: str) -> float:
        """CPU so far of the process trees whose command line names one of `names`: web, worker, mail-door, postgres."""
        return sum(cpu_seconds(pid) for pid in self._roots(names))

    def resident_bytes(self, *names: str) -> int:
        """Of the process trees whose command line names one of `names`; of everything when none is named."""
        return sum(resident_bytes(pid) for pid in (self._roots(names) if names else [self.root]))

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """Its database alone is awake: the programs would look for what is late, again and again, in large tables that have no indexes while they are
        filled, and hold them. They are killed, and their supervisor, who sleeps meanwhile, starts them again.
        """
        os.kill(self.root, signal.SIGSTOP)
        try:
            for pid in tree(self.root)[1:]:
                if not "".join(_command(pid)[:1]).startswith("postgres"):
                    with suppress(ProcessLookupError):  # it went with the one above it
                        os.kill(pid, signal.SIGKILL)
            yield
        finally:
            os.kill(self.root, signal.SIGCONT)
        _wait_for(int(self.host.rsplit(":", 1)[1]))

    def _roots(self, names: tuple[str, ...]) -> Iterator[int]:
        taken: set[int] = set()
        for pid in tree(self.root):
            words = _command(pid)
            if pid not in taken and any(name in words or words[:1] == [name] for name in names):
                taken.update(tree(pid))
                yield pid

    def python(self, *words: str, given: str = "") -> str:
        """Runs Python in the installation's own environment, with `given` as its input; answers what it wrote."""
        command = [sys.executable, *words]
        return subprocess.run(
            command, env=self.environment, input=given, stdout=subprocess.PIPE, text=True, check=True
        ).stdout


@contextmanager
def installation(kept: Path | None = None, **settings: str) -> Iterator[Stage]:
    """Starts `sportello up` on free ports and stops it again; what it said is shown when the measurement fails.

    In a folder that is removed afterwards, or in the one that is to be `kept`. `settings` are Sportello's, besides those of every measurement.
    """
    with _folder(kept) as folder:
        ports = _free_ports(4)
        environment = {**_environment(folder, ports), **settings}
        begun = time.monotonic()
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "sportello", "up"], env=environment, stdout=log, stderr=log
            )
        try:
            _wait_for(ports[0], process)
            yield _stage(process.pid, ports, folder, environment, time.monotonic() - begun)
        except RuntimeError:
            print((folder / "log").read_text(errors="replace")[-4000:], file=sys.stderr)
            raise
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(120)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with TemporaryDirectory(prefix="sportello-bench-") as name:
            yield Path(name)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()


def _environment(folder: Path, ports: list[int]) -> dict[str, str]:
    """Ours, without what was set for another installation. In the demo no mail leaves the machine."""
    web, live, lmtp, smtp = map(str, ports)
    outside = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SPORTELLO_") and name != "DATABASE_URL"
    }
    return {
        **outside,
        "SPORTELLO_DATA": str(folder),
        "SPORTELLO_WEB_PORT": web,
        "SPORTELLO_LIVE_PORT": live,
        "SPORTELLO_LMTP_PORT": lmtp,
        "SPORTELLO_SMTP_IN_PORT": smtp,
        "SPORTELLO_SELF_TEST_MINUTES": "0",
        "SPORTELLO_DEMO": "yes",
        "SPORTELLO_LOG_LEVEL": "warning",
        "DJANGO_SETTINGS_MODULE": "sportello.config.settings",
    }


def _stage(pid: int, ports: list[int], folder: Path, environment: dict[str, str], ready: float) -> Stage:
    url = embedded.cluster_in(folder).url
    inside = {**environment, "DATABASE_URL": url, "SPORTELLO_SECRET_KEY_FILE": str(folder / "secret-key")}
    return Stage(pid, f"localhost:{ports[0]}", ports[2], url, inside, ready)


def _wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if process is not None and process.poll() is not None:
            raise RuntimeError("sportello up ended")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"not ready in {START_LIMIT:.0f} s")


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _command(pid: int) -> list[str]:
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    words = raw.decode(errors="replace").split("\0")
    return [Path(words[0]).name, *words[1:]] if words else []
