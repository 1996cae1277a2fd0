"""The tickets that a report may belong to, in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sportello.duplicates.rules.facts import Known, Report
from sportello.duplicates.rules.features import Feature, features_of
from sportello.duplicates.rules.grams import similarities, words_of
from sportello.duplicates.rules.marks import Marks, marks_of
from sportello.duplicates.rules.model import Model, Ranked, probability_of

CLOSELY = 8
"""Tickets whose texts are compared character by character: of more, those that whole words and all else speak for."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A ticket with its words, and all that speaks for and against it besides them."""

    known: Known
    words: list[str]
    features: dict[str, float]


@dataclass(frozen=True, slots=True)
class _Asked:
    """The report with what its text says."""

    report: Report
    words: list[str]
    marks: Marks


def rank(
    report: Report, known: Sequence[Known], model: Model, *, least: float = 0.0, worth: float = 0.0
) -> list[Ranked]:
    """The likeliest first; at most eight, and without those that would be less probable than `least` even if their words were the same.

    None at all, unless one would be as probable as `worth` if its words were the same. Comparing the words is most of the work; what most tickets
    are about, and when and where, says already that they are not meant.
    """
    asked = _asked(report)
    tickets = _read(asked, known)
    if len(tickets) > CLOSELY:
        shares = [_shared(asked.words, ticket.words) for ticket in tickets]
        tickets = _chosen(tickets, _judged(tickets, shares, model)[:CLOSELY])
    at_best = _judged(tickets, [1.0] * len(tickets), model)
    if not at_best or at_best[0].probability < worth:
        return []
    possible = _chosen(tickets, [one for one in at_best if one.probability >= least])
    beside = _chosen(tickets, [one for one in at_best if one.probability < least])
    alike = similarities(asked.words, _words(possible), _words(beside))
    return _judged(possible, alike, model)


def judge(report: Report, known: Sequence[Known], texts: Sequence[float], model: Model) -> list[Ranked]:
    """All of them in their order, where it is known how alike the texts are."""
    return _judged(_read(_asked(report), known), texts, model)


def _asked(report: Report) -> _Asked:
    words = words_of(report.text)
    return _Asked(report, words, marks_of(report.text, words, report.names))


def _read(asked: _Asked, known: Iterable[Known]) -> list[_Read]:
    return [_read_one(asked, one) for one in known]


def _read_one(asked: _Asked, one: Known) -> _Read:
    words = words_of(one.text)
    marks = marks_of(one.text, words, asked.report.names | one.names)
    return _Read(one, words, features_of(asked.report, one, asked.marks, marks))


def _chosen(tickets: Sequence[_Read], judged: Sequence[Ranked]) -> list[_Read]:
    keys = {one.known.key for one in judged}
    return [ticket for ticket in tickets if ticket.known.key in keys]


def _words(tickets: Iterable[_Read]) -> list[list[str]]:
    return [ticket.words for ticket in tickets]


def _judged(tickets: Sequence[_Read], texts: Sequence[float], model: Model) -> list[Ranked]:
    judged = []
    for ticket, text in zip(tickets, texts, strict=True):
        features = {**ticket.features, str(Feature.TEXT): text}
        score = model.score(features)
        judged.append(Ranked(ticket.known, score, probability_of(score), features))
    return sorted(judged, key=_best_first)


def _shared(ours: Sequence[str], theirs: Sequence[str]) -> float:
    """The share of whole words in common, from 0 to 1."""
    one, other = set(ours), set(theirs)
    return len(one & other) / math.sqrt(len(one) * len(other)) if one and other else 0.0


def _best_first(one: Ranked) -> float:
    return -one.score
