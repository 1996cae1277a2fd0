"""Starting other programs so that they never outlive us, and finding out whether an old one still runs. Linux only."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(signal_number: int = signal.SIGTERM) -> None:
    """Ask the kernel to send this process a signal when the process that started it ends, however it ends (prctl(2))."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)


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

    `needs_search` keeps the one right to walk through folders that only root may enter, for a data folder under /root. setpriv(1) belongs to
    Debian's essential packages. The last wish is said again here: changing the user forgets it.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise FileNotFoundError("setpriv")
    capabilities = (
        ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"] if needs_search else ["--inh-caps=-all"]
    )
    identity = [f"--reuid={user}", f"--regid={user}", "--clear-groups"]
    return [setpriv, *identity, *capabilities, "--pdeathsig", last_wish.name.removeprefix("SIG"), "--"]


def command_line(pid: int) -> list[str]:
    """The arguments of a running process; empty when there is none, or it has ended and waits to be buried."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return []
    return [part.decode(errors="replace") for part in raw.split(b"\0") if part]


def send(pid: int, signal_number: signal.Signals) -> None:
    """Send a signal to a process that may be gone already."""
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return
