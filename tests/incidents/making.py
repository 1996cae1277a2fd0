"""Incidents and maintenance as rows, with what everybody may know of them and what nobody may."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sportello.core import clock
from sportello.incidents.models import Incident, IncidentNote, Maintenance, Update
from sportello.services.models import Server
from tests.factories import make_customer, make_server, make_service, make_user

PRIVATE = "Ceramiche Riservate", "riservata.example", "nodo-interno-7", "colpa del disco"
"""A customer, a service's domain, a server without a public name, a note."""


def named_server(public_name: str) -> Server:
    server = make_server()
    Server.objects.filter(pk=server.pk).update(public_name=public_name)
    server.public_name = public_name
    return server


def make_incident(*servers: Server, **given: Any) -> Incident:
    now = clock.now()
    values: dict[str, Any] = {
        "title_it": "Siti non raggiungibili",
        "title_en": "Sites cannot be reached",
        "text_it": "Stiamo guardando.",
        "text_en": "We are looking into it.",
        "started_at": now - timedelta(hours=1),
        "opened_at": now,
        "said_at": now,
    }
    incident = Incident.objects.create(**{**values, **given})
    incident.servers.set(servers)
    said = {name: values[name] for name in ("text_it", "text_en")}
    Update.objects.create(incident=incident, state=incident.state, created_at=incident.said_at, **said)
    return incident


def make_private(incident: Incident | Maintenance) -> None:
    """Beside what is public, all that is not."""
    customer, domain, server, note = PRIVATE
    incident.servers.add(make_server(server))
    incident.services.add(make_service(domain, customer=make_customer(customer)))
    if isinstance(incident, Incident):
        IncidentNote.objects.create(incident=incident, user=make_user(), text=note, created_at=clock.now())


def make_works(*servers: Server, starts_at: datetime, hours: float = 2, **given: Any) -> Maintenance:
    values: dict[str, Any] = {
        "title_it": "Cambio dei dischi",
        "title_en": "New disks",
        "text_it": "I siti saranno fermi.",
        "text_en": "Sites will be down.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=hours),
        "planned_at": clock.now(),
    }
    works = Maintenance.objects.create(**{**values, **given})
    works.servers.set(servers)
    return works
