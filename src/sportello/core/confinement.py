"""What a process denies itself that is started to read strangers' bytes: memory, processor time, files, and a life after its parent's.

Needs nothing but the standard library, for such a process should start quickly and hold no secret.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

import sportello

_PR_SET_PDEATHSIG = 1


def environment() -> dict[str, str]:
    """For the child: nothing of our own environment, since what reads hostile bytes needs no password."""
    root = str(Path(sportello.__file__).parent.parent)
    return {"PYTHONPATH": root, "PATH": os.defpath, "LANG": "C.UTF-8"}


def die_with(parent: int) -> None:
    """The kernel ends this process with the thread that started it; `parent` is that thread's process."""
    if sys.platform != "linux":
        return  # the end of standard input must do
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask for this
        os._exit(0)


def memory_in_use() -> int:
    """Bytes of address space; 0 where nobody can tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def confine(*, address_space: int) -> None:
    """No more memory than this many bytes of address space, no file written, no core dumped."""
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_processor_seconds(seconds: int) -> None:
    """From now on. The kernel counts the process's whole life, and kills it with SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
