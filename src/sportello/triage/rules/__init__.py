"""The rules of triage: pure functions over plain values. They know nothing of tickets, of Django or of the present time."""

from __future__ import annotations

from sportello.triage.rules.alarms import ALARMING, LADDER, Alarm, AlarmKey, Rung, alarms_due, missed, next_alarm_at
from sportello.triage.rules.calendars import (
    WHOLE_DAY,
    BadCalendar,
    CalendarNeverOpens,
    OpeningHours,
    Span,
    Week,
    add_working,
    is_open,
    next_opening,
    week_from,
    working_between,
)
from sportello.triage.rules.clocks import ClockFacts, Due, Targets, after, opened, respond_by, running_state
from sportello.triage.rules.delays import postponed
from sportello.triage.rules.pauses import Pause, joined, standing_still
from sportello.triage.rules.promise import Case, Kept, Promise, kept_promise, window_start
from sportello.triage.rules.queue import PRESALES, SUPPORT, Assessment, Facts, assess, group_of, sort_key
from sportello.triage.rules.reasons import CLAUSES, Reason
from sportello.triage.rules.weights import NO_HARM, Harm, weigh_up

__all__ = [
    "ALARMING",
    "CLAUSES",
    "LADDER",
    "NO_HARM",
    "PRESALES",
    "SUPPORT",
    "WHOLE_DAY",
    "Alarm",
    "AlarmKey",
    "Assessment",
    "BadCalendar",
    "CalendarNeverOpens",
    "Case",
    "ClockFacts",
    "Due",
    "Facts",
    "Harm",
    "Kept",
    "OpeningHours",
    "Pause",
    "Promise",
    "Reason",
    "Rung",
    "Span",
    "Targets",
    "Week",
    "add_working",
    "after",
    "alarms_due",
    "assess",
    "group_of",
    "is_open",
    "joined",
    "kept_promise",
    "missed",
    "next_alarm_at",
    "next_opening",
    "opened",
    "postponed",
    "respond_by",
    "running_state",
    "sort_key",
    "standing_still",
    "week_from",
    "weigh_up",
    "window_start",
    "working_between",
]
