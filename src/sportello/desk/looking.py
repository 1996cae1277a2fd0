"""What was seen of a service, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sportello.diagnostics.enums import Blame, Effect
from sportello.diagnostics.models import Examination, Finding
from sportello.diagnostics.words import neighbour_words, rule_words, seen_words
from sportello.services.enums import ServiceVerdict

COLOURS = {
    ServiceVerdict.UNUSABLE: "danger",
    ServiceVerdict.UNUSABLE_FOR_REPORTER: "warn",
    ServiceVerdict.DEGRADED: "warn",
    ServiceVerdict.FINE: "good",
}
EFFECTS = {
    Effect.GOOD: "good",
    Effect.ODD: "",
    Effect.PART: "warn",
    Effect.SLOW: "warn",
    Effect.STOPPED: "warn",
    Effect.FAILS: "danger",
    Effect.BLIND: "",
}


FOREMOST = 5
WORST_FIRST = ("danger", "warn", "", "good")


@dataclass(frozen=True, slots=True)
class FindingShown:
    probe: str
    role: str
    target: str
    words: str
    effect: str
    colour: str
    milliseconds: int
    address: str
    head: str


@dataclass(frozen=True, slots=True)
class LookShown:
    number: int
    verdict: str
    colour: str
    at: datetime
    occasion: str
    asked_by: str
    rule: str
    """The sentence; `rule_id` is what it is called in the documentation."""
    rule_id: str
    blame: str
    neighbours: str
    findings: Sequence[FindingShown]

    @property
    def foremost(self) -> Sequence[FindingShown]:
        """The few that matter most, the worst first."""
        return sorted(self.findings, key=_badness)[:FOREMOST]


def verdict_words(verdict: str) -> str:
    return str(dict(ServiceVerdict.choices).get(verdict, verdict))


def verdict_colour(verdict: str) -> str:
    """Of the chip; none for what could not be told."""
    return COLOURS.get(ServiceVerdict(verdict), "") if verdict in set(ServiceVerdict) else ""


def _badness(finding: FindingShown) -> int:
    return WORST_FIRST.index(finding.colour)


def looks_shown(looks: Iterable[Examination]) -> list[LookShown]:
    return [_look(each) for each in looks]


def _look(look: Examination) -> LookShown:
    return LookShown(
        number=look.pk,
        verdict=verdict_words(look.verdict),
        colour=verdict_colour(look.verdict),
        at=look.finished_at or look.asked_at,
        occasion=look.get_occasion_display(),
        asked_by=look.asked_by.name if look.asked_by else "",
        rule=rule_words(look.rule, look.params),
        rule_id=look.rule,
        blame="" if look.blame == Blame.NOBODY else str(look.get_blame_display()),
        neighbours=neighbour_words(look.neighbours_tried, look.neighbours_down),
        findings=[_finding(each) for each in look.findings.all()],
    )


def _finding(finding: Finding) -> FindingShown:
    effect = finding.effect
    return FindingShown(
        probe=str(finding.get_probe_display()),
        role="" if finding.role == "own" else str(finding.get_role_display()),
        target=finding.target,
        words=seen_words(finding.sign, finding.params),
        effect=str(effect.label),
        colour=EFFECTS[effect],
        milliseconds=finding.milliseconds,
        address=finding.address,
        head=finding.head,
    )
