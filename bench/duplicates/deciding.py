"""What the desk would do with a request, on its own tickets: join it, propose, or open a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sportello.duplicates.rules import (
    Facts,
    Judgement,
    Known,
    Ranked,
    Report,
    Thresholds,
    Way,
    may_follow,
    may_join,
    rank,
    shipped_model,
)
from sportello.duplicates.rules.facts import FAILING
from sportello.duplicates.rules.features import AGAINST, NAMES_THE_SAME, Feature, has_any

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Decision:
    way: Way
    target: int | None
    shown: tuple[int, ...]
    """The tickets of a proposal."""


def decide(
    report: Report, known: Sequence[Known], thresholds: Thresholds, *, incident: frozenset[int] = frozenset()
) -> Decision:
    """`incident`: the services that are hit by one incident just now."""
    ranked = rank(report, known, shipped_model())
    if not ranked:
        return Decision(Way.NEITHER, None, ())
    best, facts = ranked[0], facts_of(report, ranked, incident)
    ways = [judgement.way for judgement in _judgements(facts, thresholds)]
    if Way.JOIN in ways:
        return Decision(Way.JOIN, best.known.key, ())
    shown = tuple(one.known.key for one in ranked[:SHOWN] if one.probability >= thresholds.propose)
    return Decision(Way.PROPOSE if shown else Way.NEITHER, None, shown)


def facts_of(report: Report, ranked: Sequence[Ranked], incident: frozenset[int]) -> Facts:
    best = ranked[0].known
    same_service = report.service is not None and report.service == best.service
    return Facts(
        probability=ranked[0].probability,
        lead=ranked[0].score - ranked[1].score if len(ranked) > 1 else ranked[0].score + 10,
        since=max(report.at - best.at, timedelta()),
        same_customer=True,
        same_sender=report.sender == best.sender,
        may_read=True,
        is_open=best.is_open,
        same_service=same_service,
        fails_alike=report.verdict == best.verdict and report.verdict in FAILING,
        same_incident=report.service in incident and same_service,
        alike=ranked[0].features[Feature.TEXT],
        names_the_same=has_any(ranked[0].features, NAMES_THE_SAME),
        speaks_against=has_any(ranked[0].features, AGAINST),
    )


def _judgements(facts: Facts, thresholds: Thresholds) -> tuple[Judgement, Judgement]:
    return may_join(facts, thresholds), may_follow(facts, thresholds)
