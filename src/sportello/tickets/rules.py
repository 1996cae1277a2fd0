"""What the state of a ticket allows and means. Pure: no rows, no present time."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from sportello.core.lines import unturned
from sportello.tickets.enums import Status
from sportello.triage.enums import ClockState
from sportello.triage.rules import running_state

REOPENS_WITHIN = timedelta(days=14)
UNDO_WITHIN = timedelta(seconds=10)
SAME_REPLY_WITHIN = timedelta(minutes=2)
PRESENT_FOR = timedelta(seconds=30)
SNIPPET_LENGTH = 200
SEALED_DRAFTS = "request-draft"
"""What drafts with a secret in them are sealed for."""
SUBJECT_FROM_TEXT = 90
ON_THE_DESK = frozenset({Status.NEW, Status.OPEN, Status.IN_ANALYSIS, Status.WAITING})
_ANSWERED = re.compile(
    r"^(?:\s*(?:re|r|rif|rép|res|rsp|aw|antw|odp|sv|vs|ynt|bls|ответ|回复|答复|返信|fw|fwd|i|wg|tr|rv|enc|pd|转发)\s*(?:\[\d+\])?\s*[:：])+\s*",
    re.IGNORECASE,
)
FINISHED = frozenset({Status.SOLVED, Status.CLOSED})


class Act(StrEnum):
    """What staff do to the status of a ticket."""

    ANALYSE = "analyse"
    WAIT = "wait"
    SOLVE = "solve"
    CLOSE = "close"
    REOPEN = "reopen"


ALLOWED_FROM: Mapping[Act, frozenset[Status]] = MappingProxyType(
    {
        Act.ANALYSE: ON_THE_DESK,
        Act.WAIT: ON_THE_DESK,
        Act.SOLVE: ON_THE_DESK,
        Act.CLOSE: ON_THE_DESK | {Status.SOLVED},
        Act.REOPEN: FINISHED | {Status.IN_ANALYSIS, Status.WAITING},
    }
)


class Standing(Protocol):
    """What the rules look at: a ticket, or anything with its status."""

    status: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reopen:
    """The message joins the ticket, which is open again."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The ticket was closed too long ago: the message opens a new one, linked to the old."""

    closed_at: datetime


def reopen_or_follow_up(ticket: Standing, now: datetime) -> Reopen | FollowUp:
    """What a customer's message does to a ticket: one closed for 14 days or more stays closed."""
    if ticket.status == Status.CLOSED and ticket.closed_at and now - ticket.closed_at >= REOPENS_WITHIN:
        return FollowUp(ticket.closed_at)
    return Reopen()


def is_allowed(act: Act, status: str) -> bool:
    return Status(status) in ALLOWED_FROM[act]


def clock_state(status: str, first_answered_at: datetime | None) -> ClockState:
    """Which clock of triage runs in this status."""
    match Status(status):
        case Status.IN_ANALYSIS:
            return ClockState.IN_ANALYSIS
        case Status.WAITING:
            return ClockState.WAITING_CUSTOMER
        case Status.SOLVED | Status.CLOSED:
            return ClockState.STOPPED
        case Status.NEW | Status.OPEN:
            return running_state(first_answered_at)


def snippet_of(text: str) -> str:
    """The beginning of a text on one line."""
    return " ".join(text[: SNIPPET_LENGTH * 4].split())[:SNIPPET_LENGTH]


def subject_from(text: str) -> str:
    """The first line that says something, cut at a word: the subject of a request that was written without one."""
    first = next((line for line in map(str.split, text[:10_000].splitlines()) if line), [])
    line = " ".join(first)
    if len(line) <= SUBJECT_FROM_TEXT:
        return line
    begun, _space, _rest = line[: SUBJECT_FROM_TEXT + 1].rpartition(" ")
    return f"{begun or line[:SUBJECT_FROM_TEXT]}…"


def repeats(subject: str, of_ticket: str) -> bool:
    """Whether a subject is the ticket's own with "Re:" before it, as in a person's answer; a robot puts its own words first."""
    own = _ANSWERED.sub("", of_ticket).strip().casefold()
    return bool(own) and _ANSWERED.sub("", subject).strip().casefold().startswith(own)


def answers(subject: str, of_ticket: str) -> bool:
    """Whether a subject is that of an answer in the ticket, "Re:" and all."""
    return _ANSWERED.match(subject) is not None and repeats(subject, of_ticket)


def storable(text: str, length: int | None = None) -> str:
    """The text as PostgreSQL takes it: without NUL and lone surrogates, not longer than `length` characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:length]


def one_line(text: str, length: int) -> str:
    """A subject or a name: on one line, without characters of control or direction; empty when nothing of it can be seen."""
    visible = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return storable(unturned(" ".join(visible.split())), length)


def file_name(name: str) -> str:
    """A name that is safe to offer for a download: no folders, no control or direction characters, never empty."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp"))
    stem, dot, ending = visible.strip(" .").rpartition(".")
    short = f"{stem[:200]}.{ending[:20]}" if dot else ending[:200]
    return storable(short) or "file"
