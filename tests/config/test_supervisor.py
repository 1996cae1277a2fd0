"""Programs that die are started again with growing pauses, and stopped together."""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sportello.config import processes
from sportello.config.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Program, Supervisor


class Fragile:
    """A part that is alive when the test says so."""

    name = "fragile"

    def __init__(self) -> None:
        self.starts = 0
        self.living = False
        self.refuses = False

    def start(self) -> None:
        self.starts += 1
        if self.refuses:
            raise OSError("not now")
        self.living = True

    def alive(self) -> bool:
        return self.living

    def ask_to_stop(self) -> None:
        self.living = False

    def end(self, *, seconds: float) -> None:
        self.living = False


def test_the_pause_doubles_for_what_dies_young_and_begins_anew_after_a_calm_life() -> None:
    said: list[str] = []
    supervisor, part = Supervisor(report=said.append), Fragile()
    supervisor.start(part)
    now, pauses = time.monotonic(), []
    for _ in range(9):
        part.living = False
        supervisor.tend(now)
        before = now
        while not part.living:
            now += 0.25
            supervisor.tend(now)
        pauses.append(now - before)
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    now += 120.0
    part.living = False
    supervisor.tend(now)
    supervisor.tend(now + FIRST_PAUSE)
    assert part.starts == 11
    assert said[0] == "fragile has ended; starting it again in 1 s"


def test_what_does_not_start_is_tried_again() -> None:
    said: list[str] = []
    supervisor, part = Supervisor(report=said.append), Fragile()
    supervisor.start(part)
    part.living, part.refuses = False, True
    now = time.monotonic()
    for second in range(6):
        supervisor.tend(now + second)
    part.refuses = False
    supervisor.tend(now + 60)
    assert part.living
    assert "fragile did not start: not now" in said


@pytest.mark.system
def test_a_program_that_ignores_the_wish_to_stop_is_killed() -> None:
    def stay() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)

    program = Program("stubborn", stay)
    program.start()
    time.sleep(0.3)
    program.ask_to_stop()
    program.end(seconds=0.2)
    assert program.wait() == -signal.SIGKILL


@pytest.mark.system
def test_a_child_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys, time
        from sportello.config import processes
        child = processes.spawn([sys.executable, "-c", "import time; time.sleep(60)"])
        print(child.pid, flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=tmp_path)
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    end = time.monotonic() + 60
    while processes.command_line(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert processes.command_line(child) == []
