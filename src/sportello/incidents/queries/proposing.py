"""What piles up on which server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef

from sportello.incidents.enums import ProposalState
from sportello.incidents.models import Incident, IncidentTicket, Proposal
from sportello.incidents.rules import Case, Seen, SetAside
from sportello.incidents.rules.belonging import speaks_of_outage
from sportello.incidents.rules.proposing import WITHIN
from sportello.services.enums import ServiceVerdict
from sportello.services.queries import quiet_beside
from sportello.tickets.models import Ticket
from sportello.triage.enums import Claim

MOST_TICKETS = 5000


@dataclass(slots=True)
class Found:
    """`failing` are the services that cannot be used, by key."""

    server: int
    cases: list[Case] = field(default_factory=list)
    failing: list[int] = field(default_factory=list)
    working: list[int] = field(default_factory=list)

    @property
    def seen(self) -> Seen:
        return Seen(self.cases, len(self.failing), len(self.working))


def servers_in_doubt(*, now: datetime) -> list[Found]:
    """The servers about whose services something came in the last minutes, but for those with an incident, in two queries."""
    by_server: dict[int, Found] = {}
    for server, case in _cases(now):
        by_server.setdefault(server, Found(server)).cases.append(case)
    return list(by_server.values())


def waiting_on(server: int) -> Proposal | None:
    return Proposal.objects.filter(server=server, state=ProposalState.WAITING).first()


def last_aside(server: int) -> SetAside | None:
    """When somebody last said that it is no outage, and of how many customers it was then."""
    last = Proposal.objects.filter(server=server, state=ProposalState.SET_ASIDE).order_by("-decided_at").first()
    if last is None or last.quiet_until is None:
        return None
    return SetAside(last.quiet_until, int(last.evidence.get("customers", 0)))


def _cases(now: datetime) -> Iterator[tuple[int, Case]]:
    current = Incident.objects.filter(ended_at=None, servers=OuterRef("service__server"))
    linked = IncidentTicket.objects.filter(ticket=OuterRef("pk"), undone_at=None)
    since = now - WITHIN
    rows = (
        Ticket.objects.filter(updated_at__gte=since, opened_at__gte=since, opened_at__lte=now)
        .filter(service__server__isnull=False, customer__isnull=False, is_request=True, merged_into=None)
        .exclude(claim=Claim.QUESTION)
        .exclude(verdict=ServiceVerdict.FINE)
        .exclude(Exists(current))
        .exclude(Exists(quiet_beside("service", "service__server", now)))
        .exclude(Exists(linked))
    )
    columns = rows.order_by("-updated_at").values_list(
        "service__server", "pk", "customer", "opened_at", "subject", "snippet"
    )
    for server, pk, customer, opened_at, subject, snippet in columns[:MOST_TICKETS]:
        yield server, Case(pk, customer, opened_at, speaks=speaks_of_outage(f"{subject}\n{snippet}"))
