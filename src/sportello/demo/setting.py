"""The provider of the demo: mailboxes, staff, servers, customers with their contacts and services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sportello.accounts.actions import create_team, create_user
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.demo.stories import provider
from sportello.mail.enums import Purpose
from sportello.mail.models import Mailbox
from sportello.services.actions import add_server, add_service
from sportello.services.enums import ServiceKind
from sportello.services.models import Service

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
    agents = _agents(told["agents"], now)
    servers = {
        entry["name"]: add_server(
            name=entry["name"], hostname=entry["hostname"], address=entry["address"], by=None, now=now
        )
        for entry in told["servers"]
    }
    services: dict[str, Service] = {}
    for entry in told["customers"]:
        customer = _customer(entry)
        for kind, name, plan, server in entry["services"]:
            services[name] = add_service(
                customer=customer,
                kind=ServiceKind(kind),
                name=name,
                plan=plan,
                server=servers.get(server),
                since=entry["since"],
                by=None,
                now=now,
            )
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


def _customer(told: dict[str, Any]) -> Customer:
    customer = Customer.objects.create(name=told["name"], code=told["code"], since=told["since"])
    for name, address, role, language in told["contacts"]:
        contact = Contact.objects.create(customer=customer, name=name, role=role, language=language)
        ContactAddress.objects.create(contact=contact, address=address)
    return customer
