"""The outage is over. Is this ticket, too?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sportello.services.enums import ServiceVerdict

LOOKED_AT_WITHIN = timedelta(minutes=3)
"""So long a ticket waits for its service to be looked at again; without a look it goes by what is said of the server."""


class Kept(StrEnum):
    """Why a ticket stays open when its incident is solved."""

    STILL_DOWN = "still_down"
    STILL_DEGRADED = "still_degraded"
    UNANSWERED = "unanswered"
    IN_ANALYSIS = "in_analysis"
    OTHER_MATTER = "other_matter"
    UNPROVEN = "unproven"


class Ending(StrEnum):
    """`NOT_YET` while its service is being looked at."""

    OVER = "over"
    NOT_YET = "not_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A ticket under a solved incident.

    `asks_something` is whether the customer wrote since the incident last answered, `asks_something_else` whether they wrote of another matter
    besides; `may_be_told` is false where an address was only claimed.
    """

    verdict: ServiceVerdict | None
    verdict_at: datetime | None
    can_be_looked_at: bool
    asks_something: bool
    asks_something_else: bool = False
    in_analysis: bool
    may_be_told: bool


def ending_of(left: Left, *, ended_at: datetime, now: datetime) -> Kept | Ending:
    """What becomes of it, or why it stays open. What was seen before the end says nothing of what is now."""
    looked = left.verdict_at is not None and left.verdict_at >= ended_at
    if looked and left.verdict is ServiceVerdict.UNUSABLE:
        return Kept.STILL_DOWN
    if looked and left.verdict is ServiceVerdict.DEGRADED:
        return Kept.STILL_DEGRADED
    if not looked and left.can_be_looked_at and now < ended_at + LOOKED_AT_WITHIN:
        return Ending.NOT_YET
    reasons = (
        (left.in_analysis, Kept.IN_ANALYSIS),
        (not left.may_be_told, Kept.UNPROVEN),
        (left.asks_something, Kept.UNANSWERED),
        (left.asks_something_else, Kept.OTHER_MATTER),
    )
    return next((why for applies, why in reasons if applies), Ending.OVER)
