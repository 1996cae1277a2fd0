"""Whether two requests are about one problem. Pure: texts and facts in, judgements with their reasons out."""

from __future__ import annotations

from sportello.duplicates.rules.facts import Known, Report
from sportello.duplicates.rules.features import Feature
from sportello.duplicates.rules.joining import SHIPPED, Facts, Ground, Judgement, Thresholds, Way, may_follow, may_join
from sportello.duplicates.rules.learning import LEAST, Change, Learned, Outcome, learn
from sportello.duplicates.rules.model import Among, Model, Ranked, shipped_model
from sportello.duplicates.rules.ranking import rank

__all__ = [
    "LEAST",
    "SHIPPED",
    "Among",
    "Change",
    "Facts",
    "Feature",
    "Ground",
    "Judgement",
    "Known",
    "Learned",
    "Model",
    "Outcome",
    "Ranked",
    "Report",
    "Thresholds",
    "Way",
    "learn",
    "may_follow",
    "may_join",
    "rank",
    "shipped_model",
]
