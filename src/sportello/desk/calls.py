"""What the page of a call shows: who it is, whether they proved it, what they have, and what is open already [one.problem]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sportello.accounts.models import User
from sportello.customers.models import Contact
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
