"""Which of a customer's services is it about?"""

from __future__ import annotations

import re
from enum import StrEnum

from sportello.customers.models import Customer
from sportello.services.enums import ServiceStatus
from sportello.services.models import Service

LONGEST_TEXT = 50_000
NAME_CHARACTER = "[a-z0-9_-]"


class ServiceReason(StrEnum):
    """Why a request is taken to be about a service; the words are in tickets/reasons.py."""

    MENTIONED = "service.mentioned"
    SENDER_DOMAIN = "service.sender_domain"
    ONLY_ONE = "service.only_one"


def services_of(customer: Customer) -> list[Service]:
    """The services of a customer that have not ended, each with its server, in one query."""
    running = Service.objects.exclude(status=ServiceStatus.ENDED)
    return list(running.filter(customer=customer).select_related("server"))


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
    if not name:
        return False
    alone = rf"(?<!{NAME_CHARACTER})(?<!@)(?<!{NAME_CHARACTER}\.){re.escape(name)}(?!{NAME_CHARACTER})(?!\.{NAME_CHARACTER})"
    return re.search(rf"(?:(?<!{NAME_CHARACTER})www\.{re.escape(name)}(?!{NAME_CHARACTER})|{alone})", text) is not None


def _name_length(service: Service) -> int:
    return len(service.name)
