"""What of the rows everybody may know."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Prefetch, Q

from sportello.incidents.board.facts import Facts, Outage, Told, Words, Works
from sportello.incidents.board.rules import PAST_SHOWN
from sportello.incidents.models import Incident, Maintenance, Update
from sportello.services.models import Server, Service
from sportello.services.queries import public_names

MOST = 60
"""Of each kind, the newest; more than that in three months nobody reads."""


def facts_now(now: datetime) -> Facts:
    """In a fixed number of queries. A service hits the system that its server belongs to: of the service itself nothing is read."""
    since = now - PAST_SHOWN
    incidents = Incident.objects.filter(Q(ended_at=None) | Q(ended_at__gte=since), is_public=True)
    works = Maintenance.objects.filter(ends_at__gte=since, is_public=True)
    named = Prefetch("servers", Server.objects.exclude(public_name="").only("public_name"))
    beside = Prefetch("services", Service.objects.select_related("server").only("server", "server__public_name"))
    updates = Prefetch("updates", Update.objects.order_by("-created_at", "-id"))
    return Facts(
        known_at=now,
        components=tuple(public_names()),
        outages=tuple(
            map(_outage, incidents.order_by("-started_at", "-id").prefetch_related(named, beside, updates)[:MOST])
        ),
        works=tuple(map(_works, works.order_by("-starts_at", "-id").prefetch_related(named, beside)[:MOST])),
    )


def _outage(row: Incident) -> Outage:
    return Outage(
        key=str(row.public_id),
        state=row.state,
        impact=row.impact,
        title=Words(row.title_it, row.title_en),
        text=Words(row.text_it, row.text_en),
        started_at=row.started_at,
        ended_at=row.ended_at,
        components=_components(row),
        told=tuple(Told(each.created_at, each.state, Words(each.text_it, each.text_en)) for each in row.updates.all()),
    )


def _works(row: Maintenance) -> Works:
    return Works(
        key=str(row.public_id),
        title=Words(row.title_it, row.title_en),
        text=Words(row.text_it, row.text_en),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancelled_at=row.cancelled_at,
        changed_at=row.cancelled_at or row.planned_at,
        components=_components(row),
    )


def _components(row: Incident | Maintenance) -> tuple[str, ...]:
    servers = {*row.servers.all(), *(service.server for service in row.services.all() if service.server)}
    return tuple(sorted({server.public_name for server in servers if server.public_name}))
