"""What happens to services, to the servers they run on, and to the provider's networks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, TypedDict
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import change, record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer, check_can_write
from sportello.core.errors import Refused
from sportello.customers.models import Customer
from sportello.services import rules
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import NetworkRange, QuietWindow, Server, Service, ServiceDomain
from sportello.services.moving import leave_server

LONGEST_PAGE = 300


class Acting(TypedDict):
    """Who does it, when, and from which network address."""

    by: User | None
    now: datetime
    address: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerFields:
    """What is entered about a server; names and addresses beside the first ones are `other_`."""

    name: str
    hostname: str = ""
    address: str | None = None
    other_names: tuple[str, ...] = ()
    other_addresses: tuple[str, ...] = ()
    external_id: str | None = None
    ended_on: date | None = None
    public_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFields:
    """What is entered about a service. Names are kept in lower case, as domains are."""

    kind: ServiceKind
    name: str
    plan: str = ""
    server: Server | None = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    since: date | None = None
    ends_on: date | None = None
    is_managed: bool = False
    external_id: str | None = None
    domains: tuple[str, ...] = ()
    look_at: str = ""
    look_for: str = ""


def add_server(*, fields: ServerFields, by: User | None, now: datetime, address: str | None = None) -> Server:
    """A machine of the provider's own [cover.hosted]. Raises Refused: "server-name-taken", "external-id-taken"."""
    check_can_write(by)
    with transaction.atomic():
        server = _save_server(Server(**_server_columns(fields)))
        record(act=Act.SERVER_CREATED, subject=server.name, by=by, now=now, address=address, about=server)
    return server


def change_server(
    *, server: Server, fields: ServerFields, by: User | None, now: datetime, address: str | None
) -> Server:
    """Raises Refused: "server-name-taken", "external-id-taken"."""
    check_can_write(by)
    with transaction.atomic():
        server.refresh_from_db(from_queryset=Server.objects.select_for_update(no_key=True))
        detail = change(server, _server_columns(fields))
        _save_server(server)
        acting: Acting = {"by": by, "now": now, "address": address}
        record(act=Act.SERVER_CHANGED, subject=server.name, detail=detail, about=server, **acting)
    return server


def add_service(
    *, customer: Customer, fields: ServiceFields, by: User | None, now: datetime, address: str | None = None
) -> Service:
    """A service sold to a customer. Raises Refused: "domain-not-valid", "external-id-taken", "page-not-own"."""
    check_can_write(by)
    with transaction.atomic():
        since = fields.since or now.date()
        service = _save_service(Service(customer=customer, **{**_service_columns(fields), "since": since}))
        _set_domains(service, _domains(fields.domains), since)
        record(act=Act.SERVICE_CREATED, subject=service.name, by=by, now=now, address=address, about=service)
    return service


def change_service(
    *, service: Service, fields: ServiceFields, by: User | None, now: datetime, address: str | None
) -> Service:
    """Change what is on file about a service; whose it is does not change, or tickets would change hands with it.

    Raises Refused: "domain-not-valid", "external-id-taken", "page-not-own".
    """
    check_can_write(by)
    with transaction.atomic():
        service.refresh_from_db(from_queryset=Service.objects.select_for_update(of=("self",), no_key=True))
        server_id = service.server_id
        detail = change(service, _service_columns(fields))
        _save_service(service)
        if server_id is not None and service.server_id != server_id:
            leave_server(service, server_id, now)
        detail |= _set_domains(service, _domains(fields.domains), now.date())
        acting: Acting = {"by": by, "now": now, "address": address}
        record(act=Act.SERVICE_CHANGED, subject=service.name, detail=detail, about=service, **acting)
    return service


def end_service(*, service: Service, by: User | None, now: datetime) -> None:
    """The service is no longer provided; its tickets keep naming it, and its domains are free."""
    check_can_write(by)
    with transaction.atomic():
        service.refresh_from_db(from_queryset=Service.objects.select_for_update(of=("self",), no_key=True))
        service.status, service.ends_on = ServiceStatus.ENDED, service.ends_on or now.date()
        service.save(update_fields=["status", "ends_on"])
        service.domains.filter(until=None).update(until=now.date())


def add_network(*, network: str, label: str, by: User | None, now: datetime, address: str | None) -> NetworkRange:
    """Addresses that are the provider's own. Raises Refused("network-not-valid"), Refused("network-known")."""
    check_can_administer(by)
    try:
        written = rules.network(network)
    except ValueError:
        raise Refused("network-not-valid", _("This is not a network, such as 192.0.2.0/24.")) from None
    with transaction.atomic():
        found, made = NetworkRange.objects.get_or_create(network=written, defaults={"label": label.strip()})
        if not made:
            raise Refused("network-known", _("This network is in the list already."))
        record(act=Act.NETWORK_ADDED, subject=written, by=by, now=now, address=address)
    return found


def remove_network(*, found: NetworkRange, by: User | None, now: datetime, address: str | None) -> None:
    check_can_administer(by)
    with transaction.atomic():
        record(act=Act.NETWORK_REMOVED, subject=found.network, by=by, now=now, address=address)
        found.delete()


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is worked on as planned, and when."""

    servers: Iterable[Server]
    services: Iterable[Service]
    starts_at: datetime
    ends_at: datetime


def set_quiet(*, source: UUID, quiet: Quiet | None, now: datetime) -> None:
    """What `source` plans from now on, instead of what it planned before; None for nothing any more.

    What has begun ends now, and stays known: clocks stood still meanwhile.
    """
    with transaction.atomic():
        before = QuietWindow.objects.filter(source=source)
        before.filter(starts_at__gte=now).delete()
        before.filter(ends_at__gt=now).update(ends_at=now)
        if quiet is not None:
            window = {"source": source, "starts_at": quiet.starts_at, "ends_at": quiet.ends_at}
            on_servers = [QuietWindow(server=server, **window) for server in quiet.servers]
            QuietWindow.objects.bulk_create(
                [*on_servers, *(QuietWindow(service=service, **window) for service in quiet.services)]
            )


def _server_columns(fields: ServerFields) -> dict[str, Any]:
    return {
        **asdict(fields),
        "name": fields.name.strip(),
        "hostname": fields.hostname.strip().lower(),
        "address": fields.address or None,
        "other_names": [name.strip().lower() for name in fields.other_names],
        "other_addresses": list(fields.other_addresses),
        "external_id": fields.external_id or None,
        "public_name": fields.public_name.strip(),
    }


def _service_columns(fields: ServiceFields) -> dict[str, Any]:
    return {
        "kind": fields.kind,
        "name": fields.name.strip().lower(),
        "plan": fields.plan,
        "server": fields.server,
        "status": fields.status,
        "since": fields.since,
        "ends_on": fields.ends_on,
        "is_managed": fields.is_managed,
        "external_id": fields.external_id or None,
        "look_at": _page(fields),
        "look_for": " ".join(fields.look_for.split()),
    }


def _page(fields: ServiceFields) -> str:
    """The page of a site that is looked at. Nothing of somebody else's ever is."""
    if not fields.look_at.strip():
        return ""
    try:
        page = rules.page_address(fields.look_at, [fields.name.strip().lower(), *_domains(fields.domains)])
    except ValueError:
        raise Refused("page-not-own", _("This is not a page under a name or domain of this service.")) from None
    if len(page) > LONGEST_PAGE:
        raise Refused("page-not-own", _("This address is too long."))
    return page


def _domains(written: Iterable[str]) -> set[str]:
    domains = set()
    for each in written:
        try:
            domains.add(rules.domain_name(each))
        except ValueError:
            said = _("“%(domain)s” is not a domain.") % {"domain": each}
            raise Refused("domain-not-valid", said) from None
    return domains


def _set_domains(service: Service, wanted: set[str], today: date) -> dict[str, list[str]]:
    """Begins and ends domains of a service; what was and is now, if anything changed."""
    running = {row.name: row for row in service.domains.filter(until=None)}
    if set(running) == wanted:
        return {}
    ServiceDomain.objects.filter(pk__in=[row.pk for name, row in running.items() if name not in wanted]).update(
        until=today
    )
    new = sorted(wanted - set(running))
    ServiceDomain.objects.bulk_create([ServiceDomain(service=service, name=name, since=today) for name in new])
    return {"domains": [", ".join(sorted(running)), ", ".join(sorted(wanted))]}


def _save_server(server: Server) -> Server:
    try:
        with transaction.atomic():
            server.save()
    except IntegrityError as error:
        if "external_id" in str(error):
            raise _external_id_taken() from None
        raise Refused("server-name-taken", _("There is a server with this name.")) from None
    return server


def _save_service(service: Service) -> Service:
    try:
        with transaction.atomic():
            service.save()
    except IntegrityError:
        raise _external_id_taken() from None
    return service


def _external_id_taken() -> Refused:
    return Refused("external-id-taken", _("Something else has this id of the billing system."))
