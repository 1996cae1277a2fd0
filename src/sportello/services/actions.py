"""What happens to services. The panel adapters of a later room call these; today the demo and the desk do."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.core.errors import Refused
from sportello.customers.models import Customer
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Server, Service


def add_server(
    *,
    name: str,
    hostname: str = "",
    address: str | None = None,
    by: User | None,
    now: datetime,  # noqa: ARG001 - as every action
) -> Server:
    """A machine of the provider's own [cover.hosted]. Raises Refused("server-name-taken")."""
    check_can_write(by)
    return _save_server(Server(name=name.strip(), hostname=hostname.strip().lower(), address=address or None))


def change_server(*, server: Server, name: str, hostname: str, address: str | None, by: User) -> Server:
    """Raises Refused("server-name-taken")."""
    check_can_write(by)
    server.name, server.hostname, server.address = name.strip(), hostname.strip().lower(), address or None
    return _save_server(server)


def add_service(
    *,
    customer: Customer,
    kind: ServiceKind,
    name: str,
    by: User | None,
    now: datetime,
    server: Server | None = None,
    plan: str = "",
    since: date | None = None,
) -> Service:
    """A service sold to a customer. Names are kept in lower case, as domains are."""
    check_can_write(by)
    return Service.objects.create(
        customer=customer, kind=kind, name=name.strip().lower(), server=server, plan=plan, since=since or now.date()
    )


def change_service(
    *,
    service: Service,
    kind: ServiceKind,
    name: str,
    plan: str,
    server: Server | None,
    status: ServiceStatus,
    since: date | None,
    by: User,
) -> Service:
    """Change what is on file about a service; whose it is does not change, or tickets would change hands with it."""
    check_can_write(by)
    new = {"kind": kind, "name": name.strip().lower(), "plan": plan, "server": server, "status": status, "since": since}
    for field, value in new.items():
        setattr(service, field, value)
    service.save(update_fields=list(new))
    return service


def end_service(*, service: Service, by: User | None, now: datetime) -> None:  # noqa: ARG001 - as every action
    """The service is no longer provided; its tickets keep naming it."""
    check_can_write(by)
    with transaction.atomic():
        service.refresh_from_db(from_queryset=Service.objects.select_for_update(of=("self",)))
        service.status = ServiceStatus.ENDED
        service.save(update_fields=["status"])


def _save_server(server: Server) -> Server:
    try:
        with transaction.atomic():
            server.save()
    except IntegrityError:
        raise Refused("server-name-taken", _("There is a server with this name.")) from None
    return server
