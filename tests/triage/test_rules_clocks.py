from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sportello.triage.enums import ClockState, DueKind, Happening, ReasonCode
from sportello.triage.holidays import HolidayRule
from sportello.triage.rules import (
    ClockFacts,
    Due,
    OpeningHours,
    Pause,
    Targets,
    after,
    is_open,
    opened,
    respond_by,
    standing_still,
    week_from,
)

ROME = ZoneInfo("Europe/Rome")
MINUTE = timedelta(minutes=1)
ALWAYS = OpeningHours.always()
OFFICE = OpeningHours(
    weekly=week_from({str(day): [("09:00", "13:00"), ("14:00", "18:00")] for day in range(5)}),
    holidays=HolidayRule("IT"),
)
POLICY = Targets(first_response=10, next_response=60, update=240)
CUSTOMER_WROTE, PERSON_ANSWERED = Happening.CUSTOMER_WROTE, Happening.PERSON_ANSWERED


def at(clock: str, day: int = 22) -> datetime:
    """A time of day in Rome in March 2027; the 22nd is a Monday."""
    return datetime.combine(datetime(2027, 3, day, tzinfo=ROME).date(), datetime.strptime(clock, "%H:%M").time(), ROME)  # noqa: DTZ007 - the zone is added here


def owed(
    facts: ClockFacts, calendar: OpeningHours = ALWAYS, policy: Targets = POLICY
) -> tuple[DueKind, datetime | None]:
    due = respond_by(facts, policy, calendar)
    return due.kind, due.at


def codes(due: Due) -> list[ReasonCode]:
    return [reason.code for reason in due.reasons]


def story(*happenings: tuple[Happening, datetime], start: datetime | None = None) -> ClockFacts:
    facts = opened(start or at("10:00"))
    for what, when in happenings:
        facts = after(facts, what, when)
    return facts


def test_first_answer_is_due_ten_minutes_after_the_request() -> None:
    due = respond_by(opened(at("10:00")), POLICY, ALWAYS)
    assert (due.kind, due.at, codes(due)) == (DueKind.FIRST_RESPONSE, at("10:10"), [ReasonCode.CLOCK_FIRST])
    assert (due.reasons[0].params, due.reasons[0].clause) == ({"minutes": 10}, "promise.first")


def test_request_in_the_night_says_when_the_desk_opens() -> None:
    due = respond_by(opened(at("22:30")), POLICY, OFFICE)
    assert due.at == at("09:10", day=23)
    assert codes(due) == [ReasonCode.CLOCK_FIRST, ReasonCode.CLOCK_OUTSIDE_HOURS]
    assert due.reasons[1].params == {"opens_at": "2027-03-23T08:00:00+00:00"}
    assert due.reasons[1].clause == "one.patience"


def test_request_made_in_the_repeated_hour_of_a_desk_that_is_open_is_not_outside_hours() -> None:
    hours = OpeningHours(weekly=week_from({"6": [("00:00", "24:00")]}))
    again = datetime(2027, 10, 31, 2, 30, tzinfo=ROME, fold=1)
    due = respond_by(opened(again), POLICY, hours)
    assert (due.at, codes(due)) == (datetime(2027, 10, 31, 1, 40, tzinfo=UTC), [ReasonCode.CLOCK_FIRST])


@pytest.mark.parametrize("what", [Happening.ROBOT_ANSWERED, Happening.MACHINE_WROTE, Happening.NOTE_ADDED])
def test_receipt_of_a_robot_note_and_auto_reply_leave_the_first_answer_owed(what: Happening) -> None:
    assert owed(story((what, at("10:01")))) == (DueKind.FIRST_RESPONSE, at("10:10"))


@pytest.mark.parametrize("what", [Happening.ROBOT_ANSWERED, Happening.MACHINE_WROTE, Happening.NOTE_ADDED])
@pytest.mark.parametrize("state", ClockState)
def test_robots_and_notes_change_nothing_in_any_state(what: Happening, state: ClockState) -> None:
    facts = ClockFacts(state=state, opened_at=at("10:00"), unanswered_since=at("10:00"), paused_since=at("10:01"))
    assert after(facts, what, at("10:02")) == facts


def test_public_answer_of_a_person_stops_the_first_answer_clock() -> None:
    facts = story((PERSON_ANSWERED, at("10:07")))
    due = respond_by(facts, POLICY, ALWAYS)
    assert (due.kind, due.at, codes(due)) == (DueKind.NONE, None, [ReasonCode.CLOCK_ANSWERED])
    assert (facts.first_answered_at, facts.state) == (at("10:07"), ClockState.RUNNING_NEXT)


def test_next_answer_counts_from_the_oldest_unanswered_message() -> None:
    facts = story((PERSON_ANSWERED, at("10:07")), (CUSTOMER_WROTE, at("11:00")), (CUSTOMER_WROTE, at("11:40")))
    due = respond_by(facts, POLICY, ALWAYS)
    assert (due.kind, due.at, codes(due)) == (DueKind.NEXT_RESPONSE, at("12:00"), [ReasonCode.CLOCK_NEXT])
    assert owed(facts, OFFICE) == (DueKind.NEXT_RESPONSE, at("12:00"))


def test_customer_who_writes_again_does_not_put_off_the_first_answer() -> None:
    assert owed(story((CUSTOMER_WROTE, at("10:09")))) == (DueKind.FIRST_RESPONSE, at("10:10"))


def test_later_answers_do_not_change_when_the_first_was_given() -> None:
    facts = story((PERSON_ANSWERED, at("10:07")), (CUSTOMER_WROTE, at("11:00")), (PERSON_ANSWERED, at("11:10")))
    assert (facts.first_answered_at, facts.unanswered_since) == (at("10:07"), None)


def test_in_analysis_the_promised_update_counts() -> None:
    told = story((PERSON_ANSWERED, at("10:05")))
    facts = after(told, Happening.ANALYSIS_STARTED, at("10:05"), until=at("16:30"))
    due = respond_by(facts, POLICY, ALWAYS)
    assert (due.kind, due.at, codes(due)) == (DueKind.UPDATE, at("16:30"), [ReasonCode.CLOCK_UPDATE_PROMISED])
    asked = after(facts, CUSTOMER_WROTE, at("11:00"))
    assert owed(asked) == (DueKind.UPDATE, at("16:30"))


def test_update_given_in_analysis_starts_the_time_to_the_next() -> None:
    facts = after(story((PERSON_ANSWERED, at("09:30"))), Happening.ANALYSIS_STARTED, at("09:30"), until=at("12:00"))
    promised = after(facts, PERSON_ANSWERED, at("11:50"), until=at("17:00"))
    assert owed(promised) == (DueKind.UPDATE, at("17:00"))
    regular = respond_by(after(facts, PERSON_ANSWERED, at("11:50")), POLICY, OFFICE)
    assert (regular.kind, regular.at) == (DueKind.UPDATE, at("16:50"))  # four hours, lunch left out
    assert (codes(regular), regular.reasons[0].clause) == ([ReasonCode.CLOCK_UPDATE_REGULAR], "promise.analysis")


def test_analysis_that_nobody_told_the_customer_of_still_owes_the_first_answer() -> None:
    facts = after(story(), Happening.ANALYSIS_STARTED, at("10:02"), until=at("16:30"))
    due = respond_by(facts, POLICY, ALWAYS)
    assert (due.kind, due.at) == (DueKind.FIRST_RESPONSE, at("10:10"))
    assert codes(due) == [ReasonCode.CLOCK_ANALYSIS_UNANSWERED, ReasonCode.CLOCK_FIRST]
    soon = after(story(), Happening.ANALYSIS_STARTED, at("10:02"), until=at("10:06"))
    assert owed(soon) == (DueKind.UPDATE, at("10:06"))
    together = after(story(), Happening.ANALYSIS_STARTED, at("10:02"), until=at("10:10"))
    assert owed(together) == (DueKind.FIRST_RESPONSE, at("10:10"))


def test_what_the_customer_wrote_in_analysis_counts_from_its_end() -> None:
    facts = after(story((PERSON_ANSWERED, at("10:05"))), Happening.ANALYSIS_STARTED, at("10:05"), until=at("16:30"))
    facts = after(after(facts, CUSTOMER_WROTE, at("11:00")), Happening.TAKEN_UP_AGAIN, at("16:00"))
    assert owed(facts) == (DueKind.NEXT_RESPONSE, at("17:00"))


def test_waiting_for_the_customer_nothing_is_owed_but_a_reminder() -> None:
    answered = story((PERSON_ANSWERED, at("10:05")))
    waiting = after(answered, Happening.WAIT_STARTED, at("10:05"))
    assert respond_by(waiting, POLICY, ALWAYS).kind is DueKind.NONE
    reminded = after(answered, Happening.WAIT_STARTED, at("10:05"), until=at("09:00", day=25))
    due = respond_by(reminded, POLICY, ALWAYS)
    assert (due.kind, due.at, codes(due)) == (
        DueKind.REMINDER,
        at("09:00", day=25),
        [ReasonCode.CLOCK_WAITING_CUSTOMER],
    )
    by_policy = replace(POLICY, reminder=2 * 8 * 60)
    assert owed(waiting, OFFICE, by_policy) == (DueKind.REMINDER, at("10:05", day=24))


def test_customer_who_writes_while_we_wait_starts_the_next_answer() -> None:
    waiting = after(
        story((PERSON_ANSWERED, at("10:05"))), Happening.WAIT_STARTED, at("10:05"), until=at("09:00", day=25)
    )
    facts = after(waiting, CUSTOMER_WROTE, at("15:00", day=24))
    assert owed(facts) == (DueKind.NEXT_RESPONSE, at("16:00", day=24))
    assert (facts.paused_since, facts.remind_at, facts.pauses) == (None, None, ())


def test_first_answer_goes_on_with_the_time_left_after_a_wait() -> None:
    facts = story((Happening.WAIT_STARTED, at("10:04")), (CUSTOMER_WROTE, at("12:00")))
    due = respond_by(facts, POLICY, ALWAYS)
    assert (due.kind, due.at) == (DueKind.FIRST_RESPONSE, at("12:06"))
    assert codes(due) == [ReasonCode.CLOCK_FIRST, ReasonCode.CLOCK_PAUSED]
    assert facts.pauses == (Pause(at("10:04"), at("12:00")),)


def test_first_answer_already_missed_is_not_mended_by_a_wait() -> None:
    facts = story((Happening.WAIT_STARTED, at("10:20")), (CUSTOMER_WROTE, at("12:00")))
    assert owed(facts) == (DueKind.FIRST_RESPONSE, at("10:10"))


def test_wait_that_begins_when_the_answer_is_due_comes_too_late() -> None:
    facts = story((Happening.WAIT_STARTED, at("10:10")), (CUSTOMER_WROTE, at("12:00")))
    assert owed(facts) == (DueKind.FIRST_RESPONSE, at("10:10"))


def test_clocks_of_two_machines_that_differ_a_little_make_no_negative_pause() -> None:
    facts = story((Happening.WAIT_STARTED, at("10:04")), (CUSTOMER_WROTE, at("10:03")))
    assert facts.pauses == (Pause(at("10:04"), at("10:04")),)


def test_pauses_are_forgotten_with_the_first_answer() -> None:
    facts = story((Happening.WAIT_STARTED, at("10:04")), (CUSTOMER_WROTE, at("12:00")), (PERSON_ANSWERED, at("12:01")))
    assert facts.pauses == ()


def test_taking_up_again_what_is_not_in_analysis_does_not_put_off_the_next_answer() -> None:
    facts = story(
        (PERSON_ANSWERED, at("10:05")), (CUSTOMER_WROTE, at("11:00")), (Happening.TAKEN_UP_AGAIN, at("11:30"))
    )
    assert owed(facts) == (DueKind.NEXT_RESPONSE, at("12:00"))


def test_update_is_promised_only_in_analysis() -> None:
    facts = after(story(), PERSON_ANSWERED, at("10:05"), until=at("16:00"))
    later = after(facts, Happening.ANALYSIS_STARTED, at("11:00"))
    assert (facts.next_update_at, owed(later)) == (None, (DueKind.UPDATE, at("15:00")))


def test_nothing_is_owed_once_stopped_until_the_customer_writes() -> None:
    facts = story((PERSON_ANSWERED, at("10:05")), (CUSTOMER_WROTE, at("10:30")), (Happening.STOPPED, at("10:40")))
    due = respond_by(facts, POLICY, ALWAYS)
    assert (due.kind, due.at, codes(due)) == (DueKind.NONE, None, [ReasonCode.CLOCK_STOPPED])
    assert owed(after(facts, CUSTOMER_WROTE, at("09:00", day=30))) == (DueKind.NEXT_RESPONSE, at("10:00", day=30))


def test_answer_to_a_solved_request_does_not_wake_it() -> None:
    facts = story((PERSON_ANSWERED, at("10:05")), (Happening.STOPPED, at("10:40")), (PERSON_ANSWERED, at("10:45")))
    assert owed(facts) == (DueKind.NONE, None)


def test_a_stop_ends_the_wait_and_is_no_pause_itself() -> None:
    facts = story(
        (Happening.WAIT_STARTED, at("10:04")), (Happening.STOPPED, at("10:30")), (CUSTOMER_WROTE, at("12:00"))
    )
    assert facts.pauses == (Pause(at("10:04"), at("10:30")),)
    assert owed(facts) == (DueKind.FIRST_RESPONSE, at("10:36"))


def test_planned_work_and_a_wait_at_the_same_time_let_the_clock_stand_still_once() -> None:
    facts = story((Happening.WAIT_STARTED, at("10:04")), (CUSTOMER_WROTE, at("11:00")))
    planned = replace(facts, planned=(Pause(at("10:30"), at("12:00")),))
    due = respond_by(planned, POLICY, ALWAYS)
    assert due.at == at("12:06")
    assert codes(due) == [ReasonCode.CLOCK_FIRST, ReasonCode.CLOCK_PAUSED, ReasonCode.CLOCK_PLANNED_WORK]


def test_work_that_was_over_before_the_request_came_changes_nothing() -> None:
    facts = replace(story(), planned=(Pause(at("08:00"), at("09:00")),))
    assert respond_by(facts, POLICY, ALWAYS) == respond_by(story(), POLICY, ALWAYS)


def test_only_work_that_has_begun_counts_and_what_overlaps_is_one() -> None:
    works = [
        Pause(at("10:30"), at("12:00")),
        Pause(at("08:00"), at("10:30")),
        Pause(at("11:00"), at("11:30")),
        Pause(at("13:00"), at("14:00")),
        Pause(at("07:00"), at("09:00")),
    ]
    still = standing_still(works, opened_at=at("09:30"), now=at("12:30"))
    assert still == (Pause(at("09:30"), at("12:00")),)
    assert standing_still(works, opened_at=at("09:30"), now=at("13:00")) == (*still, Pause(at("13:00"), at("14:00")))


@pytest.mark.parametrize("target", ["first_response", "next_response", "update"])
def test_nothing_is_due_where_nothing_is_promised(target: str) -> None:
    stories = {
        "first_response": story(),
        "next_response": story((PERSON_ANSWERED, at("10:05")), (CUSTOMER_WROTE, at("10:30"))),
        "update": story((PERSON_ANSWERED, at("10:05")), (Happening.ANALYSIS_STARTED, at("10:05"))),
    }
    due = respond_by(stories[target], replace(POLICY, **{target: None}), ALWAYS)
    assert (due.kind, due.at, codes(due)) == (DueKind.NONE, None, [ReasonCode.CLOCK_NO_TARGET])


TURNS = [what for what in Happening if what is not PERSON_ANSWERED]
PAUSING = {Happening.WAIT_STARTED}
WAKING = {Happening.STOPPED, CUSTOMER_WROTE, Happening.TAKEN_UP_AGAIN, Happening.ANALYSIS_STARTED}


def countdown(
    start: datetime, turns: list[tuple[Happening, datetime]], target: int, calendar: OpeningHours
) -> datetime:
    """When a stop-watch that runs only in open, unpaused minutes reaches the target."""
    now, left, paused = start, target, False
    while left:
        for what, when in turns:
            if when == now:
                paused = what in PAUSING or (paused and what not in WAKING)
        left -= not paused and is_open(now, calendar)
        now += MINUTE
    return now


@given(
    st.datetimes(datetime(2027, 3, 26), datetime(2027, 3, 30)),  # noqa: DTZ001 - the bounds must be naive
    st.lists(st.tuples(st.sampled_from(TURNS), st.integers(1, 300)), max_size=6),
    st.sampled_from([10, 45, 240]),
    st.sampled_from([ALWAYS, OFFICE]),
)
@settings(max_examples=60, deadline=None)
def test_pauses_agree_with_a_stop_watch(
    start: datetime, turns: list[tuple[Happening, int]], target: int, calendar: OpeningHours
) -> None:
    """Whatever happens short of an answer, over Easter and the spring switch."""
    begin = start.replace(second=0, microsecond=0, tzinfo=UTC)
    when = begin
    happenings = [(what, when := when + minutes * MINUTE) for what, minutes in turns]
    happenings.append((Happening.TAKEN_UP_AGAIN, when + MINUTE))
    due = respond_by(story(*happenings, start=begin), Targets(first_response=target), calendar)
    assert (due.kind, due.at) == (DueKind.FIRST_RESPONSE, countdown(begin, happenings, target, calendar))


@given(st.lists(st.tuples(st.sampled_from(Happening), st.integers(0, 5000)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_story_keeps_the_facts_sound(turns: list[tuple[Happening, int]]) -> None:
    facts, when = opened(at("10:00")), at("10:00").astimezone(UTC)
    for what, minutes in turns:
        when += minutes * MINUTE
        facts = after(facts, what, when)
        paused = facts.state in {ClockState.WAITING_CUSTOMER, ClockState.STOPPED}
        assert (facts.paused_since is not None) == paused
        assert all(one.start <= one.end <= two.start for one, two in pairwise(facts.pauses))
        due = respond_by(facts, POLICY, OFFICE)
        assert (due.at is None) == (due.kind is DueKind.NONE)
        assert not paused or due.at is None
        assert due.reasons != ()
