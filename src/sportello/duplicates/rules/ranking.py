"""The tickets that a report may belong to, in order."""

from __future__ import annotations

from collections.abc import Sequence

from sportello.duplicates.rules.facts import Known, Report
from sportello.duplicates.rules.features import features_of
from sportello.duplicates.rules.grams import similarities
from sportello.duplicates.rules.marks import marks_of
from sportello.duplicates.rules.model import Model, Ranked, probability_of


def rank(report: Report, known: Sequence[Known], model: Model) -> list[Ranked]:
    """All of them, the likeliest first."""
    return judge(report, known, similarities(report.text, [ticket.text for ticket in known]), model)


def judge(report: Report, known: Sequence[Known], texts: Sequence[float], model: Model) -> list[Ranked]:
    """As `rank`, where it is known how alike the texts are."""
    ours = marks_of(report.text, report.names)
    judged = []
    for ticket, text in zip(known, texts, strict=True):
        theirs = marks_of(ticket.text, report.names | ticket.names)
        features = features_of(report, ticket, text, ours, theirs)
        score = model.score(features)
        judged.append(Ranked(ticket, score, probability_of(score), features))
    return sorted(judged, key=_best_first)


def _best_first(one: Ranked) -> float:
    return -one.score
