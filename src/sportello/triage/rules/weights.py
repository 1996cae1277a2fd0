"""How much everything that is known of a request weighs: in minutes that it counts as due earlier, beside its real due time.

Minutes, because waiting is measured in them too: whoever waits longer comes before what weighs more in the end, and nobody waits for ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sportello.triage.enums import Claim, Overrule, ReasonCode, Verdict
from sportello.triage.rules.reasons import Reason

CONFIRMED = 30
WEIGHT_OF_VERDICT: Mapping[Verdict, int] = MappingProxyType(
    {Verdict.UNUSABLE: CONFIRMED, Verdict.UNUSABLE_FOR_REPORTER: 15, Verdict.DEGRADED: 15}
)
REASON_OF_VERDICT: Mapping[Verdict, ReasonCode] = MappingProxyType(
    {verdict: ReasonCode(f"evidence.{verdict}") for verdict in Verdict}
)
REFUTING = frozenset({Verdict.FINE, Verdict.SUSPENDED, Verdict.EXPIRED, Verdict.NOT_OURS})
"""What says that it is no outage, or that its cause is known and another."""

MOST_NEIGHBOURS = 10  # a minute each
INCIDENT = 10
FRESH_CLAIM = 10
HARM = 5
WEIGHT_OF_KIND: Mapping[str, int] = MappingProxyType(
    {"dedicated": 3, "vps": 3, "hosting": 2, "mail": 2, "domain": 1}  # services.enums.ServiceKind
)
MOST_HISTORY = 5
STAFF = 120
LEGAL = 30_000
WEIGHT_OF_OVERRULE: Mapping[Overrule, int] = MappingProxyType(
    {
        Overrule.LEGAL: LEGAL,
        Overrule.OUTAGE: CONFIRMED,
        Overrule.NOT_OUTAGE: 0,
        Overrule.BEFORE: STAFF,
        Overrule.AFTER: -STAFF,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What is known of the harm, who says so, and whether it touches what matters to this customer.

    claim           what the customer says; None for nothing
    claim_is_fresh  that a total outage was said, no person has answered, and ten minutes are not over
    verdict         what looking at the service says; None while nobody has looked
    neighbours_down so many other services of the same server fail alike
    in_incident     it belongs to an outage that many are hit by
    kind            of the service, as services.enums.ServiceKind; empty for none
    matters         points: what it is about, among what the customer's history says matters
    what_matters    which, to be told: keys of tickets.enums
    overrule        what a person says instead
    """

    claim: Claim | None = None
    claim_is_fresh: bool = False
    verdict: Verdict | None = None
    neighbours_down: int = 0
    in_incident: bool = False
    kind: str = ""
    matters: int = 0
    what_matters: str = ""
    overrule: Overrule | None = None


NO_HARM = Harm()


@dataclass(frozen=True, slots=True)
class Weighed:
    """One thing that is known: its reason, and the minutes that it counts."""

    minutes: int
    reason: Reason


def is_outage(harm: Harm) -> bool:
    """Whether the use of the service is gone altogether: a person says so, or it was seen. What a customer claims is no proof."""
    if harm.overrule in (Overrule.OUTAGE, Overrule.NOT_OUTAGE):
        return harm.overrule is Overrule.OUTAGE
    return harm.verdict is Verdict.UNUSABLE


def is_being_checked(harm: Harm) -> bool:
    """Whether it comes first on the customer's word alone: nothing opens any more, said just now, and nothing speaks against it."""
    said = harm.claim is Claim.NOTHING_OPENS and harm.claim_is_fresh
    return said and harm.verdict not in REFUTING and harm.overrule is not Overrule.NOT_OUTAGE


def is_legal(harm: Harm) -> bool:
    return harm.overrule is Overrule.LEGAL


def weigh_up(harm: Harm) -> tuple[Weighed, ...]:
    """All that counts, and what was seen even where it counts nothing; the heaviest first."""
    return tuple(sorted(_weighed(harm), key=_heaviest_first))


def _weighed(harm: Harm) -> Iterator[Weighed]:
    if harm.overrule is not None:
        yield _with(WEIGHT_OF_OVERRULE[harm.overrule], ReasonCode(f"overruled.{harm.overrule}"))
    if harm.verdict is not None:
        yield _with(WEIGHT_OF_VERDICT.get(harm.verdict, 0), REASON_OF_VERDICT[harm.verdict])
    if harm.neighbours_down:
        minutes = min(harm.neighbours_down, MOST_NEIGHBOURS)
        yield _with(minutes, ReasonCode.SCOPE_NEIGHBOURS, services=harm.neighbours_down)
    if harm.in_incident:
        yield _with(INCIDENT, ReasonCode.SCOPE_INCIDENT)
    yield from _claimed(harm)
    if _is_hurt(harm) and harm.kind in WEIGHT_OF_KIND:
        yield _with(WEIGHT_OF_KIND[harm.kind], ReasonCode.KIND_OF_SERVICE, kind=harm.kind)
    if harm.matters > 0:
        yield _with(min(harm.matters, MOST_HISTORY), ReasonCode.HISTORY, what=harm.what_matters)


def _claimed(harm: Harm) -> Iterator[Weighed]:
    if harm.claim_is_fresh and harm.claim in (Claim.NOTHING_OPENS, Claim.WORDS):
        yield _with(FRESH_CLAIM, ReasonCode.CLAIM_FRESH)
    elif harm.claim not in (None, Claim.QUESTION):
        yield _with(HARM, ReasonCode.CLAIM_HARM)


def _is_hurt(harm: Harm) -> bool:
    return harm.verdict in WEIGHT_OF_VERDICT or harm.claim not in (None, Claim.QUESTION)


def _with(minutes: int, code: ReasonCode, **params: str | int) -> Weighed:
    return Weighed(minutes, Reason(code, {**params, "minutes": minutes}))


def _heaviest_first(weighed: Weighed) -> int:
    return -abs(weighed.minutes)
