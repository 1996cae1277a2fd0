"""Which services an incident hits, and which tickets are about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from sportello.incidents.enums import LinkReason
from sportello.incidents.models import Incident, IncidentTicket
from sportello.incidents.rules import Asked, Belonging, belonging
from sportello.incidents.rules.belonging import NOTICED_BEFORE
from sportello.incidents.rules.wording import LONGEST_TEXT
from sportello.services.enums import ServiceStatus, ServiceVerdict
from sportello.services.models import Service
from sportello.tickets.enums import Author, Channel
from sportello.tickets.models import ON_THE_DESK, Message, Ticket
from sportello.triage.enums import Claim
from sportello.triage.rules import PRESALES

MOST_LOOKED_AT = 2000
_SAYS_IT_FAILS = frozenset({Claim.NOTHING_OPENS, Claim.PART})

# Asked whenever a ticket is opened or shown: one read of what goes on, which is little.
_CURRENT = """
    SELECT incident.id, hit.by_service
      FROM incidents_incident incident,
           LATERAL (SELECT EXISTS (SELECT FROM incidents_incident_services
                                    WHERE incident_id = incident.id AND service_id = %s) AS by_service,
                           EXISTS (SELECT FROM incidents_incident_servers
                                    WHERE incident_id = incident.id AND server_id = %s) AS by_server) hit
     WHERE incident.ended_at IS NULL AND (hit.by_service OR hit.by_server)
     ORDER BY hit.by_service DESC, incident.started_at DESC, incident.id DESC LIMIT 1
"""


def current_for(service: Service) -> tuple[Incident, LinkReason] | tuple[None, None]:
    """The incident that hits this service now, and by what; the service itself before its server. In one read where none does."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, [service.pk, service.server_id])
        found = cursor.fetchone()
    if found is None:
        return None, None
    return Incident.objects.get(pk=found[0]), LinkReason.SERVICE if found[1] else LinkReason.SERVER


def any_goes_on() -> bool:
    """Whether there is any incident now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM incidents_incident WHERE ended_at IS NULL)")
        return bool(cursor.fetchone()[0])


def same_incident(ticket: Ticket, other: Ticket) -> bool:
    """Whether `ticket` is about the incident that `other` is under: put there as well, or it would be by itself."""
    links = IncidentTicket.objects.filter(ticket__in=(ticket.pk, other.pk)).select_related("incident").order_by("pk")
    found = {link.ticket_id: link for link in links.filter(incident__ended_at=None)}
    under = found.get(other.pk)
    if under is None or not _holds(under):
        return False
    own = next((link for link in links if link.ticket_id == ticket.pk and link.incident_id == under.incident_id), None)
    if own is not None:
        return _holds(own)
    if ticket.service_id is None or not services_hit(under.incident).filter(pk=ticket.service_id).exists():
        return False
    return belonging_of(ticket, under.incident).by_itself


def _holds(link: IncidentTicket) -> bool:
    return link.undone_at is None and link.released_at is None


def services_hit(incident: Incident) -> QuerySet[Service]:
    """Those that have not ended, of the incident itself and on its servers."""
    hit = Q(pk__in=incident.services.values("pk")) | Q(server__in=incident.servers.values("pk"))
    return Service.objects.exclude(status=ServiceStatus.ENDED).filter(hit)


class Candidate(NamedTuple):
    """An open ticket about what an incident hits, that is under none."""

    ticket: Ticket
    reason: LinkReason
    belonging: Belonging


def belonging_of(ticket: Ticket, incident: Incident, words: str | None = None) -> Belonging:
    """Whether this ticket, whose service is hit, is about the incident. `words`: what its customer wrote since, where that is read already."""
    if words is None:
        words = _words([ticket], since=incident.started_at - NOTICED_BEFORE)[ticket.pk]
    asked = Asked(
        written_at=ticket.customer_waits_since or ticket.opened_at,
        is_question=ticket.claim == Claim.QUESTION,
        says_it_fails=ticket.claim in _SAYS_IT_FAILS,
        verdict=ServiceVerdict(ticket.verdict) if ticket.verdict else None,
        text=f"{ticket.subject}\n{words}",
    )
    return belonging(asked, started_at=incident.started_at)


def words_under(link: IncidentTicket) -> str:
    """What the ticket's customer wrote since the incident could be noticed, and its subject."""
    words = _words([link.ticket], since=link.incident.started_at - NOTICED_BEFORE)
    return f"{link.ticket.subject}\n{words[link.ticket_id]}"


def _words(tickets: Sequence[Ticket], *, since: datetime) -> dict[int, str]:
    """What their customers wrote since then, by the ticket's key, in one query."""
    rows = Message.objects.filter(ticket__in=tickets, author=Author.CUSTOMER, is_automatic=False, created_at__gte=since)
    found = dict.fromkeys((ticket.pk for ticket in tickets), "")
    for key, fresh, text in rows.order_by("created_at", "pk").values_list("ticket", "fresh_text", "text"):
        found[key] += (fresh or text)[:LONGEST_TEXT] + "\n"
    return found


def candidates(incident: Incident, *, most: int = MOST_LOOKED_AT) -> Iterator[Candidate]:
    """Open tickets of customers about what is hit that are under no incident, the oldest first; none that was taken out before."""
    own = set(incident.services.values_list("pk", flat=True))
    links = IncidentTicket.objects.filter(ticket=OuterRef("pk"))
    here = links.filter(incident=incident).exclude(released_at__isnull=False, undone_at=None)
    elsewhere = links.filter(undone_at=None, released_at=None)
    asked = Q(customer_waits_since__gte=incident.started_at - NOTICED_BEFORE) | Q(
        customer_waits_since=None, last_update_at__isnull=False, opened_at__gte=incident.started_at - NOTICED_BEFORE
    )
    rows = (
        Ticket.objects.filter(asked, status__in=ON_THE_DESK, merged_into=None, is_request=True, customer__isnull=False)
        .filter(service__in=services_hit(incident))
        .exclude(queue__slug=PRESALES)
        .exclude(Exists(here))
        .exclude(Exists(elsewhere))
    )
    tickets = list(rows.select_related("contact", "customer", "service").defer("search").order_by("pk")[:most])
    words = _words(tickets, since=incident.started_at - NOTICED_BEFORE)
    for ticket in tickets:
        reason = LinkReason.SERVICE if ticket.service_id in own else LinkReason.SERVER
        yield Candidate(ticket, reason, belonging_of(ticket, incident, words[ticket.pk]))


def may_be_told(ticket: Ticket) -> bool:
    """Whether a program may write to whoever asked: nobody whose address was only claimed by a mail."""
    on_the_desk = ticket.status in ON_THE_DESK and ticket.merged_into_id is None
    return on_the_desk and (ticket.sender_verified or ticket.channel == Channel.PHONE)
