"""What a customer is shown before they type: the incidents and the maintenance that hit services of theirs [one.problem] [one.patience]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from sportello.core.arrays import is_any_of
from sportello.customers.models import Contact
from sportello.customers.queries import customers_beside
from sportello.incidents.models import Incident, IncidentTicket, Maintenance
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service

Row = TypeVar("Row", Incident, Maintenance)
SHOWN = 3
"""Of each kind."""
NAMED = 5
SHOWN_BEFORE = timedelta(days=7)
"""Maintenance is shown from then on."""
_IS_ANYTHING = """
    SELECT EXISTS (SELECT FROM incidents_incident WHERE ended_at IS NULL)
        OR EXISTS (SELECT FROM incidents_maintenance WHERE cancelled_at IS NULL AND ends_at > %s AND starts_at <= %s)
"""


@dataclass(frozen=True, slots=True)
class Known:
    """`services` are the reader's own, the first of them, and `more` how many there are besides. `link` leads to the status page, if it is there."""

    public_id: UUID
    title: str
    text: str
    state: str
    services: Sequence[str]
    more: int
    link: str


@dataclass(frozen=True, slots=True)
class KnownOutage(Known):
    """`ticket` is that of the reader under the incident."""

    since: datetime
    next_update_at: datetime | None
    ticket: UUID | None


@dataclass(frozen=True, slots=True)
class KnownWorks(Known):
    starts_at: datetime
    ends_at: datetime
    is_underway: bool


def known_to(contact: Contact, now: datetime) -> list[KnownOutage | KnownWorks]:
    """On a quiet day one short query; else a fixed number of them."""
    if contact.customer_id is None or not _is_anything(now):
        return []
    own = _services_of(contact)
    outages = _that_hit(Incident.objects.filter(ended_at=None), own).order_by("-started_at", "-pk")[:SHOWN]
    planned = _that_hit(_maintenance(now), own).order_by("starts_at", "pk")[:SHOWN]
    rows: list[Incident | Maintenance] = [
        *outages.prefetch_related("servers", "services"),
        *planned.prefetch_related("servers", "services"),
    ]
    hit = _hit_by(rows, own)
    tickets = _tickets_of(contact, [row for row in rows if isinstance(row, Incident)])
    return [_known(row, hit, tickets, now) for row in rows]


def outage_of(contact: Contact, public_id: UUID) -> tuple[Incident, Service] | None:
    """An open incident that hits a service of theirs, and the first service that it hits; None for what is not theirs to know."""
    own = _services_of(contact)
    incident = _that_hit(Incident.objects.filter(ended_at=None, public_id=public_id), own).first()
    if incident is None:
        return None
    service = own.filter(_is_hit([incident])).select_related("customer", "server").order_by("name", "pk").first()
    return (incident, service) if service else None


def ticket_under(contact: Contact, incident: Incident) -> UUID | None:
    return _tickets_of(contact, [incident]).get(incident.pk)


def _is_anything(now: datetime) -> bool:
    """Asked on every page of a customer's: written out."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_ANYTHING, [now, now + SHOWN_BEFORE])
        return bool((cursor.fetchone() or (False,))[0])


def _maintenance(now: datetime) -> QuerySet[Maintenance]:
    return Maintenance.objects.filter(cancelled_at=None, ends_at__gt=now, starts_at__lte=now + SHOWN_BEFORE)


def _services_of(contact: Contact) -> QuerySet[Service]:
    theirs = Q(customer=contact.customer_id) | Q(is_any_of("customer_id", customers_beside(contact)))
    return Service.objects.exclude(status=ServiceStatus.ENDED).filter(theirs)


def _that_hit(rows: QuerySet[Row], own: QuerySet[Service]) -> QuerySet[Row]:
    mine = own.order_by().values("pk")
    servers = own.order_by().filter(server__isnull=False).values("server")
    return rows.filter(Q(services__in=mine) | Q(servers__in=servers)).distinct()


def _is_hit(rows: Iterable[Incident | Maintenance]) -> Q:
    servers = [server.pk for row in rows for server in row.servers.all()]
    services = [service.pk for row in rows for service in row.services.all()]
    return Q(pk__in=services) | Q(server__in=servers)


def _hit_by(rows: Sequence[Incident | Maintenance], own: QuerySet[Service]) -> list[Service]:
    return list(own.filter(_is_hit(rows)).only("name", "server").order_by("name", "pk")) if rows else []


def _tickets_of(contact: Contact, incidents: Sequence[Incident]) -> dict[int, UUID]:
    """By incident: the ticket of theirs under it."""
    links = IncidentTicket.objects.filter(
        incident__in=incidents, ticket__contact=contact, undone_at=None, released_at=None
    )
    return dict(links.order_by("-pk").values_list("incident", "ticket__public_id")) if incidents else {}


def _known(
    row: Incident | Maintenance, hit: Iterable[Service], tickets: dict[int, UUID], now: datetime
) -> KnownOutage | KnownWorks:
    is_italian = get_language() == "it"
    servers, services = {each.pk for each in row.servers.all()}, {each.pk for each in row.services.all()}
    names = [each.name for each in hit if each.pk in services or each.server_id in servers]
    title, text = (row.title_it, row.text_it) if is_italian else (row.title_en, row.text_en)
    link = f"{settings.STATUS_URL}{'it' if is_italian else 'en'}/{row.public_id}.html" if row.is_public else ""
    state = row.state if isinstance(row, Incident) else ""
    shared = (row.public_id, title, text, state, names[:NAMED], max(len(names) - NAMED, 0), link)
    if isinstance(row, Incident):
        return KnownOutage(*shared, row.started_at, row.next_update_at, tickets.get(row.pk))
    return KnownWorks(*shared, row.starts_at, row.ends_at, row.starts_at <= now)
