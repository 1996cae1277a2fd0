"""Is this request about that outage? That its service is hit is not enough: something has to speak for it, and nothing against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sportello.incidents.rules.wording import Speaks, is_cry_for_help, speaks_of
from sportello.services.enums import ServiceVerdict

NOTICED_BEFORE = timedelta(minutes=30)
"""Customers see an outage before anybody here says when it began."""
_FAILS = frozenset({ServiceVerdict.UNUSABLE, ServiceVerdict.DEGRADED})
_HAS_ANOTHER_CAUSE = frozenset({ServiceVerdict.SUSPENDED, ServiceVerdict.EXPIRED, ServiceVerdict.NOT_OURS})


class Against(StrEnum):
    """Why a request about a service that is hit is not taken to be about the outage without a person's word."""

    BEFORE = "before"
    QUESTION = "question"
    FINE = "fine"
    OTHER_CAUSE = "other_cause"
    OTHER_MATTER = "other_matter"
    NOTHING_FOR = "nothing_for"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of a request whose service is hit. `written_at` is when its customer last wrote; `says_it_fails` is their own answer."""

    written_at: datetime
    is_question: bool = False
    says_it_fails: bool = False
    verdict: ServiceVerdict | None
    text: str


@dataclass(frozen=True, slots=True)
class Belonging:
    against: tuple[Against, ...] = ()

    @property
    def by_itself(self) -> bool:
        return not self.against


def belonging(asked: Asked, *, started_at: datetime) -> Belonging:
    """What speaks against it; where nothing does, what speaks for it is looked for."""
    if asked.written_at < started_at - NOTICED_BEFORE:
        return Belonging((Against.BEFORE,))
    speaks, fails = speaks_of(asked.text), asked.verdict in _FAILS
    found = (
        (asked.verdict is ServiceVerdict.FINE, Against.FINE),
        (asked.verdict in _HAS_ANOTHER_CAUSE, Against.OTHER_CAUSE),
        (asked.is_question and not (fails and speaks is Speaks.OUTAGE), Against.QUESTION),
        (speaks is Speaks.OTHER, Against.OTHER_MATTER),
    )
    against = tuple(why for applies, why in found if applies)
    speaks_for = speaks is Speaks.OUTAGE or asked.says_it_fails or (fails and is_cry_for_help(asked.text))
    return Belonging(against if against or speaks_for else (Against.NOTHING_FOR,))
