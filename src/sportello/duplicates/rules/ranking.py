"""The tickets that a report may belong to, in order."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sportello.duplicates.rules.facts import Known, Report
from sportello.duplicates.rules.features import features_of
from sportello.duplicates.rules.grams import similarities, words_of
from sportello.duplicates.rules.marks import Marks, marks_of
from sportello.duplicates.rules.model import Model, Ranked, probability_of

CLOSELY = 8
"""Tickets whose texts are compared character by character: of more, those that whole words and all else speak for."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A ticket with what its text says."""

    known: Known
    words: list[str]
    marks: Marks


def rank(report: Report, known: Sequence[Known], model: Model) -> list[Ranked]:
    """The likeliest first; at most eight."""
    words, tickets = words_of(report.text), _read(report, known)
    if len(tickets) > CLOSELY:
        shares = [_shared(words, ticket.words) for ticket in tickets]
        rough = {one.known.key for one in _judged(report, words, tickets, shares, model)[:CLOSELY]}
        tickets = [ticket for ticket in tickets if ticket.known.key in rough]
    return _judged(report, words, tickets, similarities(words, [ticket.words for ticket in tickets]), model)


def judge(report: Report, known: Sequence[Known], texts: Sequence[float], model: Model) -> list[Ranked]:
    """All of them in their order, where it is known how alike the texts are."""
    return _judged(report, words_of(report.text), _read(report, known), texts, model)


def _read(report: Report, known: Sequence[Known]) -> list[_Read]:
    return [_Read(one, words, marks_of(one.text, words, report.names | one.names)) for one, words in _worded(known)]


def _worded(known: Sequence[Known]) -> list[tuple[Known, list[str]]]:
    return [(one, words_of(one.text)) for one in known]


def _judged(
    report: Report, words: Sequence[str], tickets: Sequence[_Read], texts: Sequence[float], model: Model
) -> list[Ranked]:
    ours = marks_of(report.text, words, report.names)
    judged = []
    for ticket, text in zip(tickets, texts, strict=True):
        features = features_of(report, ticket.known, text, ours, ticket.marks)
        score = model.score(features)
        judged.append(Ranked(ticket.known, score, probability_of(score), features))
    return sorted(judged, key=_best_first)


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """The share of whole words in common, from 0 to 1."""
    one, other = set(ours), set(theirs)
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0


def _best_first(one: Ranked) -> float:
    return -one.score
