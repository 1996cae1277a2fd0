"""Hosts of our own: network namespaces on one switch, made and removed by whoever asks for them. Nothing of the machine's own network is touched."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

INSIDE = "SPORTELLO_TEST_NETWORK"
"""Set for a program that runs on one of the hosts: the mark of their network."""
ADDRESSES = {
    "outside": "10.77.0.1",
    "front": "10.77.0.2",
    "db1": "10.77.0.11",
    "db2": "10.77.0.12",
    "node1": "10.77.0.21",
    "node2": "10.77.0.22",
}


def ip(*words: str) -> str:
    return subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout


@dataclass
class Network:
    mark: str
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def space(self, host: str) -> str:
        return f"{self.mark}-{host}"

    def start(
        self, host: str, *command: str, log: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """A program on that host. It is the one that is waited for and signalled: `ip` becomes it."""
        with log.open("ab") as output:
            program = subprocess.Popen(
                ["ip", "netns", "exec", self.space(host), *command], env=environment, stdout=output, stderr=output
            )
        self.programs.append(program)
        return program

    def run(self, host: str, *command: str, environment: Mapping[str, str] | None = None, check: bool = True) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", self.space(host), *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def kill(self, host: str) -> None:
        """Everything on that host, without a word of warning."""
        for pid in self._pids(host):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)

    def end(self, *hosts: str) -> None:
        """The same, and nothing of theirs writes any more when this returns."""
        for host in hosts:
            while self._pids(host):
                self.kill(host)
                for program in self.programs:
                    program.poll()  # who has ended and was not asked for would be there for ever
                time.sleep(0.05)

    def _pids(self, host: str) -> list[str]:
        return ip("netns", "pids", self.space(host)).split()

    def cut(self, host: str, *others: str) -> None:
        """What the host sends to the others goes nowhere, and nobody is told."""
        for other in others:
            ip("-n", self.space(host), "route", "add", "blackhole", f"{ADDRESSES[other]}/32")

    def vanish(self, host: str) -> None:
        """As when somebody pulls its cable: whatever comes for it, or from it, goes nowhere, and nobody is told."""
        ip("-n", self.space("switch"), "link", "set", host, "down")

    def come_back(self, host: str) -> None:
        ip("-n", self.space("switch"), "link", "set", host, "up")

    def mend(self, host: str, *others: str) -> None:
        for other in others:
            ip("-n", self.space(host), "route", "del", "blackhole", f"{ADDRESSES[other]}/32")


def run_outside(module: str) -> int:
    """This very command again, on the host `outside` of a network that lives as long; its exit code. Only root may make one."""
    mark = f"sp{os.getpid()}"
    with network(mark) as made:
        command = ["ip", "netns", "exec", made.space("outside"), sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, INSIDE: mark}, check=False).returncode


@contextmanager
def network(mark: str) -> Iterator[Network]:
    """The hosts, on a switch of their own. `mark` keeps two runs apart, and says whose they are."""
    made = Network(mark)
    switch = made.space("switch")
    try:
        ip("netns", "add", switch)
        ip("-n", switch, "link", "add", "switch", "type", "bridge")
        ip("-n", switch, "link", "set", "switch", "up")
        for host, address in ADDRESSES.items():
            _plug_in(switch, host, made.space(host), address)
        yield made
    finally:
        spaces = [made.space(host) for host in (*ADDRESSES, "switch")]
        there = {line.split()[0] for line in ip("netns", "list").splitlines()}
        for host in ADDRESSES:
            if made.space(host) in there:
                made.kill(host)
        for program in made.programs:
            program.wait(10)
        for space in there.intersection(spaces):
            ip("netns", "del", space)


def _plug_in(switch: str, host: str, space: str, address: str) -> None:
    ip("netns", "add", space)
    ip("-n", switch, "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", space)
    ip("-n", switch, "link", "set", host, "master", "switch", "up")
    ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
    for device in ("lo", "eth0"):
        ip("-n", space, "link", "set", device, "up")
