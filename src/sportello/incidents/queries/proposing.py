"""What piles up on which server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from sportello.incidents.enums import ProposalState
from sportello.incidents.models import Incident, IncidentTicket, Proposal
from sportello.incidents.rules import Case, Seen, SetAside
from sportello.incidents.rules.proposing import WITHIN
from sportello.incidents.rules.wording import Speaks, speaks_of
from sportello.services.enums import ServiceVerdict
from sportello.services.queries import quiet_beside
from sportello.tickets.models import Ticket
from sportello.triage.enums import Claim

MOST_TICKETS = 5000


@dataclass(slots=True)
class Found:
    """What is known of one server: `failing` and `working` are the services that were looked at, by key; `neighbours` others that fail alike."""

    server: int
    cases: list[Case] = field(default_factory=list)
    failing: set[int] = field(default_factory=set)
    working: set[int] = field(default_factory=set)
    neighbours: int = 0

    @property
    def seen(self) -> Seen:
        alike = 1 + self.neighbours if self.failing and self.neighbours else 0
        return Seen(self.cases, max(len(self.failing), alike), len(self.working - self.failing))

    def add(self, row: _Row) -> None:
        """A ticket whose service was found to work is no case, and speaks for the server; nor is one about a bill or a contract."""
        if row.verdict == ServiceVerdict.FINE:
            self.working.add(row.service)
            return
        if row.verdict == ServiceVerdict.UNUSABLE:
            self.failing.add(row.service)
            self.neighbours = max(self.neighbours, row.neighbours_down)
        speaks = speaks_of(f"{row.subject}\n{row.snippet}")
        if speaks is not Speaks.OTHER:
            self.cases.append(Case(row.ticket, row.customer, row.opened_at, speaks is Speaks.OUTAGE))


class _Row(NamedTuple):
    server: int
    service: int
    ticket: int
    customer: int
    opened_at: datetime
    subject: str
    snippet: str
    verdict: str
    neighbours_down: int


def servers_in_doubt(*, now: datetime) -> list[Found]:
    """The servers about whose services something came in the last minutes, but for those with an incident, in one query."""
    by_server: dict[int, Found] = {}
    for row in _rows(now):
        by_server.setdefault(row.server, Found(row.server)).add(row)
    return list(by_server.values())


def waiting_on(server: int) -> Proposal | None:
    return Proposal.objects.filter(server=server, state=ProposalState.WAITING).first()


def last_aside(server: int) -> SetAside | None:
    """When somebody last said that it is no outage, and of how many customers it was then."""
    last = Proposal.objects.filter(server=server, state=ProposalState.SET_ASIDE).order_by("-decided_at").first()
    if last is None or last.quiet_until is None:
        return None
    return SetAside(last.quiet_until, int(last.evidence.get("customers", 0)))


def _rows(now: datetime) -> Iterator[_Row]:
    current = Incident.objects.filter(ended_at=None, servers=OuterRef("service__server"))
    linked = IncidentTicket.objects.filter(ticket=OuterRef("pk"), undone_at=None)
    since = now - WITHIN
    rows = (
        Ticket.objects.filter(updated_at__gte=since, opened_at__gte=since, opened_at__lte=now)
        .filter(service__server__isnull=False, customer__isnull=False, is_request=True, merged_into=None)
        .exclude(claim=Claim.QUESTION)
        .exclude(Exists(current))
        .exclude(Exists(quiet_beside("service", "service__server", now)))
        .exclude(Exists(linked))
    )
    columns = rows.order_by("-updated_at").values_list(
        "service__server", "service", "pk", "customer", "opened_at", "subject", "snippet", "verdict", "neighbours_down"
    )
    return (_Row(*values) for values in columns[:MOST_TICKETS])
