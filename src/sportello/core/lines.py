"""What others wrote on one line, as it stands beside words and buttons of ours."""

from __future__ import annotations

import re

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def unturned(line: str) -> str:
    """Without what turns the direction of all that stands behind it (UAX 9); empty when nothing of it can be seen."""
    left = _TURNING.sub("", line)
    return left if any(letter.isprintable() and not letter.isspace() for letter in left) else ""
