"""What the page of a call shows: who it is, whether they proved it, what they have, and what is open already [one.problem]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.desk.same import spoken_for
from sportello.duplicates.proposals import FEWEST_WORDS, LONGEST_COMPARED, thresholds
from sportello.duplicates.queries import candidates_for
from sportello.services.models import Service
from sportello.services.queries import services_open_to
from sportello.telephone.queries import proof_of
from sportello.tickets.models import Ticket
from sportello.tickets.queries import open_tickets_of


@dataclass(frozen=True, slots=True)
class Caller:
    contact: Contact
    services: list[Service]
    tickets: list[Ticket]
    is_verified: bool

    def named(self, service: Service) -> str:
        """With whose it is, where the caller writes for several customers."""
        is_own = service.customer_id == self.contact.customer_id
        return service.name if is_own else f"{service.name} ({service.customer})"


def caller(user: User, contact: Contact, *, now: datetime) -> Caller:
    """In three queries, and one less for somebody of no customer."""
    services = services_open_to(contact) if contact.customer else []
    proof = proof_of(contact, user, now=now)
    return Caller(contact, services, open_tickets_of(user, contact), proof is not None)


@dataclass(frozen=True, slots=True)
class Likely:
    """A ticket that a call may be about, and what speaks for it."""

    ticket: Ticket
    reasons: str


def likely(about: Caller, typed: Mapping[str, str], *, now: datetime) -> list[Likely]:
    """Of the caller's open tickets, those that what was typed so far may be about."""
    text = f"{typed.get('subject', '')}\n{typed.get('text', '')}".strip()
    if len(text.split()) < FEWEST_WORDS:
        return []
    service = next((each for each in about.services if str(each.public_id) == typed.get("service", "")), None)
    customer = service.customer if service else about.contact.customer
    least, tickets = thresholds().propose, {each.pk: each for each in about.tickets}
    found = candidates_for(
        customer=customer, text=text[:LONGEST_COMPARED], service=service, contact=about.contact, now=now, worth=least
    )
    return [
        Likely(tickets[one.ticket_id], ", ".join(spoken_for(one.features)))
        for one in found
        if one.ticket_id in tickets and one.probability >= least
    ]
