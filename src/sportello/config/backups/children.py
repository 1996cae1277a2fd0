"""Programs of others that work for us: they die with us, and none that stands still is waited for without end."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

LOOK_SECONDS = 15.0
STILL_SECONDS = 600.0
"""Without a sign of work; restic itself tries a store that is away again for longer, and speaks with it meanwhile."""
LEAST_BYTES = 4096
"""Read and written between two looks: less is a program's own clock, not work."""


class StoodStillError(Exception):
    """The program did nothing for so long that it was ended. Its text is the end of a sentence."""


def run(
    command: Sequence[str], *, environment: Mapping[str, str], is_helped: Callable[[], bool] = lambda: False
) -> subprocess.CompletedProcess[str]:
    """Run it to its end, however long it takes while it reads or writes something, or somebody works for it elsewhere (`is_helped`).

    Raises StoodStillError; FileNotFoundError when there is no such program.
    """
    with subprocess.Popen(
        [*_dying_with_us(), *command],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    ) as process:
        try:
            out, words = _to_its_end(process, is_helped)
        except BaseException:
            process.kill()
            raise
    return subprocess.CompletedProcess(command, process.returncode, out, words)


def _to_its_end(process: subprocess.Popen[str], is_helped: Callable[[], bool]) -> tuple[str, str]:
    carried, still = 0, 0.0
    while True:
        try:
            return process.communicate(timeout=LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            now = _carried_by(process.pid)
            still = 0.0 if now - carried >= LEAST_BYTES or is_helped() else still + LOOK_SECONDS
            carried = now
        if still >= STILL_SECONDS:
            raise StoodStillError(f"for {STILL_SECONDS / 60:.0f} minutes not a byte came or went, and it was ended")


def _carried_by(pid: int) -> int:
    """The bytes that a process has read and written in all (proc(5)); what the C library receives from a socket does not count."""
    try:
        lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines[:2])


def _dying_with_us() -> list[str]:
    """The beginning of a command that the kernel kills when we die, however that comes. setpriv(1) belongs to Debian's essential packages."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL", "--"] if setpriv else []
