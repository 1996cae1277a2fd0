"""What the desk would do with a request, on its own tickets: join it, propose, or open a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sportello.duplicates.rules import (
    LEAST,
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
from sportello.incidents.rules.belonging import Asked, belonging
from sportello.services.enums import ServiceVerdict

SHOWN = 3
NO_INCIDENT: Mapping[int, datetime] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Decision:
    way: Way
    target: int | None
    shown: tuple[int, ...]
    """The tickets of a proposal."""


def decide(
    report: Report, known: Sequence[Known], thresholds: Thresholds, *, incident: Mapping[int, datetime] = NO_INCIDENT
) -> Decision:
    """`incident`: the services that are hit by one incident just now, and when it began."""
    ranked = rank(report, known, shipped_model(), least=LEAST)
    if not ranked:
        return Decision(Way.NEITHER, None, ())
    best, facts = ranked[0], facts_of(report, ranked, incident)
    ways = [judgement.way for judgement in _judgements(facts, thresholds)]
    if Way.JOIN in ways:
        return Decision(Way.JOIN, best.known.key, ())
    shown = tuple(one.known.key for one in ranked[:SHOWN] if one.probability >= thresholds.propose)
    return Decision(Way.PROPOSE if shown else Way.NEITHER, None, shown)


def facts_of(report: Report, ranked: Sequence[Ranked], incident: Mapping[int, datetime]) -> Facts:
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
        same_incident=same_service and _is_about(report, incident) and _is_about(best, incident),
        alike=ranked[0].features[Feature.TEXT],
        names_the_same=has_any(ranked[0].features, NAMES_THE_SAME),
        speaks_against=has_any(ranked[0].features, AGAINST),
    )


def _is_about(request: Report | Known, incident: Mapping[int, datetime]) -> bool:
    """As the desk judges whether a request about a service that is hit is about the incident."""
    began = incident.get(request.service) if request.service is not None else None
    verdict = ServiceVerdict(request.verdict) if request.verdict else None
    asked = Asked(written_at=request.at, is_question=False, verdict=verdict, text=request.text)
    return began is not None and belonging(asked, started_at=began).by_itself


def _judgements(facts: Facts, thresholds: Thresholds) -> tuple[Judgement, Judgement]:
    return may_join(facts, thresholds), may_follow(facts, thresholds)
