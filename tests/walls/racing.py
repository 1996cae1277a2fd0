"""What is asked of one thing by several at the same moment: the people, the rows, and who asks what. Made inside a started installation."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from sportello.accounts.enums import Role
from sportello.core import clock
from sportello.customers.actions import Granted
from sportello.customers.invitations import make_invitation
from sportello.customers.models import Contact, ContactAddress
from sportello.customers.sign_in import make_link
from sportello.presales.models import AddressLink, Enquiry
from sportello.presales.queries import digest
from sportello.tickets import actions
from sportello.tickets.enums import DraftKind, OrderKind
from sportello.tickets.models import Tag, Ticket
from tests.factories import make_contact, make_customer, make_message, make_server, make_team, make_ticket, make_user
from tests.incidents.making import make_incident
from tests.walls.world import World

Wish = tuple[str, str, dict[str, str]]
"""Who posts what to which address."""


@dataclass
class Start:
    """The people at their browsers, and the races of one kind after the other."""

    world: World = field(default_factory=World)
    clients: dict[str, Client] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("ada", "aldo", "mia"):
            self.staff(name)

    def staff(self, name: str) -> Any:
        user = make_user(name, role=Role.ADMIN)
        self.clients[name] = self.world.staff(user)
        return user

    def customer(self, contact: Contact) -> str:
        name = f"contact {contact.pk}"
        self.clients[name] = self.world.customer(contact)
        return name

    def ticket(self, contact: Contact) -> Ticket:
        return make_ticket(contact=contact, mailbox=self.world.mailbox, now=clock.now())

    def cookies(self) -> dict[str, dict[str, str]]:
        return {
            name: {key: morsel.value for key, morsel in client.cookies.items()} for name, client in self.clients.items()
        }


def _to(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def _words(ticket: Ticket) -> dict[str, str]:
    return {"text": f"Un momento {uuid4()}", "seen_version": str(ticket.version), "confirm": "on", "then": "keep"}


def merges(start: Start) -> list[Wish]:
    """Each into the other, by all."""
    contact = make_contact()
    one, two = start.ticket(contact), start.ticket(contact)
    return [
        (who, _to("desk:merge", source.public_id), {"number": str(target.number)})
        for who in start.clients
        if who in {"ada", "aldo", "mia"}
        for source, target in ((one, two), (two, one))
    ]


def everything(start: Start) -> list[Wish]:
    """What can be done with a ticket, while it is joined to another."""
    contact = make_contact()
    one, two = start.ticket(contact), start.ticket(contact)
    more, asks = make_message(one, "E un'altra cosa", now=clock.now()), start.customer(contact)
    Contact.objects.filter(pk=contact.pk).update(may_order=True)
    order = actions.put_up(
        ticket=one, kind=OrderKind.DELETE, text="x", by=start.world.agent, now=clock.now(), address=None
    )
    return [
        ("ada", _to("desk:merge", one.public_id), {"number": str(two.number)}),
        ("aldo", _to("desk:reply", one.public_id), _words(one)),
        ("mia", _to("desk:reply", two.public_id), _words(two)),
        ("ada", _to("desk:note", one.public_id), _words(one)),
        ("mia", _to("desk:close", one.public_id), {}),
        ("aldo", _to("desk:split", more.public_id), {"subject": "Altro"}),
        (asks, _to("portal:reply", one.public_id), {"text": f"Ancora {uuid4()}", "once": str(uuid4())}),
        (asks, _to("portal:order", order.public_id), {"act": "confirm"}),
        ("aldo", _to("desk:withdraw-order", one.public_id, order.public_id), {}),
        ("mia", _to("desk:take", one.public_id), {}),
    ]


def whose(start: Start) -> list[Wish]:
    """A stranger's requests become a customer's in two ways at once, while they write on."""
    contact, known = make_contact(unknown=True), make_customer(f"Nota {uuid4()}")
    rows = [start.ticket(contact) for _ in range(3)]
    asks = start.customer(contact)
    made = {
        "name": f"Nuova {uuid4()}", "kind": "company", "since": "2026-01-01", "is_active": "on", "language": "it", "person": "Ugo",
        "person_name": "Ugo", "contact_name": "Ugo", "code": uuid4().hex[:8], "person_language": "it",
    }  # fmt: skip
    return [
        *(("ada", _to("desk:set-customer", each.public_id), {"customer": known.code}) for each in rows),
        ("aldo", _to("desk:make-customer", rows[0].public_id), made),
        ("mia", _to("desk:attach-contact", contact.public_id, known.public_id), {}),
        *(
            (asks, _to("portal:reply", each.public_id), {"text": f"Ecco {uuid4()}", "once": str(uuid4())})
            for each in rows
        ),
        ("mia", _to("desk:merge", rows[2].public_id), {"number": str(rows[1].number)}),
    ]


def erasing(start: Start) -> list[Wish]:
    """Somebody is looked at, to be erased, while they write and decide. The job asks for the person first and for the tickets then."""
    contact = make_contact()
    Contact.objects.filter(pk=contact.pk).update(may_order=True)
    rows, asks = [start.ticket(contact) for _ in range(3)], start.customer(contact)
    orders = [
        actions.put_up(
            ticket=each, kind=OrderKind.DELETE, text="x", by=start.world.agent, now=clock.now(), address=None
        )
        for each in rows
    ]
    return [
        ("ada", _to("desk:erase-person", contact.public_id), {"look": "1"}),
        *(
            (asks, _to("portal:reply", each.public_id), {"text": f"Ecco {uuid4()}", "once": str(uuid4())})
            for each in rows
        ),
        *((asks, _to("portal:order", each.public_id), {"act": "confirm"}) for each in orders),
        ("aldo", _to("desk:merge", rows[2].public_id), {"number": str(rows[0].number)}),
    ]


def orders(start: Start) -> list[Wish]:
    """What cannot be undone is confirmed and refused by the same person in many windows."""
    contact = make_contact()
    Contact.objects.filter(pk=contact.pk).update(may_order=True)
    asks, row = start.customer(contact), start.ticket(contact)
    order = actions.put_up(
        ticket=row, kind=OrderKind.DELETE, text="x", by=start.world.agent, now=clock.now(), address=None
    )
    return [(asks, _to("portal:order", order.public_id), {"act": act}) for act in ("confirm", "refuse") * 4]


def gathered(start: Start) -> list[Wish]:
    """One ticket under two outages."""
    row, both = start.ticket(make_contact()), [make_incident(make_server()) for _ in range(2)]
    return [
        (who, _to("desk:put-under-incident", row.public_id), {"incident": str(incident.public_id)})
        for who in ("ada", "aldo", "mia")
        for incident in both
    ]


def taking(start: Start) -> list[Wish]:
    row = start.ticket(make_contact())
    return [(who, _to("desk:take", row.public_id), {}) for who in ("ada", "aldo", "mia") * 4]


def links(start: Start) -> list[Wish]:
    """Two links of one person, each followed twice."""
    contact = make_contact()
    secrets = [make_link(contact=contact, now=clock.now()) for _ in range(2)]
    start.clients.setdefault("nobody", Client())
    return [("nobody", _to("portal:enter", secret), {}) for secret in secrets * 2]


def questions(start: Start) -> list[Wish]:
    """Two links to one address, by which its question becomes a request, each followed twice."""
    address = f"{uuid4().hex}@stranger.example"
    asked = Enquiry.objects.create(
        address=address, name="Ugo", text=f"Una domanda {uuid4()}", language="it", asked_at=clock.now()
    )
    secrets = [uuid4().hex for _ in range(2)]
    for secret in secrets:
        AddressLink.objects.create(
            address=address,
            secret_sha256=digest(secret),
            sent_at=clock.now(),
            expires_at=clock.now() + timedelta(hours=1),
        )
    chosen = {"question": str(asked.public_id), "shown": str(asked.public_id)}
    start.clients.setdefault("nobody", Client())
    return [("nobody", _to("presales-confirm", secret), chosen) for secret in secrets * 2]


def invitations(start: Start) -> list[Wish]:
    """An invitation is taken up twice, sent again and withdrawn."""
    customer = make_customer()
    invitation, secret = make_invitation(
        customer=customer, mail=f"{uuid4().hex}@customer.example", name="Ida", language="it", granted=Granted(),
        by=start.world.admin, now=clock.now(), address=None,
    )  # fmt: skip
    start.clients.setdefault("nobody", Client())
    place = (customer.public_id, invitation.pk)
    return [
        *(("nobody", _to("portal:invited", secret), {}) for _ in range(2)),
        *((who, _to("desk:invite-again", *place), {}) for who in ("ada", "aldo", "mia")),
        ("ada", _to("desk:withdraw-invitation", *place), {}),
    ]


def addresses(start: Start) -> list[Wish]:
    """Of two addresses both are taken away, and both are made the first."""
    contact = make_contact()
    row = ContactAddress.objects.create(contact=contact, address=f"{uuid4().hex}@customer.example", is_primary=False)
    both = [contact.addresses.exclude(pk=row.pk).get().pk, row.pk]
    return [
        *((who, _to("desk:make-primary", contact.public_id, pk), {}) for who in ("ada", "aldo", "mia") for pk in both),
        *(("ada", _to("desk:remove-address", contact.public_id, pk), {}) for pk in both),
    ]


def drafts(start: Start) -> list[Wish]:
    """One agent's windows: written, files added, thrown away, sent, taken back."""
    row = start.ticket(make_contact())
    begun = {"text": "Comincio", "seen_version": str(row.version), "tab": "one"}
    actions.save_draft(
        ticket=row, by=start.world.agent, kind=DraftKind.REPLY, text="Comincio", base_version=row.version, now=clock.now(), tab="one"
    )  # fmt: skip
    start.clients.setdefault("agent", start.world.staff(start.world.agent))
    return [
        *(
            ("agent", _to("desk:reply-files", row.public_id), {**begun, "uploads": f"file {number}"})
            for number in range(4)
        ),
        *(("agent", _to("desk:reply-discard", row.public_id), {"tab": "one"}) for _ in range(4)),
        *(("agent", _to("desk:reply-draft", row.public_id), begun) for _ in range(2)),
        ("agent", _to("desk:reply", row.public_id), {**begun, "text": f"Ecco {uuid4()}"}),
    ]


def names(start: Start) -> list[Wish]:
    """Teams and tags are renamed to each other, and taken away."""
    teams = [make_team() for _ in range(2)]
    tags = [Tag.objects.create(name=uuid4().hex[:20]) for _ in range(2)]
    row = start.ticket(make_contact())
    return [
        ("ada", _to("desk:team", teams[0].pk), {"name": teams[1].name}),
        ("aldo", _to("desk:team", teams[1].pk), {"name": teams[0].name}),
        ("mia", _to("desk:team-remove", teams[0].pk), {}),
        ("ada", _to("desk:edit-tag", tags[0].pk), {"name": tags[1].name}),
        ("aldo", _to("desk:edit-tag", tags[1].pk), {"name": tags[0].name}),
        ("mia", _to("desk:remove-tag", tags[0].pk), {}),
        *((who, _to("desk:tag", row.public_id), {"name": tags[0].name}) for who in ("ada", "aldo")),
    ]


def passwords(start: Start) -> list[Wish]:
    """A customer sets as many passwords at once."""
    asks = start.customer(make_contact())
    made = [uuid4().hex for _ in range(4)]
    return [
        *((asks, _to("portal:password"), {"new": each, "again": each}) for each in made),
        *((asks, _to("portal:end-others"), {}) for _ in range(2)),
    ]


def requests(start: Start) -> list[Wish]:
    """One sending, repeated, and once with other words."""
    asks, once = start.customer(make_contact()), str(uuid4())
    told = {"service": "other", "claim": "question", "once": once}
    said = f"Non funziona la posta {uuid4()}"
    other = {**told, "text": f"Un'altra cosa {uuid4()}"}
    return [*((asks, _to("portal:new"), {**told, "text": said}) for _ in range(5)), (asks, _to("portal:new"), other)]


RACES: dict[str, Callable[[Start], list[Wish]]] = {
    race.__name__: race
    for race in (
        merges, everything, whose, erasing, orders, gathered, taking, links, questions, invitations, addresses, drafts, names,
        passwords, requests,
    )
}  # fmt: skip
FEW = {"links": 6, "questions": 6, "invitations": 6}
"""Of these a network has a limit in an hour."""


def write_down(place: str, rounds: int) -> None:
    start = Start()
    made = {name: [race(start) for _ in range(min(rounds, FEW.get(name, rounds)))] for name, race in RACES.items()}
    told = {"cookies": start.cookies(), "csrf": settings.CSRF_COOKIE_NAME, "races": made}
    Path(place).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    write_down(sys.argv[1], int(sys.argv[2]))
