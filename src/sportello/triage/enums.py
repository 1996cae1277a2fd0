"""The words of triage. Stored as they are written here; what a person reads is made of them by the faces."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Channel(StrEnum):
    """The way a request came [reach.portal] [reach.mail] [reach.phone]."""

    PORTAL = "portal"
    MAIL = "mail"
    PHONE = "phone"
    API = "api"


class ClockState(StrEnum):
    """Which clock of a request runs.

    `first_answered_at` settles whether the first or the next answer is owed, so a status that knows only "we are at
    it" may be mapped to either of the two running states.
    """

    RUNNING_FIRST = "running_first"
    RUNNING_NEXT = "running_next"
    IN_ANALYSIS = "in_analysis"
    WAITING_CUSTOMER = "waiting_customer"
    STOPPED = "stopped"


class Happening(StrEnum):
    """What can happen to a request's clocks. The last three are listed because they must change nothing."""

    CUSTOMER_WROTE = "customer_wrote"
    PERSON_ANSWERED = "person_answered"
    ANALYSIS_STARTED = "analysis_started"
    WAIT_STARTED = "wait_started"
    TAKEN_UP_AGAIN = "taken_up_again"
    STOPPED = "stopped"
    ROBOT_ANSWERED = "robot_answered"
    MACHINE_WROTE = "machine_wrote"
    NOTE_ADDED = "note_added"


class DueKind(StrEnum):
    """What is owed next."""

    FIRST_RESPONSE = "first_response"
    NEXT_RESPONSE = "next_response"
    UPDATE = "update"
    REMINDER = "reminder"
    NONE = "none"


class QueueGroup(IntEnum):
    """The groups of the queue; a smaller number comes first."""

    OUTAGE = 1
    WAITING_FOR_US = 2
    IN_ANALYSIS = 3
    ANSWERED = 4
    WAITING_CUSTOMER = 5


class Priority(IntEnum):
    """Never chosen by the customer. A smaller number comes first, among requests due at the same instant."""

    URGENT = 1
    NORMAL = 2
    LOW = 3


class Verdict(StrEnum):
    """What looking at a service says of it: the same words as `services.enums.ServiceVerdict`, for rules that know no rows."""

    UNUSABLE = "unusable"
    UNUSABLE_FOR_REPORTER = "reporter"
    DEGRADED = "degraded"
    FINE = "fine"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    NOT_OURS = "not_ours"
    UNKNOWN = "unknown"


class Claim(StrEnum):
    """What the customer says of the harm: one of three answers in the customer area, or words of a total outage in a mail."""

    NOTHING_OPENS = "all"
    PART = "part"
    QUESTION = "question"
    WORDS = "words"


class Overrule(StrEnum):
    """What a person says instead of the rule."""

    LEGAL = "legal"
    OUTAGE = "outage"
    NOT_OUTAGE = "not_outage"
    BEFORE = "before"
    AFTER = "after"


class AlarmStep(StrEnum):
    """The rungs of the alarm ladder."""

    FIVE_MINUTES_LEFT = "five_minutes_left"
    TWO_MINUTES_LEFT = "two_minutes_left"
    MISSED = "missed"


class AlarmChannel(StrEnum):
    BROWSER = "browser"
    MAIL = "mail"
    WEBHOOK = "webhook"


class ReasonCode(StrEnum):
    """Why triage judged as it did; each is one sentence on the screen."""

    CLOCK_FIRST = "clock.first"
    CLOCK_NEXT = "clock.next"
    CLOCK_OUTSIDE_HOURS = "clock.outside_hours"
    CLOCK_PAUSED = "clock.paused"
    CLOCK_PLANNED_WORK = "clock.planned_work"
    CLOCK_UPDATE_PROMISED = "clock.update_promised"
    CLOCK_UPDATE_REGULAR = "clock.update_regular"
    CLOCK_ANALYSIS_UNANSWERED = "clock.analysis_untold"
    CLOCK_WAITING_CUSTOMER = "clock.waiting_customer"
    CLOCK_ANSWERED = "clock.answered"
    CLOCK_MACHINE = "clock.machine"
    CLOCK_STOPPED = "clock.stopped"
    CLOCK_NO_TARGET = "clock.no_target"
    QUEUE_OUTAGE = "queue.outage"
    QUEUE_PRESALES = "queue.presales"
    QUEUE_CUSTOMER = "queue.customer"
    QUEUE_UNKNOWN_SENDER = "queue.unknown_sender"
    QUEUE_NO_CONTRACT = "queue.no_contract"
    QUEUE_ANALYSIS = "queue.analysis"
    QUEUE_ANSWERED = "queue.answered"
    QUEUE_WAITING_CUSTOMER = "queue.waiting_customer"
    QUEUE_BY_DUE_TIME = "queue.by_due_time"
    CHANNEL_PORTAL = "channel.portal"
    CHANNEL_MAIL = "channel.mail"
    CHANNEL_PHONE = "channel.phone"
    CHANNEL_API = "channel.api"
    QUEUE_LEGAL = "queue.legal"
    QUEUE_CLAIM = "queue.claim"
    EVIDENCE_UNUSABLE = "evidence.unusable"
    EVIDENCE_REPORTER = "evidence.reporter"
    EVIDENCE_DEGRADED = "evidence.degraded"
    EVIDENCE_FINE = "evidence.fine"
    EVIDENCE_SUSPENDED = "evidence.suspended"
    EVIDENCE_EXPIRED = "evidence.expired"
    EVIDENCE_NOT_OURS = "evidence.not_ours"
    EVIDENCE_UNKNOWN = "evidence.unknown"
    SCOPE_NEIGHBOURS = "scope.neighbours"
    SCOPE_INCIDENT = "scope.incident"
    CLAIM_FRESH = "claim.fresh"
    CLAIM_HARM = "claim.harm"
    KIND_OF_SERVICE = "service.kind"
    HISTORY = "history.matters"
    OVERRULED_LEGAL = "overruled.legal"
    OVERRULED_OUTAGE = "overruled.outage"
    OVERRULED_NOT_OUTAGE = "overruled.not_outage"
    OVERRULED_BEFORE = "overruled.before"
    OVERRULED_AFTER = "overruled.after"
