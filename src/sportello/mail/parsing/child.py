"""The process that reads hostile bytes: `python -m sportello.mail.parsing.child PARENT BYTES`, fed and read over its standard streams.

It can write no file, use no more memory than it was given, burn no more processor time for one mail than it was given, and dies with its parent.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import IO

from sportello.mail.parsing import wire
from sportello.mail.parsing.parse import parse

_PR_SET_PDEATHSIG = 1
_MAX_REQUEST = 1 << 31


def main() -> None:
    parent, extra_memory = int(sys.argv[1]), int(sys.argv[2])
    answers = _private_output()
    _die_with(parent)
    memory = _memory_in_use()
    _confine(memory + extra_memory)
    while True:
        try:
            head, raw = wire.receive(sys.stdin.buffer, _MAX_REQUEST)
        except EOFError:
            return
        _allow_processor_seconds(head["cpu_seconds"])
        mail = parse(raw, limits=wire.limits_of(head["limits"]), trusted_authserv=head["trusted_authserv"])
        packed, contents = wire.pack(mail)
        worn = _memory_in_use() - memory > extra_memory // 2 or any(
            "MemoryError" in problem for problem in mail.problems
        )
        wire.send(answers, {"mail": packed, "worn": worn}, contents)


def _private_output() -> IO[bytes]:
    """The answers' own stream; what any library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _die_with(parent: int) -> None:
    if sys.platform != "linux":
        return  # the end of standard input must do
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died before we could ask for this
        os._exit(0)


def _memory_in_use() -> int:
    """Bytes of address space."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def _confine(address_space: int) -> None:
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _allow_processor_seconds(seconds: int) -> None:
    """From now on. The kernel counts the process's whole life, and kills it with SIGXCPU."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
