"""Priority by evidence: what was seen weighs more than what is shouted, and nothing that is bounded outgrows its bound [promise.outage]."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sportello.services.enums import ServiceKind, ServiceVerdict
from sportello.triage.enums import Channel, Claim, Overrule, QueueGroup, Verdict
from sportello.triage.rules import Assessment, Facts, Harm, assess, sort_key
from sportello.triage.rules.queue import SortKey
from sportello.triage.rules.weights import MOST_HISTORY, WEIGHT_OF_KIND

NOON = datetime(2027, 5, 5, 12, tzinfo=UTC)
STRONGER = (None, Verdict.DEGRADED, Verdict.UNUSABLE)
"""What more and more was seen of."""
CLAIMS = (None, Claim.QUESTION, Claim.PART, Claim.WORDS, Claim.NOTHING_OPENS)

patient = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
"""On a busy machine."""
harms = st.builds(
    Harm,
    claim=st.sampled_from(CLAIMS),
    claim_is_fresh=st.booleans(),
    verdict=st.sampled_from((None, *Verdict)),
    neighbours_down=st.integers(0, 50),
    in_incident=st.booleans(),
    kind=st.sampled_from(["", *WEIGHT_OF_KIND]),
    matters=st.integers(0, 50),
    overrule=st.none(),
)


def judged(harm: Harm, *, is_managed: bool = False, is_customer: bool = True) -> Assessment:
    return assess(Facts(channel=Channel.MAIL, is_customer=is_customer, harm=harm, is_managed=is_managed))


def place(harm: Harm, due_at: datetime = NOON, *, is_managed: bool = False) -> SortKey:
    found = judged(harm, is_managed=is_managed)
    assert found.group is not None
    return sort_key(found.group, due_at, NOON, found.priority, ahead=found.ahead, tie=found.tie)


@pytest.mark.parametrize(
    ("harm", "group", "ahead", "outage"),
    [
        (Harm(), QueueGroup.WAITING_FOR_US, 0, False),
        (Harm(verdict=Verdict.UNUSABLE), QueueGroup.OUTAGE, 30, True),
        (Harm(claim=Claim.QUESTION, verdict=Verdict.UNUSABLE, kind="hosting"), QueueGroup.OUTAGE, 32, True),
        (Harm(claim=Claim.NOTHING_OPENS, claim_is_fresh=True), QueueGroup.OUTAGE, 10, False),
        (Harm(claim=Claim.NOTHING_OPENS, claim_is_fresh=True, verdict=Verdict.UNKNOWN), QueueGroup.OUTAGE, 10, False),
        (
            Harm(claim=Claim.NOTHING_OPENS, claim_is_fresh=True, verdict=Verdict.FINE),
            QueueGroup.WAITING_FOR_US,
            10,
            False,
        ),
        (Harm(claim=Claim.NOTHING_OPENS), QueueGroup.WAITING_FOR_US, 5, False),
        (Harm(claim=Claim.WORDS, claim_is_fresh=True, kind="mail"), QueueGroup.WAITING_FOR_US, 12, False),
        (Harm(claim=Claim.NOTHING_OPENS, verdict=Verdict.SUSPENDED), QueueGroup.WAITING_FOR_US, 5, False),
        (Harm(verdict=Verdict.DEGRADED, neighbours_down=40, in_incident=True), QueueGroup.WAITING_FOR_US, 35, False),
        (Harm(verdict=Verdict.UNUSABLE, overrule=Overrule.NOT_OUTAGE), QueueGroup.WAITING_FOR_US, 30, False),
        (Harm(verdict=Verdict.FINE, overrule=Overrule.OUTAGE), QueueGroup.OUTAGE, 30, True),
        (Harm(overrule=Overrule.BEFORE), QueueGroup.WAITING_FOR_US, 120, False),
        (Harm(overrule=Overrule.AFTER), QueueGroup.WAITING_FOR_US, -120, False),
        (Harm(overrule=Overrule.LEGAL), QueueGroup.OUTAGE, 30_000, False),
    ],
)
def test_what_is_known_makes_group_and_weight(harm: Harm, group: QueueGroup, ahead: int, outage: bool) -> None:
    found = judged(harm)
    assert (found.group, found.ahead, found.is_outage) == (group, ahead, outage)


def test_what_strangers_say_of_a_harm_moves_nothing() -> None:
    shouted = Harm(claim=Claim.NOTHING_OPENS, claim_is_fresh=True)
    assert judged(shouted, is_customer=False) == judged(Harm(), is_customer=False)


def test_words_of_verdicts_and_kinds_are_those_of_services() -> None:
    assert {verdict.value for verdict in Verdict} == set(ServiceVerdict.values)
    assert set(WEIGHT_OF_KIND) == set(ServiceKind.values)


@patient
@given(harms, st.integers(0, 1), st.integers(0, 40), st.booleans(), st.integers(0, 3))
def test_more_evidence_never_lowers(harm: Harm, step: int, more: int, incident: bool, claim: int) -> None:
    harm = replace(harm, verdict=STRONGER[step], claim=CLAIMS[claim], claim_is_fresh=claim > 2 and harm.claim_is_fresh)
    stronger = [
        replace(harm, verdict=STRONGER[step + 1]),
        replace(harm, neighbours_down=harm.neighbours_down + more),
        replace(harm, in_incident=harm.in_incident or incident),
        replace(harm, claim=CLAIMS[claim + 1]),
        replace(harm, matters=harm.matters + more),
    ]
    assert all(place(each) <= place(harm) for each in stronger)


@patient
@given(harms, st.integers(0, 1_000))
def test_weight_of_history_is_bounded(harm: Harm, points: int) -> None:
    without = judged(replace(harm, matters=0))
    with_it = judged(replace(harm, matters=points))
    assert 0 <= with_it.ahead - without.ahead <= MOST_HISTORY
    assert with_it.group == without.group


@patient
@given(harms, harms, st.integers(-60, 60))
def test_plan_only_breaks_ties(one: Harm, other: Harm, minutes: int) -> None:
    due_at = NOON + timedelta(minutes=minutes)
    first, second = place(one), place(other, due_at)
    managed = place(other, due_at, is_managed=True)
    if first[:4] != second[:4]:
        assert (first < second) == (first < managed)
    else:
        assert managed < first


@patient
@given(harms, harms, st.integers(0, 7 * 24 * 60))
def test_legal_clocks_come_before_outages_and_outages_before_the_rest(one: Harm, other: Harm, later: int) -> None:
    legal = place(replace(one, overrule=Overrule.LEGAL), NOON + timedelta(minutes=later))
    outage = place(replace(one, verdict=Verdict.UNUSABLE), NOON + timedelta(minutes=later))
    assert legal < place(replace(other, verdict=Verdict.UNUSABLE))
    harmless = replace(other, verdict=None, claim_is_fresh=False)
    assert outage < place(harmless)


@patient
@given(harms)
def test_every_minute_has_its_reason(harm: Harm) -> None:
    found = judged(harm)
    assert found.ahead == sum(int(reason.params.get("minutes", 0)) for reason in found.reasons)
