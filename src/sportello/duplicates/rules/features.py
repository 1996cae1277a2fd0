"""What speaks for and against two requests being about one problem, as figures that can be read."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum

from sportello.duplicates.rules.facts import FAILING, Known, Report
from sportello.duplicates.rules.marks import Marks

DAY = timedelta(days=1)


class Feature(StrEnum):
    """Each is 0 where nothing is known."""

    TEXT = "text"
    """How alike the words are, from 0 to 1."""
    SAME_TOPIC = "same_topic"
    """The share of what both are about, from 0 to 1."""
    OTHER_TOPIC = "other_topic"
    AGE = "age"
    """Days since something was last said in the ticket: log(1 + days)."""
    CLOSED = "closed"
    SAME_SERVICE = "same_service"
    OTHER_SERVICE = "other_service"
    SAME_KIND = "same_kind"
    """The services are of one kind, such as mailboxes."""
    SAME_SOFTWARE = "same_software"
    OTHER_SOFTWARE = "other_software"
    SAME_CODE = "same_code"
    OTHER_CODE = "other_code"
    SAME_NAME = "same_name"
    """A host, address or mailbox beside the service's own names stands in both."""
    OTHER_NAME = "other_name"
    SAME_VERDICT = "same_verdict"
    """The service fails now as it did then."""
    OTHER_VERDICT = "other_verdict"
    """It failed then and works now, or the other way round."""
    SAME_SENDER = "same_sender"


def features_of(report: Report, known: Known, ours: Marks, theirs: Marks) -> dict[str, float]:
    """All but how alike the words are, which is said later; the marks are what the two texts name."""
    figures = {
        Feature.TEXT: 0.0,
        **_topics(ours.topics, theirs.topics),
        Feature.AGE: math.log1p(max(report.at - known.at, timedelta()) / DAY),
        Feature.CLOSED: float(not known.is_open),
        **_compared(Feature.SAME_SERVICE, Feature.OTHER_SERVICE, _one(report.service), _one(known.service)),
        Feature.SAME_KIND: float(bool(report.kind) and report.kind == known.kind),
        **_compared(Feature.SAME_SOFTWARE, Feature.OTHER_SOFTWARE, ours.software, theirs.software),
        **_compared(Feature.SAME_CODE, Feature.OTHER_CODE, ours.codes, theirs.codes),
        **_compared(Feature.SAME_NAME, Feature.OTHER_NAME, ours.names, theirs.names),
        **_verdicts(report.verdict, known.verdict),
        Feature.SAME_SENDER: float(report.sender is not None and report.sender == known.sender),
    }
    return {str(name): value for name, value in figures.items()}


NAMES_THE_SAME = (Feature.SAME_CODE, Feature.SAME_NAME)
AGAINST = (
    Feature.OTHER_TOPIC,
    Feature.OTHER_SERVICE,
    Feature.OTHER_SOFTWARE,
    Feature.OTHER_CODE,
    Feature.OTHER_NAME,
    Feature.OTHER_VERDICT,
)
"""What says that it is another problem; that a ticket is old or solved says nothing of the problem."""


def has_any(figures: Mapping[str, float], of: Iterable[Feature]) -> bool:
    return any(figures.get(name) for name in of)


def _compared(
    same: Feature, other: Feature, ours: Collection[object], theirs: Collection[object]
) -> dict[Feature, float]:
    shared = any(one in theirs for one in ours)
    return {same: float(shared), other: float(bool(ours) and bool(theirs) and not shared)}


def _topics(ours: frozenset[str], theirs: frozenset[str]) -> dict[Feature, float]:
    if not ours or not theirs:
        return {Feature.SAME_TOPIC: 0.0, Feature.OTHER_TOPIC: 0.0}
    shared = len(ours & theirs) / math.sqrt(len(ours) * len(theirs))
    return {Feature.SAME_TOPIC: shared, Feature.OTHER_TOPIC: float(not shared)}


def _one(key: int | None) -> tuple[int, ...]:
    return () if key is None else (key,)


def _verdicts(now: str, then: str) -> dict[Feature, float]:
    alike = now == then and now in FAILING
    apart = {now, then} & FAILING and "fine" in {now, then}
    return {Feature.SAME_VERDICT: float(alike), Feature.OTHER_VERDICT: float(bool(apart))}
