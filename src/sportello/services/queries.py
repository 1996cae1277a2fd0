"""Which of a customer's services is it about?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from sportello.core.arrays import is_any_of, is_one_of
from sportello.core.paging import Page, Place, page_of
from sportello.core.paging import text as read_text
from sportello.core.statements import Columns, Reading
from sportello.customers.models import Contact, Customer, Membership
from sportello.customers.queries import customers_beside
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import NetworkRange, QuietWindow, Server, Service, ServiceDomain
from sportello.services.rules import network_of

LONGEST_TEXT = 50_000
MOST_ELSEWHERE = 50
MOST_NAMES = 200
MOST_OFFERED = 30
"""Services that stand in a choice. An agency has a thousand: the others are looked for."""
MOST_WORDS = 1000
"""Words of a text that are tried as names of services."""
NAME_CHARACTER = "[a-z0-9_-]"
_WORD = re.compile(r"[\w.-]+")
_LIKE_A_NAME = re.compile(r"[.\d-]")
_OF_MAIL = re.compile(r"\b(?:posta|casell[ae]|webmail|outlook|thunderbird|imap|smtp|pop3|mailbox(?:es)?|inbox|spam)\b")
_OF_SITE = re.compile(
    r"\b(?:sit[oi]|site|website|pagin[ae]|pages?|negozio|shop|store|wordpress|plugin|php|database|certificat[oei]?|https?|ssl|ftp|form|modulo)\b"
)


class ServiceReason(StrEnum):
    """Why a request is taken to be about a service; the words are in tickets/reasons.py."""

    MENTIONED = "service.mentioned"
    SENDER_DOMAIN = "service.sender_domain"
    ONLY_ONE = "service.only_one"
    OWN_CUSTOMER = "customer.own"


@dataclass(frozen=True, slots=True)
class Offered:
    """Services to choose from, each with its server. With `has_more` they are some of those there are."""

    services: list[Service]
    has_more: bool


def _running() -> QuerySet[Service]:
    return Service.objects.exclude(status=ServiceStatus.ENDED)


_FIRST = Reading(
    lambda customer: (
        _running().filter(customer_id=customer).select_related("server").order_by("name", "pk")[: MOST_OFFERED + 1]
    )
)
_LIKELY = Reading(
    lambda customer, names, keys: (
        _running()
        .filter(Q(is_one_of("name", names)) | Q(is_one_of("pk", keys)), customer_id=customer)
        .select_related("server")
        .order_by("name", "pk")
    )
)


def services_offered(
    customer: Customer, *, texts: Iterable[str], lately: Sequence[int], current: Service | None
) -> Offered:
    """Of a customer, for a request: all that have not ended by name, or MOST_OFFERED of them: first what the texts name, then those with the
    keys `lately`. The `current` one is always there. In one query; in two where there are more.
    """
    first = _FIRST(customer.pk)
    has_more, shown = len(first) > MOST_OFFERED, first
    if has_more:
        text = "\n".join(texts)
        likely = _LIKELY(customer.pk, possible_names(text), list(lately))
        shown = list(dict.fromkeys([*named_in(likely, text), *likely, *first]))[:MOST_OFFERED]
    return Offered(shown if current is None or current in shown else [current, *shown], has_more)


def _open_to(customer: Any, beside: QuerySet[Membership, Any]) -> QuerySet[Service]:
    return _running().filter(Q(customer_id=customer) | Q(is_any_of("customer_id", beside)))


_FIRST_OPEN_TO = Reading(
    lambda customer, contact: _first_open_to(customer, customers_beside(contact), MOST_OFFERED + 1).select_related(
        "server", "customer"
    )
)


def services_open_to(contact: Contact) -> Offered:
    """The first MOST_OFFERED by name, of all customers that a contact writes for, that have not ended; with server and customer, in one query."""
    found = _FIRST_OPEN_TO(contact.customer_id, contact.pk)
    return Offered(found[:MOST_OFFERED], len(found) > MOST_OFFERED)


def services_open_to_called(contact: Contact, name: str, *, text: str) -> list[Service]:
    """Of those customers' services the one called so; of a site and its mail of one name, the one that the text speaks of. Else the first that
    hold the name, with their customers.
    """
    rows = _open_to(contact.customer_id, customers_beside(contact)).select_related("customer").order_by("name", "pk")
    called = sorted(rows.filter(name=name.lower()), key=lambda service: service.kind != ServiceKind.HOSTING)
    if called:
        return [_or_its_mail(called[0], called, text.lower())]
    return list(rows.filter(name__icontains=name)[:MOST_OFFERED])


def _first_open_to(customer: Any, beside: QuerySet[Membership, Any], most: int, search: str = "") -> QuerySet[Service]:
    """So many by name of that customer and of those beside it. Of its own no more are read than that."""
    named = _running().filter(name__icontains=search) if search else _running()
    own = named.filter(customer_id=customer).order_by("name", "pk").values("pk")[:most]
    # In an order that no index has: else all services are gone through by name for those of a few customers, or of none.
    others = named.filter(is_any_of("customer_id", beside)).order_by(Lower("name"), "pk").values("pk")[:most]
    return Service.objects.filter(Q(is_any_of("pk", own)) | Q(is_any_of("pk", others))).order_by("name", "pk")[:most]


class _Called(NamedTuple):
    """What of a service is compared with a text; the names are those of the columns."""

    pk: int
    name: str
    kind: str
    customer_id: int


AnyService = TypeVar("AnyService", Service, _Called)
_CALLED = Columns(lambda customer, contact: _open_to(customer, customers_beside(contact)).values_list(*_Called._fields))
_THE_ONE = Reading(lambda pk: Service.objects.filter(pk=pk).select_related("server", "customer"))


def service_meant(contact: Contact, text: str, sender: str) -> tuple[Service | None, list[ServiceReason]]:
    """The service that a contact's request is about, of all the customers they write for, and why it is thought so.

    First the one named in the text (the longest name, so that shop.example.it wins over example.it), then the one
    whose domain the sender writes from, then the only one there is. Where they write for several customers and nothing points at one of them,
    it is said that their own was taken. Of all services, an agency has a thousand, only names are read.
    """
    services = [_Called(*columns) for columns in _CALLED(contact.customer_id, contact.pk)]
    own = [service for service in services if service.customer_id == contact.customer_id]
    found = _mentioned(services, text, sender) or _only(own)
    if found is not None:
        return next(iter(_THE_ONE(found[0].pk)), None), [found[1]]
    return None, [ServiceReason.OWN_CUSTOMER] if len(own) < len(services) else []


def services_to_choose(
    contact: Contact, *, limit: int, search: str = "", start: int = 0, to_open: bool = False
) -> list[Service]:
    """Services that have not ended and whose name holds the text, by name, with their customers, in one query.

    They are those of all customers that a contact writes for; `to_open`, of those for whom they may open requests.
    """
    if not search and not start:
        return _first_services(limit, to_open)(_own(contact, to_open=to_open), contact.pk)
    beside = _beside(contact.pk, to_open=to_open)
    found = _first_open_to(_own(contact, to_open=to_open), beside, start + limit, search)
    return list(found.select_related("customer")[start:])


@cache
def _first_services(limit: int, to_open: bool) -> Reading[Service]:  # noqa: FBT001 - a key of the cache
    """Read on pages that customers open all day: put together once."""
    return Reading(
        lambda customer, contact: _first_open_to(customer, _beside(contact, to_open=to_open), limit).select_related(
            "customer"
        )
    )


def _own(contact: Contact, *, to_open: bool) -> int | None:
    return contact.customer_id if contact.may_open or not to_open else None


def _beside(contact: Any, *, to_open: bool) -> QuerySet[Membership, Any]:
    return customers_beside(contact, may_open=True) if to_open else customers_beside(contact)


def service_to_open(contact: Contact, public_id: UUID) -> Service | None:
    """A service that has not ended and about which a contact may open a request; None for any other, or what is not there."""
    theirs = _open_to(_own(contact, to_open=True), _beside(contact.pk, to_open=True))
    return theirs.filter(public_id=public_id).select_related("customer").first()


def _mentioned(services: list[_Called], text: str, sender: str) -> tuple[_Called, ServiceReason] | None:
    longest_first = sorted(services, key=_name_length, reverse=True)
    lowered, domain = text[:LONGEST_TEXT].lower(), sender.rpartition("@")[2].lower()
    for service in longest_first:
        if _names(lowered, service.name.lower()):
            return _or_its_mail(service, services, lowered), ServiceReason.MENTIONED
    for service in longest_first:
        if service.name.lower() == domain:
            return _or_its_mail(service, services, lowered), ServiceReason.SENDER_DOMAIN
    return None


def _or_its_mail(service: AnyService, services: list[AnyService], text: str) -> AnyService:
    """The mailboxes of the same domain, where the text speaks of mail and not of the site."""
    if service.kind != ServiceKind.HOSTING or not _OF_MAIL.search(text) or _OF_SITE.search(text):
        return service
    name = service.name.lower()
    beside = (each for each in services if each.kind == ServiceKind.MAIL and each.customer_id == service.customer_id)
    return next((each for each in beside if _names(each.name.lower(), name)), service)


def named_in(services: Iterable[Service], text: str) -> list[Service]:
    """Those of the services whose names stand in the text, the longest name first; not one whose name is a part of another's."""
    lowered = text[:LONGEST_TEXT].lower()
    named = [service for service in services if _names(lowered, service.name.lower())]
    return sorted(named, key=_name_length, reverse=True)


def possible_names(text: str) -> list[str]:
    """What in a text may be the name of a service, in lower case: words by themselves, and two or three in a row of which one looks like a name."""
    found = (word.strip(".-").removeprefix("www.") for word in _WORD.findall(text[:LONGEST_TEXT].lower()))
    words = [word for word in found if word]
    rows = [words[place : place + length] for length in (1, 2, 3) for place in range(len(words) - length + 1)]
    likely = [" ".join(row) for row in rows if any(map(_LIKE_A_NAME.search, row))]
    return list(dict.fromkeys([*likely, *words]))[:MOST_WORDS]


def _only(services: list[_Called]) -> tuple[_Called, ServiceReason] | None:
    return (services[0], ServiceReason.ONLY_ONE) if len(services) == 1 else None


def _names(text: str, name: str) -> bool:
    """Whether the name stands in the text by itself: not as a part of a longer name, nor as a domain of a mail address."""
    if not name or name not in text:
        return False
    alone = rf"(?<!{NAME_CHARACTER})(?<!@)(?<!{NAME_CHARACTER}\.){re.escape(name)}(?!{NAME_CHARACTER})(?!\.{NAME_CHARACTER})"
    return re.search(rf"(?:(?<!{NAME_CHARACTER})www\.{re.escape(name)}(?!{NAME_CHARACTER})|{alone})", text) is not None


def _name_length(service: Service | _Called) -> int:
    return len(service.name)


# -- the register ------------------------------------------------------------------------------------------------------
def services_page(*, search: str, place: Place) -> Page[Service]:
    """Services by name, with customer and server; `search` looks into all three names."""
    rows = Service.objects.select_related("customer", "server")
    if search:
        rows = rows.filter(_named(search) | Q(customer__name__icontains=search))
    return page_of(rows, key="name", read=read_text, place=place, descending=False)


def services_page_of(customer: Customer, *, search: str, place: Place, is_running: bool = False) -> Page[Service]:
    """A customer's by name, with their servers, which `search` looks into, too; those that have ended among them, unless they have to be running."""
    rows = (_running() if is_running else Service.objects.all()).filter(customer=customer).select_related("server")
    if search:
        rows = rows.filter(_named(search))
    return page_of(rows, key="name", read=read_text, place=place, descending=False)


def _named(search: str) -> Q:
    return Q(name__icontains=search) | Q(server__name__icontains=search)


def how_many_services() -> int:
    return Service.objects.count()


def service_by_id(public_id: UUID) -> Service | None:
    return Service.objects.select_related("customer", "server").filter(public_id=public_id).first()


def first_services_of(customer: Customer, limit: int) -> list[Service]:
    """Also those that have ended, which come last."""
    rows = Service.objects.filter(customer=customer).select_related("server").order_by("status", "name", "pk")
    return list(rows[:limit])


def service_counts(customers: Sequence[Customer]) -> dict[int, int]:
    """How many services that have not ended each of these customers has, by customer id; those without any are left out."""
    running = _running().filter(customer__in=customers)
    return dict(running.order_by().values_list("customer").annotate(n=Count("pk")))


def domains_of(service: Service) -> list[ServiceDomain]:
    """The domains it answers for and those it once did, the running ones first."""
    return list(service.domains.order_by(F("until").desc(nulls_first=True), "name"))


def elsewhere(service: Service) -> list[ServiceDomain]:
    """Where else the domains of a service are or were: who had them before it, and who has them now."""
    names = service.domains.values("name")
    rows = ServiceDomain.objects.filter(name__in=names).exclude(service=service).select_related("service__customer")
    return list(rows.order_by("name", "-since")[:MOST_ELSEWHERE])


def networks() -> list[NetworkRange]:
    return list(NetworkRange.objects.all())


def network_by_id(pk: int) -> NetworkRange | None:
    return NetworkRange.objects.filter(pk=pk).first()


def servers_outside(servers: Iterable[Server], known: Sequence[NetworkRange]) -> set[int]:
    """The keys of the servers with an address in none of the provider's networks; of none, as long as none is known."""
    ranges = [row.network for row in known]
    if not ranges:
        return set()
    return {server.pk for server in servers if not all(network_of(address, ranges) for address in server.addresses)}


def servers() -> QuerySet[Server]:
    """All servers by name, each with the number of services `running` on it."""
    running = ~Q(services__status=ServiceStatus.ENDED)
    return Server.objects.annotate(running=Count("services", filter=running)).order_by("name")


def servers_in_use() -> QuerySet[Server]:
    return Server.objects.filter(ended_on=None).order_by("name")


def services_named(names: Sequence[str]) -> list[Service]:
    """Those that have not ended with these names, in lower case."""
    return list(_running().filter(name__in=names))


def server_by_id(pk: int) -> Server | None:
    return servers().filter(pk=pk).first()


def services_on(server: Server, *, place: Place) -> Page[Service]:
    rows = Service.objects.filter(server=server).select_related("customer", "server")
    return page_of(rows, key="name", read=read_text, place=place, descending=False)


def public_names() -> list[str]:
    """Under which servers in use stand on the public status page; one name may be that of several."""
    named = Server.objects.filter(ended_on=None).exclude(public_name="")
    return list(named.order_by("public_name").values_list("public_name", flat=True).distinct())


# -- planned work ------------------------------------------------------------------------------------------------------
def quiet_until(service: Service, at: datetime) -> datetime | None:
    """Until when planned work on a service, or on its server, is under way at that instant; None when none is."""
    of_it = Q(service=service) | Q(server=service.server_id) if service.server_id else Q(service=service)
    windows = QuietWindow.objects.filter(of_it, starts_at__lte=at, ends_at__gt=at)
    return windows.order_by("-ends_at").values_list("ends_at", flat=True).first()


def quiet_beside(service: str, server: str, at: datetime) -> QuerySet[QuietWindow]:
    """The windows, at that instant, of the service or server that columns of an outer query name: for its `Exists`."""
    windows = QuietWindow.objects.filter(starts_at__lte=at, ends_at__gt=at)
    return windows.filter(Q(service=OuterRef(service)) | Q(server=OuterRef(server)))


_WORKS = Reading(
    lambda services, servers, since, until: (
        QuietWindow.objects.filter(is_one_of("service_id", services) | is_one_of("server_id", servers))
        .filter(starts_at__lte=until, ends_at__gt=since)
        .order_by("starts_at", "pk")
    )
)


def works_on(services: Sequence[Service], *, since: datetime, until: datetime) -> list[QuietWindow]:
    """Planned work on any of those services, or on their servers, that was under way between the two instants, in its order."""
    servers = [service.server_id for service in services if service.server_id is not None]
    return _WORKS([service.pk for service in services], servers, since, until)


def worked_on(*, since: datetime, until: datetime) -> QuerySet[Service]:
    """The services on which planned work was under way between the two instants."""
    windows = QuietWindow.objects.filter(starts_at__lte=until, ends_at__gt=since)
    by_server = is_any_of("server_id", windows.exclude(server=None).values("server_id"))
    return Service.objects.filter(by_server | Q(is_any_of("pk", windows.exclude(service=None).values("service_id"))))


def services_called(names: Sequence[str]) -> list[Service]:
    """Those that have not ended and are called so, whatever the case of the letters; of a name that several have, all."""
    wanted = Q()
    for name in names[:MOST_NAMES]:
        wanted |= Q(name__iexact=name)
    return list(_running().filter(wanted)) if wanted else []
