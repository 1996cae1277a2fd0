"""What the page of a call shows: who it is, whether they proved it, what they have, and what is open already [one.problem]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.desk.forms.entry import searched
from sportello.desk.same import spoken_for
from sportello.duplicates.proposals import FEWEST_WORDS, LONGEST_COMPARED, thresholds
from sportello.duplicates.queries import candidates_for
from sportello.services.models import Service
from sportello.services.queries import Offered, services_open_to, services_open_to_called
from sportello.telephone.queries import proof_of
from sportello.tickets.models import Ticket
from sportello.tickets.queries import open_tickets_of


@dataclass(frozen=True, slots=True)
class Caller:
    """`services` are the first of the caller's; with `has_more_services` there are others, and one is called by its name."""

    contact: Contact
    services: list[Service]
    has_more_services: bool
    tickets: list[Ticket]
    is_verified: bool

    def named(self, service: Service) -> str:
        """With whose it is, where the caller writes for several customers."""
        is_own = service.customer_id == self.contact.customer_id
        return service.name if is_own else f"{service.name} ({service.customer})"

    def called(self, written: str, *, text: str) -> list[Service]:
        """The service with this public id, or with this name, or those whose name it may be."""
        if not self.has_more_services:
            return [each for each in self.services if str(each.public_id) == written]
        return services_open_to_called(self.contact, written, text=text) if written else []


def caller(user: User, contact: Contact, *, now: datetime) -> Caller:
    """In three queries, and one less for somebody of no customer, or who has left: they report nothing of its services any more."""
    is_theirs = contact.customer is not None and contact.is_active
    offered = services_open_to(contact) if is_theirs else Offered([], has_more=False)
    proof = proof_of(contact, user, now=now)
    return Caller(contact, offered.services, offered.has_more, open_tickets_of(user, contact), proof is not None)


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
    called = about.called(searched(typed, "service"), text=text)
    service = called[0] if len(called) == 1 else None
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
