"""A service that goes to another server, and what was planned on the one that it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

from sportello.services.models import QuietWindow, Service

REMEMBERED = timedelta(days=14)
"""So long after planned work clocks still ask for it."""


def leave_server(service: Service, server_id: int, now: datetime) -> None:
    """Keeps that the service was worked on with the server until now: what stood still meanwhile stood still, and goes on from now."""
    begun = QuietWindow.objects.filter(server=server_id, starts_at__lt=now, ends_at__gt=now - REMEMBERED)
    QuietWindow.objects.bulk_create(
        QuietWindow(service=service, source=one.source, starts_at=one.starts_at, ends_at=min(one.ends_at, now))
        for one in begun
    )
