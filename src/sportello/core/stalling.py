"""Waiting for something that may never answer: a disk of the network that is gone hangs in the kernel, and takes along whoever asks it.

So others ask, and whoever wants to know waits for as long as is fair. One that hangs is left alone until it comes back. After one that was waited
for in vain somebody tries every few seconds, for a shorter time, and all others are told at once, until there is an answer: a store that is silent
must not hold every page, or every reader of mail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")

TRIAL_SECONDS = 2.0
BETWEEN_TRIALS_SECONDS = 5.0
MOST_HANGING = 64
"""Who comes once so many hang waits in vain, and costs nothing more."""


@dataclass
class Askers:
    """Threads that ask one thing, begun as they are needed. Safe from any thread; none is there when this process forks before the first question."""

    name: str
    _wanted: SimpleQueue[tuple[Future[Any], Callable[[], Any]]] = field(default_factory=SimpleQueue)
    _idle: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _threads: int = 0
    _is_lost: bool = False
    _next_trial_at: float = 0.0

    def answer(self, ask: Callable[[], T], *, seconds: float) -> T:
        """What it gives or raises. Raises TimeoutError when it does not within `seconds`; it may come to its end later."""
        if self._is_lost:
            seconds = min(seconds, TRIAL_SECONDS)
            if not self._may_try():
                raise TimeoutError(f"no answer from the {self.name} a moment ago")
        future: Future[T] = Future()
        self._wanted.put((future, ask))
        self._see_to_an_asker()
        try:
            return future.result(seconds)
        except TimeoutError:
            if future.done():
                raise
            self._is_lost = True
            future.cancel()
            raise TimeoutError(f"no answer from the {self.name}") from None

    def _may_try(self) -> bool:
        with self._lock:
            if monotonic() < self._next_trial_at:
                return False
            self._next_trial_at = monotonic() + BETWEEN_TRIALS_SECONDS
            return True

    def _see_to_an_asker(self) -> None:
        if self._idle.acquire(blocking=False):
            return
        with self._lock:
            if self._threads >= MOST_HANGING:
                return
            self._threads += 1
        threading.Thread(target=self._ask_on, name=self.name, daemon=True).start()

    def _ask_on(self) -> None:
        while True:
            future, ask = self._wanted.get()
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(ask())
                except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                    future.set_exception(error)
                self._is_lost = False
            del future, ask
            self._idle.release()
