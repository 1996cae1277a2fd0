"""What next? Which queue a request waits in, in which group, and in what order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sportello.triage.enums import Channel, ClockState, Priority, QueueGroup, ReasonCode
from sportello.triage.rules.reasons import Reason

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

    `unanswered` is whether the customer wrote something that no person has answered since.
    """

    queue: str = SUPPORT
    channel: Channel
    is_customer: bool
    outage: bool = False
    state: ClockState = ClockState.RUNNING_FIRST
    first_answered: bool = False
    unanswered: bool = True


@dataclass(frozen=True, slots=True)
class Assessment:
    """`group` is None for a request that is in no queue any more, because it is solved or closed."""

    queue: str
    priority: Priority
    group: QueueGroup | None
    reasons: tuple[Reason, ...]


def assess(facts: Facts) -> Assessment:
    """Where the request waits, with the reasons in the order in which they weigh."""
    answered = facts.first_answered and not facts.unanswered
    group = group_of(facts.state, outage=facts.outage, first_answered=facts.first_answered, answered=answered)
    codes = (*_group_codes(group), _sender_code(facts), CHANNEL_REASONS[facts.channel])
    return Assessment(facts.queue, _priority(facts), group, tuple(Reason(code) for code in codes))


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


SortKey = tuple[int, bool, datetime, int, datetime]


def sort_key(
    group: QueueGroup, due_at: datetime | None, opened_at: datetime, priority: Priority = Priority.NORMAL
) -> SortKey:
    """The order of the queue; in SQL: group, due_at nulls last, priority, opened_at."""
    if due_at is None:
        return group, True, datetime.max.replace(tzinfo=opened_at.tzinfo), priority, opened_at
    return group, False, due_at, priority, opened_at


def _priority(facts: Facts) -> Priority:
    if facts.outage:
        return Priority.URGENT
    return Priority.NORMAL if facts.is_customer or facts.queue == PRESALES else Priority.LOW


def _group_codes(group: QueueGroup | None) -> tuple[ReasonCode, ...]:
    return () if group is None else (GROUP_REASONS[group],)


def _sender_code(facts: Facts) -> ReasonCode:
    if facts.queue == PRESALES:
        return ReasonCode.QUEUE_PRESALES
    return ReasonCode.QUEUE_CUSTOMER if facts.is_customer else ReasonCode.QUEUE_UNKNOWN_SENDER
