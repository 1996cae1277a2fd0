"""What a ticket has to do with incidents, for its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from sportello.accounts.models import User
from sportello.incidents.models import Incident, IncidentTicket
from sportello.incidents.queries.belonging import belonging_of, current_for
from sportello.tickets.models import ON_THE_DESK, Ticket
from sportello.tickets.permissions import check_can_read

_BESIDE = """
    SELECT (SELECT id FROM incidents_incidentticket
             WHERE ticket_id = %(ticket)s AND undone_at IS NULL ORDER BY linked_at DESC, id DESC LIMIT 1),
           EXISTS (SELECT FROM incidents_incident WHERE ended_at IS NULL)
"""
"""For every page of a ticket: the link that it has or had, and whether anything goes on at all."""


@dataclass(frozen=True, slots=True)
class Beside:
    """`link` is None where its service is hit and nobody has put it under the incident; `against` says why that was not done by itself."""

    incident: Incident
    link: IncidentTicket | None = None
    against: Sequence[str] = ()

    @property
    def is_under(self) -> bool:
        return self.link is not None and self.link.released_at is None


def incident_beside(user: User, ticket: Ticket) -> Beside | None:
    """The incident that the ticket is or was under, else one that hits its service; in one query where there is none."""
    check_can_read(user)
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"ticket": ticket.pk})
        link_id, goes_on = cursor.fetchone() or (None, False)
    return (_linked(link_id, ticket) if link_id else None) or (_hit(ticket) if goes_on else None)


def _linked(link_id: int, ticket: Ticket) -> Beside | None:
    link = IncidentTicket.objects.select_related("incident").get(pk=link_id)
    tells = link.released_at is None or link.kept_because or ticket.status not in ON_THE_DESK
    return Beside(link.incident, link) if tells else None


def _hit(ticket: Ticket) -> Beside | None:
    if ticket.service is None or ticket.status not in ON_THE_DESK or ticket.merged_into_id is not None:
        return None
    incident, _reason = current_for(ticket.service)
    return None if incident is None else Beside(incident, None, belonging_of(ticket, incident).against)
