"""What was seen, and what it means: pure, and explained by the id of a rule."""

from sportello.diagnostics.rules.blame import Neighbours, blame_for, neighbours_in
from sportello.diagnostics.rules.names import Condition, Family, State
from sportello.diagnostics.rules.pages import Page, sign_of, title_of
from sportello.diagnostics.rules.seen import HEAD_BYTES, Seen, effect_of, visible
from sportello.diagnostics.rules.verdicts import APART, STUCK, Earlier, Facts, Judgement, condition_of, judge
from sportello.diagnostics.rules.whereabouts import Where, where

__all__ = [
    "APART",
    "HEAD_BYTES",
    "STUCK",
    "Condition",
    "Earlier",
    "Facts",
    "Family",
    "Judgement",
    "Neighbours",
    "Page",
    "Seen",
    "State",
    "Where",
    "blame_for",
    "condition_of",
    "effect_of",
    "judge",
    "neighbours_in",
    "sign_of",
    "title_of",
    "visible",
    "where",
]
