"""How every write to an incident goes: the row is locked, changed and saved, the event written, the desk told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from sportello.accounts.models import User
from sportello.core import live
from sportello.incidents.enums import IncidentEventKind
from sportello.incidents.models import Incident, IncidentEvent

GO_ON_TASK = "sportello.incidents.go_on_with"


@contextmanager
def changing(incident: Incident) -> Iterator[Incident]:
    """Locks the incident, gives it to the body as it is in the database, saves it and tells the desk."""
    with transaction.atomic():
        incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(no_key=True))
        yield incident
        incident.version += 1
        incident.save()
        tell(incident)


def tell(incident: Incident) -> None:
    """Open pages of it and the queue look again."""
    live.publish("incident", "queue", incident=str(incident.public_id))


def record(
    incident: Incident, kind: IncidentEventKind, *, now: datetime, by: User | None = None, **data: Any
) -> IncidentEvent:
    """Writes what happened. `data` holds ids, figures and titles, never the text of a message."""
    return IncidentEvent.objects.create(incident=incident, at=now, kind=kind, user=by, data=data)


def go_on(incident: Incident) -> None:
    """Has a job gather its tickets and tell their customers, one such job at a time for each incident."""
    app.configure_task(GO_ON_TASK, lock=f"incident-{incident.pk}").defer(incident_id=incident.pk)
