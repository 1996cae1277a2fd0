"""Reading a mail in another process, which may be killed: by its memory limit, its processor limit, or by us when it takes too long.

The processes are kept and used again, for starting one costs as much as reading a hundred mails.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

from sportello.core import confinement
from sportello.mail.glance import glance
from sportello.mail.parsing import DEFAULT, Limits, ParsedMail, wire


@dataclass(frozen=True, slots=True)
class Unreadable:
    """No reading came back. What is known was taken from the bytes without understanding them."""

    reason: str
    """`timed-out`, `killed` (memory or processor time), `garbled`; worth another try later: `not-started` (our fault), `ended` from outside, as by
    a machine that is out of memory."""
    from_addr: str
    subject: str
    message_id: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """What reading one mail may cost."""

    seconds: float = 30.0
    """On the clock on the wall."""
    cpu_seconds: int = 20
    memory_bytes: int = 512 * 1024 * 1024
    """Beyond what the process needs before it has read anything."""
    mails: int = 5_000
    """After which a process is replaced."""


_LOOK_SECONDS = 0.1
_END_SECONDS = 5.0


class _GoneError(Exception):
    """The child ended before it answered."""


class _TimedOutError(Exception):
    pass


class _Overseer:
    """Ends the children that take too long. One thread for all of them: to start one for each mail costs as much as to read a small one."""

    def __init__(self) -> None:
        self._due: dict[_Child, float] = {}
        self._lock = threading.Lock()
        self._needed = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, child: _Child, seconds: float) -> None:
        with self._lock:
            self._due[child] = time.monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._oversee, name="mail-reader-overseer", daemon=True)
                self._thread.start()
        self._needed.set()

    def leave(self, child: _Child) -> None:
        with self._lock:
            self._due.pop(child, None)

    def _oversee(self) -> None:
        while True:
            self._needed.wait()
            time.sleep(_LOOK_SECONDS)
            with self._lock:
                for child in [child for child, due in self._due.items() if due <= time.monotonic()]:
                    del self._due[child]
                    child.give_up()
                if not self._due:
                    self._needed.clear()


class _Child:
    def __init__(self, allowance: Allowance, overseer: _Overseer) -> None:
        self._allowance = allowance
        self._overseer = overseer
        self._process = _start(allowance)
        self._is_late = False
        self.served = 0
        self.worn = False

    @property
    def usable(self) -> bool:
        return not self.worn and self.served < self._allowance.mails and self._process.poll() is None

    def ask(self, head: dict[str, Any], raw: bytes, max_answer: int) -> ParsedMail:
        """Raises _GoneError, _TimedOutError or wire.GarbledError; after any of them the child is of no more use."""
        assert self._process.stdin is not None  # noqa: S101 - pipes were asked for
        assert self._process.stdout is not None  # noqa: S101
        self._overseer.watch(self, self._allowance.seconds)
        try:
            wire.send(self._process.stdin, head, (raw,))
            answer, contents = wire.receive(self._process.stdout, max_answer)
        except (OSError, EOFError, ValueError) as error:
            raise (_TimedOutError if self._is_late else _GoneError) from error
        finally:
            self._overseer.leave(self)
        if self._is_late:
            raise _TimedOutError
        self.served += 1
        self.worn = bool(answer.get("worn"))
        return wire.unpack(answer.get("mail") or {}, contents)

    @property
    def was_ended(self) -> bool:
        """Once it is gone: by others than its own limits and us. Out of processor time it gets another signal, out of memory it ends itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._process.wait(_END_SECONDS) == -signal.SIGKILL
        return False

    def give_up(self) -> None:
        self._is_late = True
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # half a request was still in it
                    pipe.close()
        self._process.wait()


def _start(allowance: Allowance) -> subprocess.Popen[bytes]:
    """In a thread that lives as long as we do: the kernel ends a child with the *thread* that started it."""
    return _starter.submit(_spawn, allowance).result()


def _spawn(allowance: Allowance) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "sportello.mail.parsing.child", str(os.getpid()), str(allowance.memory_bytes)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=confinement.environment(),
        cwd="/",
        start_new_session=True,  # Ctrl-C is for us: a mail half read is still read to its end
    )


@cache
def _as_dict(limits: Limits) -> dict[str, Any]:
    return dataclasses.asdict(limits)


class Reader:
    """Up to `size` children; threads beyond that number wait for one another."""

    def __init__(self, *, size: int = 2, allowance: Allowance | None = None) -> None:
        self.allowance = allowance or Allowance()
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._size = size
        self._places = threading.BoundedSemaphore(size)
        self._overseer = _Overseer()

    def get_ready(self) -> None:
        """Start the children before there is anything to read, so that the first mails need not wait for them."""
        with self._lock:
            missing = self._size - len(self._idle)
        with contextlib.suppress(OSError, RuntimeError):  # the first mail tries again
            for _ in range(missing):
                self._give_back(_Child(self.allowance, self._overseer))

    def read(self, raw: bytes, *, limits: Limits = DEFAULT, trusted_authserv: str = "") -> ParsedMail | Unreadable:
        """Never raises and never hangs."""
        with self._places:
            head = {
                "limits": _as_dict(limits),
                "trusted_authserv": trusted_authserv,
                "cpu_seconds": self.allowance.cpu_seconds,
            }
            outcome = self._ask(head, raw, limits)
        if isinstance(outcome, ParsedMail):
            return outcome
        seen = glance(raw)
        return Unreadable(outcome, seen.from_addr, seen.subject, seen.message_id)

    def _ask(self, head: dict[str, Any], raw: bytes, limits: Limits) -> ParsedMail | str:
        """The mail or the reason.

        A child that was used before may have died of old age, or stand still for the machine's reasons: a fresh one is asked before the mail is
        blamed.
        """
        used = self._take()
        if used is not None:
            outcome = self._ask_child(used, head, raw, limits)
            if outcome not in {"killed", "timed-out", "ended"}:
                return outcome
        try:
            fresh = _Child(self.allowance, self._overseer)
        except (OSError, RuntimeError):
            return "not-started"
        return self._ask_child(fresh, head, raw, limits)

    def _ask_child(self, child: _Child, head: dict[str, Any], raw: bytes, limits: Limits) -> ParsedMail | str:
        try:
            mail = child.ask(head, raw, max_answer=4 * limits.total_bytes)
        except _TimedOutError:
            reason = "timed-out"
        except _GoneError:
            reason = "ended" if child.was_ended else "killed"
        except wire.GarbledError:
            reason = "garbled"
        else:
            self._give_back(child)
            return mail
        child.close()
        return reason

    def _take(self) -> _Child | None:
        """An idle child that still lives. The others are closed on the way."""
        while True:
            with self._lock:
                child = self._idle.pop() if self._idle else None
            if child is None or child.usable:
                return child
            child.close()

    def _give_back(self, child: _Child) -> None:
        if child.usable:
            with self._lock:
                self._idle.append(child)
        else:
            child.close()

    def close(self) -> None:
        """Ends the idle children; the reader can be used again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.close()


_starter = ThreadPoolExecutor(1, thread_name_prefix="mail-reader-starter")
_reader = Reader()


def read(raw: bytes, *, limits: Limits = DEFAULT, trusted_authserv: str = "") -> ParsedMail | Unreadable:
    """`parse()` in a child process, with this process's own reader. Safe from any thread; never raises, never hangs."""
    return _reader.read(raw, limits=limits, trusted_authserv=trusted_authserv)


def get_ready() -> None:
    _reader.get_ready()


def _after_fork() -> None:
    """A forked process must not talk to its parent's children."""
    global _starter, _reader  # noqa: PLW0603 - one reader a process is the point
    _starter = ThreadPoolExecutor(1, thread_name_prefix="mail-reader-starter")
    _reader = Reader()


def _close() -> None:
    _reader.close()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(_close)
