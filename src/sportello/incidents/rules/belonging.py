"""Is this request about that outage? Its service says so; words only ever speak against it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sportello.services.enums import ServiceVerdict

NOTICED_BEFORE = timedelta(minutes=30)
"""Customers see an outage before anybody here says when it began."""
LONGEST_TEXT = 4000
_OTHER_MATTER = re.compile(
    r"\b(?:fattur\w*|invoice\w*|pagament\w*|payment\w*|bonific\w*|preventiv\w*|quote|quotation|rinnov\w*|renew\w*|disdett\w*"
    r"|cancel(?:lation|ling)?|trasferiment\w*|transfer|auth.?code|codice di trasferimento|upgrade|rimborso|refund)\b",
    re.IGNORECASE,
)
_OUTAGE = re.compile(
    r"\b(?:non (?:funziona\w*|si apr\w*|va|vanno|risponde|raggiung\w*|carica|parte|riesc\w*|arriva\w*)|irraggiungibil\w*|fuori servizio|bloccat\w*"
    r"|down|offline|error[ei]?|50[0-9]|timeout|time.?out|pagina bianca|lent\w*|slow|not (?:work\w*|reach\w*|load\w*|open\w*|respond\w*)"
    r"|unreachable|unavailable|outage|doesn.?t (?:work|open|load|respond)|can(?:no|')t (?:reach|open|connect|log))\b",
    re.IGNORECASE,
)


class Against(StrEnum):
    """Why a request about a service that is hit is not taken to be about the outage without a person's word."""

    BEFORE = "before"
    QUESTION = "question"
    FINE = "fine"
    OTHER_MATTER = "other_matter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known of a request whose service is hit. `written_at` is when its customer last wrote."""

    written_at: datetime
    is_question: bool
    verdict: ServiceVerdict | None
    text: str


@dataclass(frozen=True, slots=True)
class Belonging:
    against: tuple[Against, ...] = ()

    @property
    def by_itself(self) -> bool:
        return not self.against


def belonging(asked: Asked, *, started_at: datetime) -> Belonging:
    """What speaks against it. A verdict that the service is down outweighs what the customer called it."""
    if asked.written_at < started_at - NOTICED_BEFORE:
        return Belonging((Against.BEFORE,))
    if asked.verdict in {ServiceVerdict.UNUSABLE, ServiceVerdict.DEGRADED}:
        return Belonging((Against.OTHER_MATTER,) if speaks_of_other_matter(asked.text) else ())
    found = (
        (asked.verdict is ServiceVerdict.FINE, Against.FINE),
        (asked.is_question, Against.QUESTION),
        (speaks_of_other_matter(asked.text), Against.OTHER_MATTER),
    )
    return Belonging(tuple(why for applies, why in found if applies))


def speaks_of_outage(text: str) -> bool:
    return _OUTAGE.search(text[:LONGEST_TEXT]) is not None


def speaks_of_other_matter(text: str) -> bool:
    """Of bills, contracts or transfers, and of nothing that fails."""
    return _OTHER_MATTER.search(text[:LONGEST_TEXT]) is not None and not speaks_of_outage(text)
