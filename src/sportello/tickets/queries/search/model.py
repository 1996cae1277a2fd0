"""What a search finds and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Where(StrEnum):
    """Where the words were found, the surest first."""

    NUMBER = "number"
    SERVICE = "service"
    CUSTOMER = "customer"
    CONTACT = "contact"
    ADDRESS = "address"
    SUBJECT = "subject"
    MESSAGE = "message"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of plain text, never HTML; `is_match` pieces are to be highlighted."""

    text: str
    is_match: bool


Fragment = tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A ticket that was found, where, and the words around."""

    public_id: UUID
    number: int
    subject: str
    status: str
    customer_name: str | None
    contact_name: str
    updated_at: datetime
    where: Where
    fragment: Fragment


@dataclass(frozen=True, slots=True)
class Found:
    """A ticket and the row that its words stand in; without a place when they stand among its subject and its names."""

    ticket: int
    where: Where | None
    row: int
