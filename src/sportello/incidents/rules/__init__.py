"""What looks like an outage, which tickets are about it, what counts as an answer, and which are over with it. Pure."""

from __future__ import annotations

from sportello.incidents.rules.answering import counts_as_answer
from sportello.incidents.rules.belonging import Asked, Belonging, belonging
from sportello.incidents.rules.proposing import Case, Judged, Seen, SetAside, judge, may_come_back
from sportello.incidents.rules.settling import Ending, Kept, Left, ending_of

__all__ = [
    "Asked",
    "Belonging",
    "Case",
    "Ending",
    "Judged",
    "Kept",
    "Left",
    "Seen",
    "SetAside",
    "belonging",
    "counts_as_answer",
    "ending_of",
    "judge",
    "may_come_back",
]
