"""The clocks of a request: what is owed to the customer, and at which instant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sportello.triage.enums import ClockState, DueKind, Happening, ReasonCode
from sportello.triage.rules.calendars import OpeningHours, add_working, instant, next_opening, working_between
from sportello.triage.rules.pauses import Pause, joined
from sportello.triage.rules.reasons import Reason

PAUSED_STATES = frozenset({ClockState.WAITING_CUSTOMER, ClockState.STOPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """What is promised, in working minutes; None where nothing is."""

    first_response: int | None = 10
    next_response: int | None = 60
    update: int | None = 240
    reminder: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """All that the clocks of one request depend on.

    first_answered_at   when a person first answered in public; a robot's receipt is not an answer [promise.first]
    unanswered_since    the customer's oldest message that no person has answered since
    last_update_at      when the customer was last told something: what regular updates in analysis count from
    next_update_at      when the customer was promised the next update
    paused_since        when the wait for the customer, or the stop, began
    remind_at           when to come back to a customer who does not write
    pauses              waits for the customer that are over, in order
    planned             when planned work on the service lets the clocks of an answer stand still, in order; also what is not over yet
    """

    state: ClockState
    opened_at: datetime
    first_answered_at: datetime | None = None
    unanswered_since: datetime | None = None
    last_update_at: datetime | None = None
    next_update_at: datetime | None = None
    paused_since: datetime | None = None
    remind_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()
    planned: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Due:
    """`at` is None exactly when nothing is owed at a known instant."""

    kind: DueKind
    at: datetime | None
    reasons: tuple[Reason, ...]


def opened(at: datetime) -> ClockFacts:
    """The clocks of a request that a customer has just made."""
    return ClockFacts(state=ClockState.RUNNING_FIRST, opened_at=at, unanswered_since=at)


def running_state(first_answered_at: datetime | None) -> ClockState:
    return ClockState.RUNNING_NEXT if first_answered_at else ClockState.RUNNING_FIRST


def respond_by(facts: ClockFacts, policy: Targets, calendar: OpeningHours) -> Due:
    """What is owed next and when. Raises CalendarNeverOpens.

    Waiting for the customer and stopped, nothing is owed. In analysis the promised update counts, beside the first
    answer while nobody has given one.
    """
    match facts.state:
        case ClockState.STOPPED:
            return _nothing(ReasonCode.CLOCK_STOPPED)
        case ClockState.WAITING_CUSTOMER:
            return _reminder(facts, policy, calendar)
        case ClockState.IN_ANALYSIS:
            return _update(facts, policy, calendar)
        case ClockState.RUNNING_FIRST | ClockState.RUNNING_NEXT:
            return _answer(facts, policy, calendar)


def after(facts: ClockFacts, what: Happening, at: datetime, *, until: datetime | None = None) -> ClockFacts:  # noqa: PLR0911 - one return a happening reads best
    """The clocks once `what` has happened.

    `until` is the promised next update of ANALYSIS_STARTED, or of PERSON_ANSWERED while in analysis, and the reminder
    of WAIT_STARTED. Receipts of robots, mail written by machines and internal notes change nothing.
    """
    match what:
        case Happening.CUSTOMER_WROTE:
            return replace(_running_again(facts, at), unanswered_since=facts.unanswered_since or at)
        case Happening.PERSON_ANSWERED:
            return _answered(facts, at, until)
        case Happening.ANALYSIS_STARTED:
            again = _running_again(facts, at)
            return replace(again, state=ClockState.IN_ANALYSIS, last_update_at=at, next_update_at=until)
        case Happening.WAIT_STARTED:
            return replace(_paused(facts, ClockState.WAITING_CUSTOMER, at), remind_at=until)
        case Happening.STOPPED:
            return _paused(facts, ClockState.STOPPED, at)
        case Happening.TAKEN_UP_AGAIN:
            return _taken_up_again(facts, at)
        case Happening.ROBOT_ANSWERED | Happening.MACHINE_WROTE | Happening.NOTE_ADDED:
            return facts


def _answer(facts: ClockFacts, policy: Targets, calendar: OpeningHours) -> Due:
    if facts.first_answered_at is None:
        return _first_answer(facts, policy, calendar)
    if facts.unanswered_since is None:
        return _nothing(ReasonCode.CLOCK_ANSWERED if facts.last_update_at else ReasonCode.CLOCK_MACHINE)
    if policy.next_response is None:
        return _nothing(ReasonCode.CLOCK_NO_TARGET)
    since, target = facts.unanswered_since, timedelta(minutes=policy.next_response)
    at = _with_pauses(since, target, facts.planned, calendar)
    why = (Reason(ReasonCode.CLOCK_NEXT, {"minutes": policy.next_response}), *_outside_hours(since, calendar))
    if at != add_working(since, target, calendar):
        why += (_planned_work(facts),)
    return Due(DueKind.NEXT_RESPONSE, at, why)


def _first_answer(facts: ClockFacts, policy: Targets, calendar: OpeningHours) -> Due:
    if policy.first_response is None:
        return _nothing(ReasonCode.CLOCK_NO_TARGET)
    target = timedelta(minutes=policy.first_response)
    at = _with_pauses(facts.opened_at, target, joined((*facts.pauses, *facts.planned)), calendar)
    why = (
        Reason(ReasonCode.CLOCK_FIRST, {"minutes": policy.first_response}),
        *_outside_hours(facts.opened_at, calendar),
    )
    without_work = _with_pauses(facts.opened_at, target, facts.pauses, calendar) if facts.planned else at
    if facts.pauses and without_work != add_working(facts.opened_at, target, calendar):
        why += (Reason(ReasonCode.CLOCK_PAUSED, {"times": len(facts.pauses)}),)
    if at != without_work:
        why += (_planned_work(facts),)
    return Due(DueKind.FIRST_RESPONSE, at, why)


def _planned_work(facts: ClockFacts) -> Reason:
    return Reason(ReasonCode.CLOCK_PLANNED_WORK, {"until": facts.planned[-1].end.isoformat()})


def _with_pauses(start: datetime, target: timedelta, pauses: Sequence[Pause], calendar: OpeningHours) -> datetime:
    """Where the target leads to when the clock stands still in the pauses; one already missed stays missed."""
    due = add_working(start, target, calendar)
    for pause in pauses:
        if due <= pause.start:
            break
        if pause.end <= start:
            continue
        target -= working_between(start, max(start, pause.start), calendar)
        start = pause.end
        due = add_working(start, target, calendar)
    return due


def _update(facts: ClockFacts, policy: Targets, calendar: OpeningHours) -> Due:
    update = _next_update(facts, policy, calendar)
    if facts.first_answered_at is not None:
        return update
    answer = _first_answer(facts, policy, calendar)
    if answer.at is None or (update.at is not None and update.at < answer.at):
        return update
    return replace(answer, reasons=(Reason(ReasonCode.CLOCK_ANALYSIS_UNANSWERED), *answer.reasons))


def _next_update(facts: ClockFacts, policy: Targets, calendar: OpeningHours) -> Due:
    if facts.next_update_at is not None:
        return Due(DueKind.UPDATE, instant(facts.next_update_at), (Reason(ReasonCode.CLOCK_UPDATE_PROMISED),))
    if policy.update is None:
        return _nothing(ReasonCode.CLOCK_NO_TARGET)
    at = add_working(facts.last_update_at or facts.opened_at, timedelta(minutes=policy.update), calendar)
    return Due(DueKind.UPDATE, at, (Reason(ReasonCode.CLOCK_UPDATE_REGULAR, {"minutes": policy.update}),))


def _reminder(facts: ClockFacts, policy: Targets, calendar: OpeningHours) -> Due:
    why = (Reason(ReasonCode.CLOCK_WAITING_CUSTOMER),)
    if facts.remind_at is not None:
        return Due(DueKind.REMINDER, instant(facts.remind_at), why)
    if policy.reminder is None or facts.paused_since is None:
        return Due(DueKind.NONE, None, why)
    return Due(DueKind.REMINDER, add_working(facts.paused_since, timedelta(minutes=policy.reminder), calendar), why)


def _nothing(code: ReasonCode) -> Due:
    return Due(DueKind.NONE, None, (Reason(code),))


def _outside_hours(since: datetime, calendar: OpeningHours) -> tuple[Reason, ...]:
    opens_at = next_opening(since, calendar)
    if opens_at == instant(since):
        return ()
    return (Reason(ReasonCode.CLOCK_OUTSIDE_HOURS, {"opens_at": opens_at.isoformat()}),)


def _answered(facts: ClockFacts, at: datetime, until: datetime | None) -> ClockFacts:
    first = facts.first_answered_at or at
    running = facts.state in {ClockState.RUNNING_FIRST, ClockState.RUNNING_NEXT}
    return replace(
        facts,
        state=running_state(first) if running else facts.state,
        first_answered_at=first,
        unanswered_since=None,
        last_update_at=at,
        next_update_at=until if facts.state is ClockState.IN_ANALYSIS else None,
        pauses=(),
    )


def _running_again(facts: ClockFacts, at: datetime) -> ClockFacts:
    """Out of a wait or a stop. A wait is kept as a pause while the first answer is owed, since no other clock needs it.

    A stop is none: who solves a request without a word to the customer has not kept the promise [promise.first].
    """
    if facts.state not in PAUSED_STATES:
        return facts
    pauses = facts.pauses if facts.first_answered_at is None else ()
    waited = facts.state is ClockState.WAITING_CUSTOMER
    if waited and facts.first_answered_at is None and facts.paused_since is not None:
        pauses = (*facts.pauses, Pause(facts.paused_since, max(at, facts.paused_since)))
    return replace(
        facts, state=running_state(facts.first_answered_at), paused_since=None, remind_at=None, pauses=pauses
    )


def _paused(facts: ClockFacts, state: ClockState, at: datetime) -> ClockFacts:
    """Into a wait or a stop: what the customer wrote before it is dealt with; only the first answer stays owed."""
    facts = facts if facts.state is state else _running_again(facts, at)
    since = facts.paused_since or at
    return replace(facts, state=state, paused_since=since, unanswered_since=None, next_update_at=None, remind_at=None)


def _taken_up_again(facts: ClockFacts, at: datetime) -> ClockFacts:
    """Staff go on with it. What the customer wrote during an analysis counts from its end."""
    again = replace(_running_again(facts, at), state=running_state(facts.first_answered_at), next_update_at=None)
    in_analysis = facts.state is ClockState.IN_ANALYSIS
    return replace(again, unanswered_since=at) if in_analysis and facts.unanswered_since else again
