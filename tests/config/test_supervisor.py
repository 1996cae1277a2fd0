"""Programs that die are started again with growing pauses, and stopped together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sportello.config import processes
from sportello.config.supervisor import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    STOPPED_LOOK_SECONDS,
    STOPPED_LOOKS,
    Program,
    Supervisor,
)
from tests.config.house import until


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
def test_what_was_stopped_and_does_not_go_on_is_ended_and_started_again() -> None:
    """A fault found: nobody ended a process that was stopped before its first sign of life, nor the parent of those that give signs."""

    def stand_still() -> None:
        if os.fork() == 0:
            os.kill(os.getppid(), signal.SIGSTOP)
        os.kill(os.getpid(), signal.SIGSTOP)

    said: list[str] = []
    supervisor, program = Supervisor(report=said.append), Program("standing", stand_still)
    supervisor.start(program)
    until(lambda: len(program.stopped()) == 2, seconds=60, what="the parent and its child stand still")
    both, now = program.stopped(), time.monotonic()
    for look in range(STOPPED_LOOKS - 1):
        supervisor.tend(now + look * STOPPED_LOOK_SECONDS)
    assert program.stopped() == both
    supervisor.tend(now + STOPPED_LOOKS * STOPPED_LOOK_SECONDS)
    assert program.wait() == -signal.SIGKILL
    until(lambda: not any(processes.command_line(one.pid) for one in both), seconds=60, what="the child is gone, too")
    assert {f"process {one.pid} was stopped and does not go on; it is ended" for one in both} == set(said)
    supervisor.tend(now + STOPPED_LOOKS * STOPPED_LOOK_SECONDS + 0.2)
    assert said[-1].startswith("standing has ended; starting it again")


@pytest.mark.system
def test_what_goes_on_in_between_is_left_alone() -> None:
    program = Program("resting", lambda: os.kill(os.getpid(), signal.SIGSTOP))
    supervisor = Supervisor(report=lambda _sentence: None)
    supervisor.start(program)
    until(lambda: bool(program.stopped()), seconds=60, what="it stands still")
    (one,), now = program.stopped(), time.monotonic()
    for look in range(STOPPED_LOOKS - 1):
        supervisor.tend(now + look * STOPPED_LOOK_SECONDS)
    processes.send(one.pid, signal.SIGCONT)
    assert program.wait() == 0


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
