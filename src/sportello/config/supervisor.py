"""Keeps several programs running as one: starts them, starts again what dies, and stops them together."""

from __future__ import annotations

import multiprocessing
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.context import ForkProcess
from typing import Protocol

from sportello.config import processes

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
CALM_SECONDS = 60.0
"""A program that lived this long begins again with the first pause."""
LOOK_SECONDS = 0.05
STOPPED_LOOK_SECONDS = 10.0
STOPPED_LOOKS = 9
"""At so many looks in a row a process was stopped (SIGSTOP): it is ended. Counted, since we may have been stopped with the others."""
GRACE_SECONDS = 27.0
"""Between the wish to stop and the kill; under the 30 seconds that service managers and containers give."""


class Part(Protocol):
    """Something that is kept running."""

    @property
    def name(self) -> str: ...
    def start(self) -> None: ...
    def alive(self) -> bool: ...
    def ask_to_stop(self) -> None: ...
    def end(self, *, seconds: float) -> None: ...


@dataclass(slots=True)
class Program:
    """Something of ours that runs in a process forked off this one: what is imported already need not be again, and is in memory once."""

    name: str
    run: Callable[[], None]
    _process: ForkProcess | None = field(default=None, init=False)

    def start(self) -> None:
        """From the main thread of a process without others: the kernel counts the thread's end as the parent's, and a fork has that thread only."""
        self._process = _forking.Process(target=_begin, args=(self.run,), name=self.name)
        self._process.start()

    def alive(self) -> bool:
        return self._process is not None and self._process.is_alive()

    def stopped(self) -> set[processes.Process]:
        """Its processes, and those that they started, that stand still because somebody stopped them."""
        pid = self._process.pid if self._process else None
        return processes.stopped_in(pid) if pid else set()

    def wait(self) -> int:
        """Until it ends by itself; its exit code."""
        if self._process is None:
            raise RuntimeError(f"{self.name} was not started")
        self._process.join()
        return self._process.exitcode or 0

    def ask_to_stop(self) -> None:
        if self._process is not None and self.alive():
            self._process.terminate()

    def end(self, *, seconds: float) -> None:
        """Wait for it to stop; after `seconds`, kill it.

        `join` knows no limit here: it waits for the end of a line to the child that the child has closed.
        """
        if self._process is None:
            return
        until = time.monotonic() + seconds
        while self.alive() and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        if self.alive():
            self._process.kill()
            self._process.join()


_forking = multiprocessing.get_context("fork")


def _begin(run: Callable[[], None]) -> None:
    processes.stand_alone()
    run()


@dataclass(slots=True)
class _Watch:
    """One part and how its last starts went."""

    part: Part
    pause: float = FIRST_PAUSE
    started_at: float = 0.0
    due_at: float | None = None

    def start(self, now: float) -> None:
        self.started_at, self.due_at = now, None
        self.part.start()

    def plan_restart(self, now: float) -> float:
        """Seconds until it is started again: doubled each time it dies young."""
        self.pause = FIRST_PAUSE if now - self.started_at >= CALM_SECONDS else min(self.pause * 2, LONGEST_PAUSE)
        self.due_at = now + self.pause
        return self.pause


class Supervisor:
    """Starts parts in the order given and stops them in the opposite one, each only after those that stand on it."""

    def __init__(self, *, report: Callable[[str], None]) -> None:
        self._watches: list[_Watch] = []
        self._report = report
        self._wishes = 0
        self._looked_at = 0.0
        self._stopped: dict[processes.Process, int] = {}

    @property
    def stopping(self) -> bool:
        return self._wishes > 0

    def start(self, part: Part) -> None:
        watch = _Watch(part)
        self._watches.append(watch)
        watch.start(time.monotonic())

    def tend(self, now: float) -> None:
        """Notice what died, start again what is due, and end what stands still."""
        if now - self._looked_at >= STOPPED_LOOK_SECONDS:
            self._looked_at = now
            self._end_the_stopped()
        for watch in self._watches:
            if watch.due_at is not None and now >= watch.due_at:
                self._restart(watch, now)
            elif watch.due_at is None and not watch.part.alive():
                pause = watch.plan_restart(now)
                self._report(f"{watch.part.name} has ended; starting it again in {pause:.0f} s")

    def _end_the_stopped(self) -> None:
        """Neighbours end what gives no sign of life any more: what never gave one, and the parents of web and live processes, are ours to see."""
        found = {one for watch in self._watches if isinstance(watch.part, Program) for one in watch.part.stopped()}
        self._stopped = {one: self._stopped.get(one, 0) + 1 for one in found}
        for one in [one for one, looks in self._stopped.items() if looks >= STOPPED_LOOKS]:
            self._report(f"process {one.pid} was stopped and does not go on; it is ended")
            processes.send(one.pid, signal.SIGKILL)

    def _restart(self, watch: _Watch, now: float) -> None:
        try:
            watch.start(now)
        except Exception as error:  # noqa: BLE001 - whatever kept it from starting, the next try is planned
            self._report(f"{watch.part.name} did not start: {error}")

    def run(self, *, each_round: Callable[[], None] = lambda: None) -> None:
        """Tend until a signal asks to stop. `each_round` is called about five times a second."""
        with self._signals() as woken:
            while not self.stopping:
                self.tend(time.monotonic())
                each_round()
                readable, _, _ = select.select([woken], [], [], 0.2)
                if readable:
                    woken.recv(4096)

    def stop(self) -> None:
        """Stop all programs at once, then what they stood on. A second Ctrl-C shortens the wait to nothing."""
        self._wishes = max(self._wishes, 1)
        floor, above = self._watches[:1], self._watches[1:]
        for watch in above:
            watch.part.ask_to_stop()
        end = time.monotonic() + GRACE_SECONDS
        with self._signals():
            for watch in reversed(above):
                self._end(watch.part, until=end)
        for watch in floor:
            watch.part.ask_to_stop()
            watch.part.end(seconds=GRACE_SECONDS)

    def _end(self, part: Part, *, until: float) -> None:
        while part.alive() and time.monotonic() < until and self._wishes < 2:
            time.sleep(0.02)
        part.end(seconds=0.0)

    @contextmanager
    def _signals(self) -> Iterator[socket.socket]:
        """While inside, SIGTERM, SIGINT and SIGHUP are wishes to stop, and every signal wakes the socket given."""
        woken, waker = socket.socketpair()
        waker.settimeout(0.0)
        before_fd = signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        wishes = dict.fromkeys((signal.SIGTERM, signal.SIGINT, signal.SIGHUP), self._wish)
        before = {
            number: signal.signal(number, handler) for number, handler in {**wishes, signal.SIGCHLD: _notice}.items()
        }
        try:
            yield woken
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(before_fd)
            woken.close()
            waker.close()

    def _wish(self, _number: int, _frame: object) -> None:
        self._wishes += 1


def _notice(_number: int, _frame: object) -> None:
    """A handler must exist for the wake-up to be written."""
