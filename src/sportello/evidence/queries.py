"""Which services are to be looked at, and what was seen for a ticket."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.models import Examination
from sportello.diagnostics.queries import examinations_by_pk, latest_by_service
from sportello.evidence.models import Evidence
from sportello.evidence.rules import MOST_OF_A_SERVER, Standing, due
from sportello.services.models import Service
from sportello.tickets.enums import Status
from sportello.tickets.models import ON_THE_DESK, Ticket

SOLVED_FOR = timedelta(minutes=10)
"""After so long nobody looks any more whether it is solved."""
SURELY_JUDGED, MADE_UP_FOR = timedelta(seconds=30), timedelta(minutes=10)
"""After a look its tickets are judged at once; who died over that is made up for, unless the next look is near anyway."""
MOST_SERVICES = 5000
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Due:
    service: Service
    occasion: Occasion


def due_services(*, now: datetime, every: timedelta | None, limit: int) -> list[Due]:
    """Of the services with tickets those that are to be looked at now, the newest request first; of each server no more than tell something."""
    open_ones, solved = Q(status__in=ON_THE_DESK), Q(status=Status.SOLVED)
    rows = (
        Ticket.objects.filter(open_ones | (solved & Q(solved_at__gt=now - SOLVED_FOR)))
        .filter(service__isnull=False, merged_into=None, is_request=True, opened_at__lte=now)
        .order_by()
        .values_list("service")
        .annotate(opened=Max("opened_at", filter=open_ones), solved=Max("solved_at", filter=solved))
    )
    standing = {service: (opened, solved_at) for service, opened, solved_at in rows[:MOST_SERVICES]}
    latest = latest_by_service(standing)
    found: list[tuple[int, Occasion]] = []
    for service, (opened, solved_at) in standing.items():
        last = latest.get(service)
        facts = Standing(opened, solved_at)
        if last is not None:
            facts = Standing(opened, solved_at, last.asked_at, last.rule if last.finished_at else "")
        occasion = due(facts, now=now, every=every)
        if occasion is not None:
            found.append((service, occasion))
    return _within_their_servers(found, now)[:limit]


def _within_their_servers(found: Sequence[tuple[int, Occasion]], now: datetime) -> list[Due]:
    services = Service.objects.in_bulk([service for service, _occasion in found])
    minute = Examination.objects.filter(asked_at__gt=now - timedelta(minutes=1), service__server__isnull=False)
    looks: Counter[int | None] = Counter(minute.values_list("service__server", flat=True))
    kept = []
    for pk, occasion in found:
        server = services[pk].server_id
        if server is None or looks[server] < MOST_OF_A_SERVER:
            kept.append(Due(services[pk], occasion))
            looks[server] += 1
    return kept


def tickets_to_judge(service: int, *, now: datetime) -> list[Ticket]:
    """Those on the desk about a service, and those just solved."""
    live = Q(status__in=ON_THE_DESK) | Q(status=Status.SOLVED, solved_at__gt=now - SOLVED_FOR)
    rows = Ticket.objects.filter(live, service=service, merged_into=None, is_request=True)
    return list(rows.defer("search").order_by("pk"))


def unjudged(*, now: datetime) -> list[Examination]:
    """The newest looks at services that have tickets which were not judged by them, since whoever looked died in between."""
    tied = Evidence.objects.filter(ticket=OuterRef("pk"), examination=OuterRef(OuterRef("pk")))
    left_out = Ticket.objects.filter(
        ~Exists(tied), service=OuterRef("service"), status__in=ON_THE_DESK, merged_into=None, is_request=True
    ).filter(opened_at__lte=OuterRef("asked_at"))
    newer = Examination.objects.filter(service=OuterRef("service"), pk__gt=OuterRef("pk"), finished_at__isnull=False)
    done = Examination.objects.filter(finished_at__gt=now - MADE_UP_FOR, finished_at__lt=now - SURELY_JUDGED)
    return list(done.filter(~Exists(newer), Exists(left_out)).order_by("pk"))


def is_reported(service: int) -> bool:
    """Whether somebody says that they cannot use it."""
    harmed = Ticket.objects.filter(status__in=ON_THE_DESK, service=service, merged_into=None).exclude(claim="")
    return harmed.exclude(claim="question").exists()


def looks_of(ticket: Ticket) -> list[Examination]:
    """What was seen for a ticket, the newest first, with all that each probe saw; in three queries."""
    keys = list(Evidence.objects.filter(ticket=ticket).order_by("-examination").values_list("examination", flat=True))
    found = examinations_by_pk(keys[:SHOWN])
    return [found[key] for key in keys[:SHOWN]]
