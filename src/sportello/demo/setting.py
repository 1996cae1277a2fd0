"""The provider of the demo: mailboxes, staff, servers, customers with their contacts and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sportello.accounts.actions import create_team, create_user
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.customers.actions import (
    ContactFields,
    CustomerFields,
    Granted,
    create_contact,
    create_customer,
    grant,
)
from sportello.customers.models import Customer
from sportello.customers.queries import contact_by_address
from sportello.demo.stories import provider
from sportello.mail.enums import Purpose
from sportello.mail.models import Mailbox
from sportello.services.actions import ServerFields, ServiceFields, add_network, add_server, add_service
from sportello.services.enums import ServiceKind
from sportello.services.models import Service
from sportello.telephone.actions.numbers import set_our_numbers

PASSWORD = "prova-sportello-2026"  # noqa: S105 - public on purpose: the demo prints it


@dataclass(frozen=True, slots=True)
class Scene:
    """What the stories happen in. `services` by name."""

    support: Mailbox
    presales: Mailbox
    agents: tuple[User, ...]
    services: dict[str, Service]


def set_scene(now: datetime) -> Scene:
    told = provider()
    support, presales = _mailboxes(told["provider"])
    set_our_numbers(numbers=[told["provider"]["telephone"]], by=None, now=now, address=None)
    agents = _agents(told["agents"], now)
    servers = {entry["name"]: add_server(fields=ServerFields(**entry), by=None, now=now) for entry in told["servers"]}
    for network, label in told["networks"]:
        add_network(network=network, label=label, by=None, now=now, address=None)
    services: dict[str, Service] = {}
    for entry in told["customers"]:
        customer = _customer(entry, now)
        for kind, name, plan, server in entry["services"]:
            services[name] = add_service(
                customer=customer,
                fields=ServiceFields(
                    kind=ServiceKind(kind),
                    name=name,
                    plan=plan,
                    server=servers.get(server),
                    since=entry["since"],
                    is_managed=name in entry.get("managed", ()),
                    domains=_domains_of(kind, name),
                ),
                by=None,
                now=now,
            )
    _agency(told["agency"], now)
    return Scene(support, presales, agents, services)


def _mailboxes(told: dict[str, Any]) -> tuple[Mailbox, Mailbox]:
    common = {"signature_it": told["signature_it"], "signature_en": told["signature_en"]}
    support = Mailbox.objects.create(
        address=told["support"],
        aliases=told["support_aliases"],
        purpose=Purpose.SUPPORT,
        display_name=f"{told['name']} · assistenza",
        position=1,
        **common,
    )
    presales = Mailbox.objects.create(
        address=told["presales"], purpose=Purpose.PRESALES, display_name=told["name"], position=2, **common
    )
    return support, presales


def _agents(told: list[dict[str, Any]], now: datetime) -> tuple[User, ...]:
    teams = {name: create_team(name=name, by=None, now=now) for name in dict.fromkeys(entry["team"] for entry in told)}
    return tuple(
        create_user(
            email=entry["email"],
            name=entry["name"],
            role=Role(entry["role"]),
            team=teams[entry["team"]],
            language=entry["language"],
            password=PASSWORD,
            by=None,
            now=now,
        )
        for entry in told
    )


def _customer(told: dict[str, Any], now: datetime) -> Customer:
    """The first person sees everything and may agree to charges and to what cannot be undone."""
    known = ("name", "code", "since", "kind", "language", "vat_number", "tax_code", "sdi_code", "pec", "external_id")
    fields = CustomerFields(**{name: told[name] for name in known if name in told})
    customer = create_customer(fields=fields, by=None, now=now, address=None)
    for index, (name, address, role, language) in enumerate(told["contacts"]):
        phones = told.get("phones", ()) if index == 0 else ()
        is_first = index == 0
        person = ContactFields(
            name=name,
            role=role,
            language=language,
            other_phones=tuple(phones),
            sees_all=is_first,
            may_approve=is_first,
            may_order=is_first,
        )
        create_contact(customer=customer, fields=person, mail=address, by=None, now=now, address=None)
    return customer


def _agency(told: dict[str, Any], now: datetime) -> None:
    """Somebody who writes for several customers."""
    contact = contact_by_address(told["person"])
    if contact is None:
        raise LookupError(told["person"])
    for customer in Customer.objects.filter(code__in=told["customers"]):
        grant(contact=contact, customer=customer, granted=Granted(sees_all=True), by=None, now=now, address=None)


def _domains_of(kind: str, name: str) -> tuple[str, ...]:
    domain = name.rpartition(" ")[2]
    return () if kind == ServiceKind.VPS else (domain,)
