"""What next? Which queue a request waits in, in which group, and in what order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sportello.triage.enums import Channel, ClockState, Priority, QueueGroup, ReasonCode
from sportello.triage.rules.reasons import Reason
from sportello.triage.rules.weights import NO_HARM, Harm, is_being_checked, is_legal, is_outage, weigh_up

SUPPORT = "support"
PRESALES = "presales"

CHANNEL_REASONS: Mapping[Channel, ReasonCode] = MappingProxyType(
    {
        Channel.PORTAL: ReasonCode.CHANNEL_PORTAL,
        Channel.MAIL: ReasonCode.CHANNEL_MAIL,
        Channel.PHONE: ReasonCode.CHANNEL_PHONE,
        Channel.API: ReasonCode.CHANNEL_API,
    }
)
GROUP_REASONS: Mapping[QueueGroup, ReasonCode] = MappingProxyType(
    {
        QueueGroup.OUTAGE: ReasonCode.QUEUE_OUTAGE,
        QueueGroup.WAITING_FOR_US: ReasonCode.QUEUE_BY_DUE_TIME,
        QueueGroup.IN_ANALYSIS: ReasonCode.QUEUE_ANALYSIS,
        QueueGroup.ANSWERED: ReasonCode.QUEUE_ANSWERED,
        QueueGroup.WAITING_CUSTOMER: ReasonCode.QUEUE_WAITING_CUSTOMER,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a request. `queue` is the slug its mailbox, form or telephone number stands for.

    `is_customer` is whether it is of somebody who has a contract, `was_customer` of somebody whose contract has ended.

    `unanswered` is whether the customer wrote something that no person has answered since. `is_managed` is whether the service is of a plan
    that we manage for the customer: it breaks ties, and nothing else.
    """

    queue: str = SUPPORT
    channel: Channel
    is_customer: bool
    was_customer: bool = False
    harm: Harm = NO_HARM
    state: ClockState = ClockState.RUNNING_FIRST
    first_answered: bool = False
    unanswered: bool = True
    is_managed: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """`group` is None for a request that is in no queue any more, because it is solved or closed.

    ahead       minutes that it counts as due earlier than it is; fewer than none puts it back
    tie         among what counts the same: a smaller number comes first
    is_outage   the use of a service is gone altogether, as far as anybody knows
    """

    queue: str
    priority: Priority
    group: QueueGroup | None
    ahead: int
    tie: int
    is_outage: bool
    reasons: tuple[Reason, ...]


def assess(facts: Facts) -> Assessment:
    """Where the request waits, with the reasons in the order in which they weigh.

    What strangers say of a harm moves nothing, nor what those say whose contract has ended [cover.customers]. Answered with what is known of an
    incident, a request waits with it: the incident is what is worked on. Legal clocks and outages come before all others [promise.outage]; the
    customer's plan only breaks ties.
    """
    harm = facts.harm if facts.is_customer or facts.harm.overrule else NO_HARM
    answered = facts.first_answered and not facts.unanswered
    waits_with_its_incident = harm.in_incident and answered and harm.overrule is None
    first = None if waits_with_its_incident else _comes_first(harm)
    group = group_of(facts.state, outage=first is not None, first_answered=facts.first_answered, answered=answered)
    weighed = weigh_up(harm)
    codes = (_sender_code(facts), CHANNEL_REASONS[facts.channel])
    return Assessment(
        queue=facts.queue,
        priority=_priority(facts, harm),
        group=group,
        ahead=sum(each.minutes for each in weighed),
        tie=0 if facts.is_managed else 1,
        is_outage=is_outage(harm),
        reasons=(
            *_group_reasons(group, first),
            *(each.reason for each in weighed),
            *(Reason(code) for code in codes),
        ),
    )


def group_of(state: ClockState, *, outage: bool, first_answered: bool, answered: bool = False) -> QueueGroup | None:
    """The group of the queue, or None when the request is out of it.

    An outage is first [promise.outage] unless it is the customer's turn. In analysis before a person has answered,
    the first answer is still owed, and the request waits for us. `answered` is whether all that the customer wrote is:
    then nothing is owed, and what is still open comes after all that is.
    """
    if state is ClockState.STOPPED:
        return None
    if state is ClockState.WAITING_CUSTOMER:
        return QueueGroup.WAITING_CUSTOMER
    if outage:
        return QueueGroup.OUTAGE
    if state is ClockState.IN_ANALYSIS:
        return QueueGroup.IN_ANALYSIS if first_answered else QueueGroup.WAITING_FOR_US
    return QueueGroup.ANSWERED if answered else QueueGroup.WAITING_FOR_US


SortKey = tuple[int, bool, datetime, int, int, datetime]


def sort_key(
    group: QueueGroup,
    due_at: datetime | None,
    opened_at: datetime,
    priority: Priority = Priority.NORMAL,
    *,
    ahead: int = 0,
    tie: int = 1,
) -> SortKey:
    """The order of the queue; in SQL: group, due_at less `ahead` minutes nulls last, priority, tie, opened_at."""
    if due_at is None:
        return group, True, datetime.max.replace(tzinfo=opened_at.tzinfo), priority, tie, opened_at
    return group, False, due_at - timedelta(minutes=ahead), priority, tie, opened_at


def _comes_first(harm: Harm) -> ReasonCode | None:
    """Why it comes before all others; None if it does not."""
    if is_legal(harm):
        return ReasonCode.QUEUE_LEGAL
    if is_outage(harm):
        return ReasonCode.QUEUE_OUTAGE
    return ReasonCode.QUEUE_CLAIM if is_being_checked(harm) else None


def _priority(facts: Facts, harm: Harm) -> Priority:
    if is_outage(harm) or is_legal(harm):
        return Priority.URGENT
    return Priority.NORMAL if facts.is_customer or facts.queue == PRESALES else Priority.LOW


def _group_reasons(group: QueueGroup | None, first: ReasonCode | None) -> tuple[Reason, ...]:
    if group is None:
        return ()
    return (Reason(first if first and group is QueueGroup.OUTAGE else GROUP_REASONS[group]),)


def _sender_code(facts: Facts) -> ReasonCode:
    if facts.queue == PRESALES:
        return ReasonCode.QUEUE_PRESALES
    if facts.is_customer:
        return ReasonCode.QUEUE_CUSTOMER
    return ReasonCode.QUEUE_NO_CONTRACT if facts.was_customer else ReasonCode.QUEUE_UNKNOWN_SENDER
