from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, permutations

import pytest

from sportello.triage.enums import Channel, ClockState, Priority, QueueGroup, ReasonCode, Verdict
from sportello.triage.rules import (
    CLAUSES,
    PRESALES,
    SUPPORT,
    Assessment,
    Facts,
    Harm,
    Reason,
    assess,
    group_of,
    sort_key,
)

NOON = datetime(2027, 5, 5, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def judged(assessment: Assessment) -> tuple[str, Priority, QueueGroup | None, list[str]]:
    codes = [reason.code.value for reason in assessment.reasons]
    return assessment.queue, assessment.priority, assessment.group, codes


@pytest.mark.parametrize(
    ("facts", "judgement"),
    [
        (
            Facts(channel=Channel.PORTAL, is_customer=True),
            (
                SUPPORT,
                Priority.NORMAL,
                QueueGroup.WAITING_FOR_US,
                ["queue.by_due_time", "queue.customer", "channel.portal"],
            ),
        ),
        (
            Facts(channel=Channel.MAIL, is_customer=True, harm=Harm(verdict=Verdict.UNUSABLE)),
            (
                SUPPORT,
                Priority.URGENT,
                QueueGroup.OUTAGE,
                ["queue.outage", "evidence.unusable", "queue.customer", "channel.mail"],
            ),
        ),
        (
            Facts(channel=Channel.MAIL, is_customer=False),
            (
                SUPPORT,
                Priority.LOW,
                QueueGroup.WAITING_FOR_US,
                ["queue.by_due_time", "queue.unknown_sender", "channel.mail"],
            ),
        ),
        (
            Facts(queue=PRESALES, channel=Channel.PHONE, is_customer=False),
            (
                PRESALES,
                Priority.NORMAL,
                QueueGroup.WAITING_FOR_US,
                ["queue.by_due_time", "queue.presales", "channel.phone"],
            ),
        ),
        (
            Facts(channel=Channel.API, is_customer=True, state=ClockState.IN_ANALYSIS, first_answered=True),
            (SUPPORT, Priority.NORMAL, QueueGroup.IN_ANALYSIS, ["queue.analysis", "queue.customer", "channel.api"]),
        ),
        (
            Facts(channel=Channel.MAIL, is_customer=True, state=ClockState.WAITING_CUSTOMER, first_answered=True),
            (
                SUPPORT,
                Priority.NORMAL,
                QueueGroup.WAITING_CUSTOMER,
                ["queue.waiting_customer", "queue.customer", "channel.mail"],
            ),
        ),
        (
            Facts(
                queue="billing", channel=Channel.MAIL, is_customer=True, state=ClockState.STOPPED, first_answered=True
            ),
            ("billing", Priority.NORMAL, None, ["queue.customer", "channel.mail"]),
        ),
    ],
)
def test_assessment_and_its_reasons(
    facts: Facts, judgement: tuple[str, Priority, QueueGroup | None, list[str]]
) -> None:
    assert judged(assess(facts)) == judgement


@pytest.mark.parametrize(
    ("state", "first_answered", "group"),
    [
        (ClockState.RUNNING_FIRST, False, QueueGroup.OUTAGE),
        (ClockState.IN_ANALYSIS, True, QueueGroup.OUTAGE),
        (ClockState.WAITING_CUSTOMER, True, QueueGroup.WAITING_CUSTOMER),
        (ClockState.STOPPED, True, None),
    ],
)
def test_outage_is_first_unless_it_is_not_our_turn(
    state: ClockState, first_answered: bool, group: QueueGroup | None
) -> None:
    assert group_of(state, outage=True, first_answered=first_answered) is group


@pytest.mark.parametrize(
    ("unanswered", "outage", "group"),
    [(True, False, QueueGroup.WAITING_FOR_US), (False, False, QueueGroup.ANSWERED), (False, True, QueueGroup.OUTAGE)],
)
def test_what_is_answered_and_still_open_needs_nothing_now(unanswered: bool, outage: bool, group: QueueGroup) -> None:
    facts = Facts(
        channel=Channel.MAIL,
        is_customer=True,
        state=ClockState.RUNNING_NEXT,
        first_answered=True,
        unanswered=unanswered,
        harm=Harm(verdict=Verdict.UNUSABLE if outage else None),
    )
    assert assess(facts).group is group


def test_analysis_before_a_person_has_answered_waits_for_us() -> None:
    assert group_of(ClockState.IN_ANALYSIS, outage=False, first_answered=False) is QueueGroup.WAITING_FOR_US


@pytest.mark.parametrize(
    ("code", "clause"),
    [
        (ReasonCode.QUEUE_OUTAGE, "promise.outage"),
        (ReasonCode.QUEUE_PRESALES, "reach.presales"),
        (ReasonCode.QUEUE_UNKNOWN_SENDER, "cover.customers"),
        (ReasonCode.CLOCK_FIRST, "promise.first"),
        (ReasonCode.CLOCK_STOPPED, None),
    ],
)
def test_reasons_cite_the_clause_they_carry_out(code: ReasonCode, clause: str | None) -> None:
    assert Reason(code).clause == clause


def test_clauses_are_of_known_chapters_of_the_policy() -> None:
    assert {clause.split(".")[0] for clause in CLAUSES.values()} == {"reach", "promise", "cover", "one"}


def test_queue_says_what_is_next() -> None:
    late, soon = NOON - MINUTE, NOON + MINUTE
    in_order = [
        sort_key(QueueGroup.OUTAGE, soon, NOON),
        sort_key(QueueGroup.OUTAGE, None, NOON),
        sort_key(QueueGroup.WAITING_FOR_US, late, NOON),
        sort_key(QueueGroup.WAITING_FOR_US, soon, NOON - MINUTE),
        sort_key(QueueGroup.WAITING_FOR_US, soon, NOON),
        sort_key(QueueGroup.WAITING_FOR_US, soon, NOON - MINUTE, Priority.LOW),
        sort_key(QueueGroup.IN_ANALYSIS, late, NOON),
        sort_key(QueueGroup.WAITING_CUSTOMER, late, NOON),
        sort_key(QueueGroup.WAITING_CUSTOMER, None, NOON),
    ]
    assert all(sorted(mixed) == in_order for mixed in islice(permutations(in_order), 0, None, 5_041))
