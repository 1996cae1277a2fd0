"""What the desk shows of incidents, and what there is to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q

from sportello.accounts.models import User
from sportello.core.paging import Page, Place, instant, page_of
from sportello.core.statements import Reading
from sportello.customers.models import Contact
from sportello.incidents.enums import ProposalState
from sportello.incidents.models import Incident, IncidentEvent, IncidentNote, IncidentTicket, Proposal, Update
from sportello.incidents.queries.belonging import Candidate, candidates, services_hit
from sportello.services.models import Service
from sportello.tickets.models import ON_THE_DESK, Ticket
from sportello.tickets.permissions import check_can_read

MOST_EVENTS = 200
SHOWN_LINKS = 100
SHOWN_DOUBTFUL = 30
READ_DOUBTFUL = 300
"""Of so many open tickets about what is hit, those of which it is not certain are shown on the incident's page."""
_GOES_ON = """
    SELECT EXISTS (SELECT FROM incidents_incident WHERE ended_at IS NULL), EXISTS (SELECT FROM incidents_proposal WHERE state = 'waiting')
"""
_PROPOSALS = Reading(
    lambda: (
        Proposal.objects.filter(state=ProposalState.WAITING).select_related("server").order_by("-proposed_at", "-pk")
    )
)


@dataclass(frozen=True, slots=True)
class Hit:
    """Whom an incident hits, and how many of them have written."""

    services: int
    customers: int
    live: int
    told: int
    kept: int
    solved: int

    @property
    def tickets(self) -> int:
        return self.live + self.kept + self.solved


@dataclass(frozen=True, slots=True)
class Reach:
    """To whom an update goes: the tickets it is written in, and the persons who get a mail."""

    tickets: int
    people: int


def incident_by_id(user: User, public_id: UUID) -> Incident | None:
    check_can_read(user)
    rows = Incident.objects.select_related("opened_by").prefetch_related("servers", "services__customer")
    return rows.filter(public_id=public_id).first()


def incident_by_pk(pk: int) -> Incident | None:
    return Incident.objects.filter(pk=pk).first()


def with_work() -> list[int]:
    """The incidents that go on, and those that are over and still hold tickets or have clocks to put right; by key."""
    live = Q(links__undone_at=None, links__released_at=None, links__isnull=False)
    wrong = Q(links__undone_at__isnull=False, links__settled_at=None)
    rows = Incident.objects.filter(Q(ended_at=None) | live | wrong).distinct()
    return list(rows.order_by("pk").values_list("pk", flat=True))


def current_incidents(user: User) -> list[Incident]:
    """Those that go on, the newest first, each with what it hits and the number of tickets under it (`under`)."""
    check_can_read(user)
    under = Count("links", filter=Q(links__undone_at=None, links__released_at=None))
    rows = Incident.objects.filter(ended_at=None).annotate(under=under).prefetch_related("servers", "services")
    return list(rows.order_by("-started_at", "-pk"))


def what_goes_on() -> tuple[bool, bool]:
    """Whether there is an incident now, and whether one is proposed; read for every queue, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_GOES_ON)
        goes_on, waits = cursor.fetchone() or (False, False)
    return goes_on, waits


def past_incidents(user: User, *, place: Place) -> Page[Incident]:
    check_can_read(user)
    rows = Incident.objects.filter(ended_at__isnull=False).prefetch_related("servers", "services")
    return page_of(rows, key="started_at", read=instant, place=place)


def proposals(user: User) -> list[Proposal]:
    """Those that wait for a decision, the newest first."""
    check_can_read(user)
    return _PROPOSALS()


def proposal_by_id(user: User, public_id: UUID) -> Proposal | None:
    check_can_read(user)
    return Proposal.objects.select_related("server", "incident").filter(public_id=public_id).first()


def evidence_of(user: User, rows: Sequence[Proposal]) -> tuple[dict[int, Ticket], dict[int, Service]]:
    """The tickets and services that proposals speak of, by key, in two queries."""
    check_can_read(user)
    tickets = {pk for row in rows for pk in row.evidence.get("tickets", [])}
    failing = {pk for row in rows for pk in row.evidence.get("failing", [])}
    named = Ticket.objects.filter(pk__in=tickets).select_related("customer", "service").defer("search")
    return named.in_bulk(), Service.objects.filter(pk__in=failing).in_bulk()


def hit_by(user: User, incident: Incident) -> Hit:
    """In two queries, however many they are."""
    check_can_read(user)
    who = services_hit(incident).aggregate(services=Count("pk"), customers=Count("customer", distinct=True))
    live = Q(released_at=None)
    links = incident.links.filter(undone_at=None).aggregate(
        live=Count("pk", filter=live),
        told=Count("pk", filter=Q(told_at__isnull=False)),
        kept=Count("pk", filter=~live & ~Q(kept_because="")),
        solved=Count("pk", filter=~live & Q(kept_because="")),
    )
    return Hit(**who, **links)


def hit_without_ticket(user: User, incident: Incident) -> int:
    """How many customers are hit and have not written."""
    check_can_read(user)
    wrote = incident.links.filter(undone_at=None).values("ticket__customer")
    hit = services_hit(incident).exclude(customer__in=wrote)
    return hit.values("customer").distinct().count()


def reach_of(user: User, incident: Incident) -> Reach:
    """Whom an update would reach now: requesters and accepted followers of the tickets under it, in one query.

    Once it has ended, an update says that it goes on, and takes back those that are still open.
    """
    check_can_read(user)
    links = incident.links.filter(undone_at=None)
    under = links if incident.is_over else links.filter(released_at=None)
    tickets = Ticket.objects.filter(pk__in=under.values("ticket"), status__in=ON_THE_DESK)
    may = tickets.filter(Q(sender_verified=True) | Q(channel="phone"))
    asked = Contact.objects.filter(tickets__in=may)
    following = Contact.objects.filter(
        pk__in=may.filter(followers__contact__isnull=False).exclude(followers__role="copy").values("followers__contact")
    )
    people = Contact.objects.filter(Q(pk__in=asked.values("pk")) | Q(pk__in=following.values("pk")))
    return Reach(tickets.count(), people.filter(is_active=True, addresses__isnull=False).distinct().count())


def number_under(user: User, incident: Incident) -> int | None:
    """The number of one ticket that is or was under it, as an example for staff; none where there is none."""
    check_can_read(user)
    links = incident.links.filter(undone_at=None).order_by("pk")
    return links.values_list("ticket__number", flat=True).first()


def links_of(user: User, incident: Incident, *, live: bool) -> list[IncidentTicket]:
    """Tickets that are or were under it, the newest first; the first hundred."""
    check_can_read(user)
    rows = incident.links.filter(undone_at=None, released_at__isnull=live)
    found = rows.select_related("ticket__customer", "ticket__contact", "ticket__service", "ticket__assignee")
    return list(found.defer("ticket__search").order_by("-kept_because", "-pk")[:SHOWN_LINKS])


def doubtful(user: User, incident: Incident) -> list[Candidate]:
    """Tickets about what it hits that were not put under it by themselves, the oldest first, for a person to say."""
    check_can_read(user)
    if incident.is_over:
        return []
    found = (one for one in candidates(incident, most=READ_DOUBTFUL) if not one.belonging.by_itself)
    return list(islice(found, SHOWN_DOUBTFUL))


def link_by_id(user: User, incident: Incident, pk: int) -> IncidentTicket | None:
    check_can_read(user)
    return incident.links.select_related("ticket", "incident").defer("ticket__search").filter(pk=pk).first()


def link_of_ticket(user: User, ticket: Ticket) -> IncidentTicket | None:
    """The incident that a ticket is under, or the last one that let it go."""
    check_can_read(user)
    rows = IncidentTicket.objects.filter(ticket=ticket, undone_at=None).select_related("incident")
    return rows.order_by("-released_at", "-pk").first()


def updates_of(user: User, incident: Incident) -> list[Update]:
    check_can_read(user)
    return list(incident.updates.select_related("by").annotate(mailed=Count("told")).order_by("-created_at", "-id"))


def notes_of(user: User, incident: Incident) -> list[IncidentNote]:
    check_can_read(user)
    return list(incident.notes.select_related("user").order_by("-created_at", "-id"))


def events_of(user: User, incident: Incident) -> list[IncidentEvent]:
    check_can_read(user)
    return list(incident.events.select_related("user").order_by("-at", "-id")[:MOST_EVENTS])


def answered_first(user: User, *, since: datetime) -> int:
    """How many first answers since then were given by what was known of an incident."""
    check_can_read(user)
    return IncidentTicket.objects.filter(first_answer_at__gte=since).count()


def since_of(user: User, proposal: Proposal) -> datetime:
    """When the first of its tickets came, else when it was proposed."""
    check_can_read(user)
    first = Ticket.objects.filter(pk__in=proposal.evidence.get("tickets", [])).aggregate(at=Min("opened_at"))["at"]
    return min(first or proposal.proposed_at, proposal.proposed_at)
