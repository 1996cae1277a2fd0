"""Starting other programs so that they never outlive us, and finding out whether an old one still runs. Linux only."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, NamedTuple

_PR_SET_PDEATHSIG = 1
_FIRST_FILE = 3  # after standard input, output and error
_ARGUMENTS_BEGIN = 45  # of the fields after the name of the command
_SESSION, _BEGAN = 2, 18  # of those after the state, which follows the name
_libc = ctypes.CDLL(None, use_errno=True)
_M_MMAP_THRESHOLD = -3
_LARGE = 1024 * 1024


def give_large_memory_back() -> None:
    """Have the memory of a large mail returned to the kernel when it is free (mallopt(3)).

    Left to itself, the C library keeps it once it has seen a few: a process that has read six mails of 30 MiB stays four times as large.
    """
    with suppress(AttributeError):  # a C library that has no such setting, as musl's
        _libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def die_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process a signal when the process that started it ends, however it ends (prctl(2))."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


def leave_in_order() -> None:
    """SIGTERM is then as Ctrl-C: what was started is ended, and what was laid down for a while is taken away."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(_number: int, _frame: object) -> None:
    sys.exit(128 + signal.SIGTERM)


def stand_alone() -> None:
    """For a process just forked off: a session of its own, so that Ctrl-C reaches only its parent; none of its parent's files and signals."""
    os.setsid()
    die_with_parent()
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.closerange(_FIRST_FILE, os.sysconf("SC_OPEN_MAX"))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)


def call_itself(*words: str) -> None:
    """The command line that others see of this process, as far as there is room in the place of the one that it was started with (proc(5))."""
    fields = Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    begin, end = int(fields[_ARGUMENTS_BEGIN]), int(fields[_ARGUMENTS_BEGIN + 1])
    line = b"".join(word.encode() + b"\0" for word in words)[: end - begin - 1]
    ctypes.memmove(begin, line.ljust(end - begin, b"\0"), end - begin)


def spawn(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
    last_wish: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a program in its own session, so that Ctrl-C reaches only us, and that gets `last_wish` when we die.

    Must be called from the main thread of a process without others: the kernel counts the thread's end as the parent's.
    """
    return subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT if output else None,
        start_new_session=True,
        preexec_fn=lambda: die_with_parent(last_wish),  # noqa: PLW1509 - this process has one thread
    )


def as_user(user: str, *, needs_search: bool, last_wish: signal.Signals) -> list[str]:
    """The beginning of a command that gives up root for `user`.

    `needs_search` keeps the one right to walk through folders that only root may enter, for what lies under /root. The security bit keeps it for
    access(2), too, by which PostgreSQL looks for its own programs; else the kernel leaves it out there for whoever is not root. setpriv(1) belongs
    to Debian's essential packages. The last wish is said again here: changing the user forgets it.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise FileNotFoundError("setpriv")
    search = ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--securebits=+no_setuid_fixup"]
    capabilities = search if needs_search else ["--inh-caps=-all"]
    identity = [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [setpriv, *identity, *capabilities, "--pdeathsig", last_wish.name.removeprefix("SIG"), "--"]


def command_line(pid: int) -> list[str]:
    """The arguments of a running process; empty when there is none, or it has ended and waits to be buried."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode(errors="replace") for part in raw.split(b"\0") if part]


class Process(NamedTuple):
    """`began` is in the kernel's ticks: a number comes again, the pair does not."""

    pid: int
    began: int


def stopped_in(session: int) -> set[Process]:
    """The processes of a session that were stopped (SIGSTOP) and do not go on."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            state, *figures = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
            if state == "T" and int(figures[_SESSION]) == session:
                found.add(Process(int(folder.name), int(figures[_BEGAN])))
    return found


def send(pid: int, signal_number: signal.Signals) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return
