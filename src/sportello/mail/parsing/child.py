"""The process that reads hostile bytes: `python -m sportello.mail.parsing.child PARENT BYTES`, fed and read over its standard streams.

It can write no file, use no more memory than it was given, burn no more processor time for one mail than it was given, and dies with its parent.
"""

from __future__ import annotations

import os
import sys
from typing import IO

from sportello.core import confinement
from sportello.mail.parsing import wire
from sportello.mail.parsing.parse import parse

_MAX_REQUEST = 1 << 31


def main() -> None:
    parent, extra_memory = int(sys.argv[1]), int(sys.argv[2])
    answers = _private_output()
    confinement.die_with(parent)
    memory = confinement.memory_in_use()
    confinement.confine(address_space=memory + extra_memory)
    while True:
        try:
            head, raw = wire.receive(sys.stdin.buffer, _MAX_REQUEST)
        except EOFError:
            return
        confinement.allow_processor_seconds(head["cpu_seconds"])
        mail = parse(raw, limits=wire.limits_of(head["limits"]), trusted_authserv=head["trusted_authserv"])
        packed, contents = wire.pack(mail)
        worn = confinement.memory_in_use() - memory > extra_memory // 2 or any(
            "MemoryError" in problem for problem in mail.problems
        )
        wire.send(answers, {"mail": packed, "worn": worn}, contents)


def _private_output() -> IO[bytes]:
    """The answers' own stream; what any library prints goes to standard error instead."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


if __name__ == "__main__":
    main()
