"""What was proposed and joined, and how often that was right: named reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from sportello.accounts.models import User
from sportello.core.statements import Reading
from sportello.customers.models import Contact
from sportello.duplicates.enums import Place, ProposalState
from sportello.duplicates.models import Joined, Learnt, Proposal
from sportello.duplicates.queries import Candidate, candidates_for
from sportello.duplicates.rules.joining import SHIPPED, Thresholds
from sportello.services.models import Service
from sportello.tickets.enums import Author
from sportello.tickets.models import ON_THE_DESK, Message, Ticket
from sportello.tickets.permissions import check_can_read

FEWEST_WORDS = 2
MOST_SAID = 20
LONGEST_SHOWN = 4_000  # characters of one message
LONGEST_COMPARED = 10_000  # characters
COUNTED = timedelta(days=90)
_OPEN = Reading(
    lambda ticket, target: (
        Proposal.objects.filter(Q(ticket=ticket) | Q(target=target), state=ProposalState.OPEN)
        .filter(ticket__status__in=ON_THE_DESK)
        .select_related("ticket", "target", "target__assignee", "ticket__contact", "target__contact")
        .defer("ticket__search", "target__search")
        .order_by("-probability", "pk")
    )
)
_LEARNT = Reading(Learnt.objects.all)


@dataclass(frozen=True, slots=True)
class Figures:
    """How often it was right within some days: questions by who was asked, and joinings by themselves."""

    places: Sequence[Answered]
    joined: int
    undone: int

    @property
    def stand(self) -> int:
        return self.joined - self.undone

    @property
    def right(self) -> float | None:
        """Of the joinings by themselves, how many nobody took apart; None while there were none."""
        return (self.joined - self.undone) / self.joined if self.joined else None


@dataclass(frozen=True, slots=True)
class Standing:
    """What holds at present: the thresholds, and whether anything is joined by itself."""

    thresholds: Thresholds
    joins: bool = True
    learnt_at: datetime | None = None
    changes: Sequence[Mapping[str, Any]] = field(default=())


@dataclass(frozen=True, slots=True)
class Answered:
    place: str
    asked: int = 0
    taken: int = 0
    refused: int = 0

    @property
    def words(self) -> str:
        return str(Place(self.place).label)

    @property
    def right(self) -> float | None:
        """Of those that somebody answered, how many were the same problem."""
        answered = self.taken + self.refused
        return self.taken / answered if answered else None


def open_proposals(user: User, ticket: Ticket) -> list[Proposal]:
    """What waits for staff's word about a ticket: what it may be the same as, and what may be the same as it; in one query.

    Once the newer one is solved or closed, nobody is asked any more.
    """
    check_can_read(user)
    return _OPEN(ticket.pk, ticket.pk)


def proposal_for(user: User, ticket: Ticket, proposal_id: int) -> Proposal | None:
    check_can_read(user)
    rows = Proposal.objects.filter(Q(ticket=ticket) | Q(target=ticket), ticket__isnull=False, pk=proposal_id)
    return rows.select_related("ticket", "target").defer("ticket__search", "target__search").first()


def said_in(user: User, tickets: Sequence[Ticket]) -> dict[int, list[str]]:
    """The beginning of the first things that the customer said in each, in one query."""
    check_can_read(user)
    theirs = Message.objects.filter(ticket__in=tickets, author=Author.CUSTOMER, is_automatic=False).defer("search")
    found: dict[int, list[str]] = {ticket.pk: [] for ticket in tickets}
    for message in theirs.order_by("created_at", "pk")[:MOST_SAID]:
        found[message.ticket_id].append(message.shown_text[:LONGEST_SHOWN])
    return found


def joined_of(user: User, merges: Sequence[int]) -> dict[int, Joined]:
    """Which of these joinings nobody asked for."""
    check_can_read(user)
    return {row.merge_id: row for row in Joined.objects.filter(merge__in=merges)} if merges else {}


def refused_for_draft(contact: Contact) -> set[int]:
    """Of which tickets this contact has said that they are another problem than what is being written."""
    rows = Proposal.objects.filter(draft__contact=contact, state=ProposalState.REFUSED)
    return set(rows.values_list("target", flat=True))


def thresholds() -> Thresholds:
    """How certain is certain enough at present; as shipped before anything was learnt."""
    return standing().thresholds


def standing() -> Standing:
    row = _LEARNT.first()
    if row is None:
        return Standing(SHIPPED)
    join = SHIPPED.join if row.join is None else row.join
    propose = SHIPPED.propose if row.propose is None else row.propose
    return Standing(replace(SHIPPED, join=join, propose=propose), row.joins, row.learnt_at, row.changes)


def figures(user: User, *, now: datetime) -> Figures:
    """In two queries."""
    check_can_read(user)
    since = now - COUNTED
    asked = Proposal.objects.filter(made_at__gte=since).order_by().values("place")
    counted = asked.annotate(
        asked=Count("pk"),
        taken=Count("pk", filter=Q(state=ProposalState.TAKEN)),
        refused=Count("pk", filter=Q(state=ProposalState.REFUSED)),
    )
    found = {row["place"]: Answered(**row) for row in counted}
    joined = Joined.objects.filter(at__gte=since).aggregate(
        joined=Count("pk"), undone=Count("pk", filter=Q(undone_at__isnull=False))
    )
    return Figures([found.get(place, Answered(place)) for place in Place], joined["joined"], joined["undone"])


def asked_of(contact: Contact, *, text: str, service: Service | None, now: datetime) -> list[Candidate]:
    """What a contact is shown while they write a new request, three at most: their own to read, likely enough, and not said to be another problem."""
    if len(text.split()) < FEWEST_WORDS:
        return []
    customer = service.customer if service else contact.customer
    least, said = thresholds().propose, text[:LONGEST_COMPARED]
    found = candidates_for(
        customer=customer, text=said, service=service, contact=contact, now=now, reader=contact, worth=least
    )
    likely = [one for one in found if one.probability >= least]
    refused = refused_for_draft(contact) if likely else set()
    return [one for one in likely if one.ticket_id not in refused]
