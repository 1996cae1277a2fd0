"""What is proposed, joined and taken apart, and what is learnt from it [one.problem]."""

from __future__ import annotations

from sportello.duplicates.actions.deciding import join, refuse, take, take_apart
from sportello.duplicates.actions.learning import learn_anew, set_joining, tidy
from sportello.duplicates.actions.proposing import Came, consider, reconsider
from sportello.duplicates.actions.writing import add_instead, carry_over, say_other

__all__ = [
    "Came",
    "add_instead",
    "carry_over",
    "consider",
    "join",
    "learn_anew",
    "reconsider",
    "refuse",
    "say_other",
    "set_joining",
    "take",
    "take_apart",
    "tidy",
]
