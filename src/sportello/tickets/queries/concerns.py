"""What matters to a customer, with the tickets that it comes from: for staff only."""

from __future__ import annotations

from dataclasses import dataclass

from sportello.accounts.models import User
from sportello.core.arrays import is_one_of
from sportello.core.statements import Reading
from sportello.customers.models import Customer
from sportello.tickets.concerning import concern_words
from sportello.tickets.models import Concern, Ticket
from sportello.tickets.permissions import check_can_read

SHOWN_TICKETS = 5
_CONCERNS = Reading(
    lambda customer: Concern.objects.filter(customer=customer).select_related("dismissed_by").order_by("-weight", "key")
)
_NAMED = Reading(
    lambda customer, wanted: Ticket.objects.filter(is_one_of("pk", wanted), customer=customer).only(
        "public_id", "number", "subject"
    )
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One of them, with the newest tickets that say so."""

    concern: Concern
    words: str
    tickets: list[Ticket]

    @property
    def is_dismissed(self) -> bool:
        return self.concern.dismissed_at is not None

    @property
    def number(self) -> int:
        return len(self.concern.tickets)


def concerns_of(user: User, customer_id: int) -> list[Shown]:
    """The heaviest first, those that a person let go among them; in two queries."""
    check_can_read(user)
    rows = _CONCERNS(customer_id)
    wanted = {key for row in rows for key in row.tickets[:SHOWN_TICKETS]}
    named = {ticket.pk: ticket for ticket in _NAMED(customer_id, list(wanted))} if wanted else {}
    return [
        Shown(row, concern_words(row.key), [named[key] for key in row.tickets[:SHOWN_TICKETS] if key in named])
        for row in rows
    ]


def concern_for(user: User, customer: Customer, concern_id: int) -> Concern | None:
    check_can_read(user)
    return Concern.objects.filter(customer=customer, pk=concern_id).first()
