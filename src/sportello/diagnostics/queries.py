"""What was seen of services, and what may be looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_network

from django.db.models import Q, QuerySet
from django.utils import timezone

from sportello.diagnostics.adapters.looking import MOST_NEIGHBOURS, Subject
from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.models import Examination
from sportello.services.enums import ServiceKind, ServiceStatus, ServiceVerdict
from sportello.services.models import NetworkRange, Server, Service, ServiceDomain
from sportello.services.rules import is_own

HOST_NAME = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])\Z")
CONTROLS = 2
MOST_BORROWED = 2
_WEB = (ServiceKind.HOSTING, ServiceKind.DOMAIN)


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest look at a service, finished or not."""

    asked_at: datetime
    finished_at: datetime | None
    rule: str


def examination_by_pk(pk: int) -> Examination | None:
    return Examination.objects.select_related("service__server").filter(pk=pk).first()


def latest_examination(service: Service, *, before: datetime | None = None) -> Examination | None:
    """The newest look that came to its end."""
    found = Examination.objects.filter(service=service, finished_at__isnull=False)
    if before is not None:
        found = found.filter(asked_at__lt=before)
    return found.order_by("-pk").first()


def unfinished(service: Service) -> Examination | None:
    return Examination.objects.filter(service=service, finished_at=None).first()


def waiting(*, limit: int, begun_before: datetime) -> list[int]:
    """Looks that nobody has begun, or whose process died: those that a person asked for first, then the oldest."""
    rows = Examination.objects.filter(finished_at=None).filter(Q(begun_at=None) | Q(begun_at__lt=begun_before))
    by_hand = rows.filter(occasion=Occasion.DEMAND).order_by("asked_at").values_list("pk", flat=True)[:limit]
    others = rows.exclude(occasion=Occasion.DEMAND).order_by("asked_at").values_list("pk", flat=True)[:limit]
    return [*by_hand, *others][:limit]


def latest_by_service(services: Iterable[int]) -> dict[int, Latest]:
    """In one query, whatever their number."""
    rows = Examination.objects.filter(service__in=list(services)).order_by("service", "-pk").distinct("service")
    return {
        service: Latest(asked_at, finished_at, rule)
        for service, asked_at, finished_at, rule in rows.values_list("service", "asked_at", "finished_at", "rule")
    }


def verdicts_on(server: Server | int, *, since: datetime) -> dict[int, ServiceVerdict]:
    """What was last seen since then of each service on a server, by the service's id."""
    rows = Examination.objects.filter(service__server=server, finished_at__gte=since).order_by("service", "-pk")
    return {pk: ServiceVerdict(verdict) for pk, verdict in rows.distinct("service").values_list("service", "verdict")}


# -- what may be looked at ------------------------------------------------------------------------------------------------
def subject_of(service: Service, *, on: date | None = None) -> Subject:
    """The service's own names and its server's addresses; a few neighbours and controls, for when it fails. Nothing else is ever looked at.

    A site's neighbours are sites: of a server for mail alone they would tell nothing.
    """
    kind = ServiceKind(service.kind)
    server = service.server
    names = names_of(service, on=on)
    addresses = tuple(server.addresses) if server is not None and kind != ServiceKind.VPS else ()
    return Subject(
        kind=kind,
        names=names,
        addresses=addresses,
        own=tuple(map(ip_network, NetworkRange.objects.values_list("network", flat=True))),
        neighbours=_neighbours(service) if kind in _WEB and server is not None else (),
        controls=_controls(service),
        page=_page_of(service, names),
        expected=service.look_for,
        borrowed=() if names else borrowed_names(service, on=on),
    )


def names_of(service: Service, *, on: date | None = None) -> tuple[str, ...]:
    """The host names that the service answers for, its own first."""
    day = on or timezone.localdate()
    domains = ServiceDomain.objects.filter(_running(day), service=service)
    named = [service.name.lower().rstrip("."), *domains.values_list("name", flat=True)]
    return tuple(dict.fromkeys(name for name in named if HOST_NAME.match(name)))


def _running(day: date) -> Q:
    return Q(until=None) | Q(until__gte=day)


def _page_of(service: Service, names: Sequence[str]) -> str:
    """What was entered, as long as it is still a page of its own."""
    return service.look_at if is_own(service.look_at.partition("/")[0], names) else ""


def borrowed_names(service: Service, *, on: date | None = None) -> tuple[str, ...]:
    """For a mail service without a name: the customer's own domains on the same server, then the server itself."""
    if service.server is None or service.kind != ServiceKind.MAIL:
        return ()
    day = on or timezone.localdate()
    beside = Service.objects.filter(customer=service.customer, server=service.server, status=ServiceStatus.ACTIVE)
    domains = ServiceDomain.objects.filter(_running(day), service__in=beside)
    named = [*beside.values_list("name", flat=True), *domains.values_list("name", flat=True)]
    return (*dict.fromkeys(_host_names(named)[:MOST_BORROWED]), *_host_names(service.server.names)[:1])


def _neighbours(service: Service) -> tuple[str, ...]:
    rows = _sites().filter(server=service.server).exclude(pk=service.pk)
    return _host_names(rows.order_by("pk").values_list("name", flat=True)[: 3 * MOST_NEIGHBOURS])[:MOST_NEIGHBOURS]


def _controls(service: Service) -> tuple[str, ...]:
    rows = _sites().exclude(server=service.server).exclude(pk=service.pk)
    return _host_names(rows.order_by("pk").values_list("name", flat=True)[: 3 * CONTROLS])[:CONTROLS]


def _sites() -> QuerySet[Service]:
    return Service.objects.filter(kind__in=_WEB, status=ServiceStatus.ACTIVE, server__isnull=False)


def _host_names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name.lower() for name in names if HOST_NAME.match(name.lower()))


# -- for pages ------------------------------------------------------------------------------------------------------------
def examinations_by_pk(keys: Sequence[int]) -> Mapping[int, Examination]:
    """With their findings, in two queries."""
    rows = Examination.objects.filter(pk__in=keys).select_related("asked_by").prefetch_related("findings")
    return {row.pk: row for row in rows}
