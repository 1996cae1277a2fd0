"""Which of a customer's services is it about?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from sportello.core.paging import Page, Place, page_of
from sportello.core.paging import text as read_text
from sportello.core.statements import Reading
from sportello.customers.models import Customer
from sportello.services.enums import ServiceStatus
from sportello.services.models import Server, Service

LONGEST_TEXT = 50_000
NAME_CHARACTER = "[a-z0-9_-]"


class ServiceReason(StrEnum):
    """Why a request is taken to be about a service; the words are in tickets/reasons.py."""

    MENTIONED = "service.mentioned"
    SENDER_DOMAIN = "service.sender_domain"
    ONLY_ONE = "service.only_one"


_RUNNING = Reading(
    lambda customer: (
        Service.objects.exclude(status=ServiceStatus.ENDED).filter(customer_id=customer).select_related("server")
    )
)


def services_of(customer: Customer) -> list[Service]:
    """The services of a customer that have not ended, each with its server, in one query."""
    return _RUNNING(customer.pk)


def service_mentioned(customer: Customer, text: str, sender: str) -> tuple[Service, ServiceReason] | None:
    """The service that a request is about, and why it is thought so; None when nothing points at one.

    First the one named in the text (the longest name, so that shop.example.it wins over example.it), then the one
    whose domain the sender writes from, then the only one there is.
    """
    services = sorted(services_of(customer), key=_name_length, reverse=True)
    lowered, domain = text[:LONGEST_TEXT].lower(), sender.rpartition("@")[2].lower()
    for service in services:
        if _names(lowered, service.name.lower()):
            return service, ServiceReason.MENTIONED
    for service in services:
        if service.name.lower() == domain:
            return service, ServiceReason.SENDER_DOMAIN
    return (services[0], ServiceReason.ONLY_ONE) if len(services) == 1 else None


def _names(text: str, name: str) -> bool:
    """Whether the name stands in the text by itself: not as a part of a longer name, nor as a domain of a mail address."""
    if not name or name not in text:
        return False
    alone = rf"(?<!{NAME_CHARACTER})(?<!@)(?<!{NAME_CHARACTER}\.){re.escape(name)}(?!{NAME_CHARACTER})(?!\.{NAME_CHARACTER})"
    return re.search(rf"(?:(?<!{NAME_CHARACTER})www\.{re.escape(name)}(?!{NAME_CHARACTER})|{alone})", text) is not None


def _name_length(service: Service) -> int:
    return len(service.name)


# -- the register ------------------------------------------------------------------------------------------------------
def services_page(*, search: str, place: Place) -> Page[Service]:
    """Services by name, with customer and server; `search` looks into all three names."""
    rows = Service.objects.select_related("customer", "server")
    if search:
        rows = rows.filter(
            Q(name__icontains=search) | Q(customer__name__icontains=search) | Q(server__name__icontains=search)
        )
    return page_of(rows, key="name", read=read_text, place=place, descending=False)


def service_by_id(public_id: UUID) -> Service | None:
    return Service.objects.select_related("customer", "server").filter(public_id=public_id).first()


def every_service_of(customer: Customer) -> list[Service]:
    """Also those that have ended, which come last."""
    return list(Service.objects.filter(customer=customer).select_related("server").order_by("status", "name", "pk"))


def service_counts(customers: Sequence[Customer]) -> dict[int, int]:
    """How many services that have not ended each of these customers has, by customer id; those without any are left out."""
    running = Service.objects.exclude(status=ServiceStatus.ENDED).filter(customer__in=customers)
    return dict(running.order_by().values_list("customer").annotate(n=Count("pk")))


def servers() -> QuerySet[Server]:
    """All servers by name, each with the number of services `running` on it."""
    running = ~Q(services__status=ServiceStatus.ENDED)
    return Server.objects.annotate(running=Count("services", filter=running)).order_by("name")


def server_by_id(pk: int) -> Server | None:
    return servers().filter(pk=pk).first()


def services_on(server: Server, *, place: Place) -> Page[Service]:
    rows = Service.objects.filter(server=server).select_related("customer", "server")
    return page_of(rows, key="name", read=read_text, place=place, descending=False)
