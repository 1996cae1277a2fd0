"""A small provider with one of everything that an address can name, and the people who try to open it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client
from django.urls import reverse
from django.utils.http import int_to_base36
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData

from sportello.accounts.enums import Role, Who
from sportello.accounts.models import User
from sportello.core import clock, files
from sportello.customers.actions import Granted
from sportello.customers.invitations import make_invitation
from sportello.customers.models import Contact, ContactPasskey, ContactSession, Customer, Invitation
from sportello.customers.sign_in import make_link
from sportello.duplicates.enums import Place
from sportello.duplicates.models import Proposal as SameProposal
from sportello.imports.enums import Kind, Source, State
from sportello.imports.models import Import
from sportello.incidents.actions import Opening, link_ticket, open_incident
from sportello.incidents.models import Incident, Proposal
from sportello.mail.actions.inbound import store_inbound
from sportello.mail.enums import Door
from sportello.mail.models import ImapAccount
from sportello.presales.models import AddressLink, Enquiry
from sportello.presales.queries import digest
from sportello.privacy.actions.dropping import DROPS, drop_secret
from sportello.privacy.models import Download
from sportello.services.models import NetworkRange
from sportello.tickets import actions
from sportello.tickets.actions.following import remove_contact
from sportello.tickets.enums import FollowerRole, OrderKind, OrderState
from sportello.tickets.models import Attachment, Concern, Follower, Message, Tag, Ticket
from sportello.triage.models import Calendar, SlaPolicy
from tests.factories import (
    NOW,
    make_contact,
    make_mailbox,
    make_server,
    make_service,
    make_team,
    make_ticket,
    make_user,
)
from tests.incidents.making import make_incident, make_works
from tests.walls.urls import Address, Parameter

STRANGE: Mapping[str, Any] = {
    "uuid": uuid4(),
    "int": 10**9,
    "str": "nothing-of-the-kind",
    "slug": "nothing-of-the-kind",
}
"""The id of nothing, by converter."""

STAFF = frozenset({Who.ANYONE, Who.STAFF})


@dataclass(frozen=True)
class Person:
    """Somebody at a browser, and what they are to the rules."""

    name: str
    client: Client
    may: frozenset[Who]


@dataclass
class World:
    """Two customers, A and B, and staff in each role. What addresses name belongs to A, or to the administrator."""

    admin: User = field(default_factory=lambda: make_user("Ada Amministra", role=Role.ADMIN))
    agent: User = field(default_factory=lambda: make_user("Aldo Agente", role=Role.AGENT))
    reader: User = field(default_factory=lambda: make_user("Lea Legge", role=Role.READ_ONLY))
    contact_a: Contact = field(default_factory=lambda: make_contact("Anna A"))
    contact_b: Contact = field(default_factory=lambda: make_contact("Bruno B"))
    former_agent: User = field(default_factory=lambda: make_user("Furio Fuori", role=Role.ADMIN))
    former_contact: Contact = field(default_factory=lambda: make_contact("Wanda W"))

    def __post_init__(self) -> None:
        self.mailbox = make_mailbox()
        self.ticket = self._ticket(self.contact_a)
        self.ticket_of_b = self._ticket(self.contact_b)
        self.file_of_b = self._file(self.ticket_of_b.messages.get())
        self._ticket(self.former_contact)
        self.message = self.ticket.messages.get()
        self.file = self._file(self.message)

    def _ticket(self, contact: Contact) -> Ticket:
        return make_ticket(contact=contact, mailbox=self.mailbox, now=clock.now())

    def _file(self, message: Message) -> Attachment:
        sha256 = files.put(b"words in a file")
        return Attachment.objects.create(
            ticket=message.ticket,
            message=message,
            name="a.txt",
            content_type="text/plain",
            size=15,
            sha256=sha256,
            preview_sha256=sha256,
        )

    def strangers(self) -> dict[str, Contact]:
        """Contacts who may not read A's ticket, each for another reason."""
        named = {
            "another customer": self.contact_b,
            "a colleague": make_contact("Carla Collega", customer=self.contact_a.customer),
            "nobody's contact": make_contact("Ugo Ignoto", unknown=True),
            "in copy": make_contact("Chiara Copia"),
            "not followed any more": make_contact("Rita Rimossa"),
        }
        Follower.objects.create(ticket=self.ticket, contact=named["in copy"], role=FollowerRole.COPY, since=NOW)
        Follower.objects.create(
            ticket=self.ticket, contact=named["not followed any more"], role=FollowerRole.FOLLOWER, since=NOW
        )
        remove_contact(ticket=self.ticket, contact=named["not followed any more"], by=self.agent, now=clock.now())
        return named

    @cached_property
    def everybody(self) -> list[Person]:
        """All of them, signed in once: who was shut out has still the cookies of before."""
        return [*self.people(), *self.shut_out()]

    def people(self) -> list[Person]:
        return [
            Person("admin", self.staff(self.admin), STAFF | {Who.WRITER, Who.ADMIN}),
            Person("agent", self.staff(self.agent), STAFF | {Who.WRITER}),
            Person("read-only agent", self.staff(self.reader), STAFF),
            Person("customer A", self.customer(self.contact_a), frozenset({Who.ANYONE, Who.CONTACT})),
            Person("customer B", self.customer(self.contact_b), frozenset({Who.ANYONE, Who.CONTACT})),
            Person("anonymous", Client(), frozenset({Who.ANYONE})),
        ]

    def shut_out(self) -> list[Person]:
        """People with an open session, whose right was withdrawn."""
        agent, contact = self.staff(self.former_agent), self.customer(self.former_contact)
        User.objects.filter(pk=self.former_agent.pk).update(is_active=False)
        Contact.objects.filter(pk=self.former_contact.pk).update(is_active=False)
        return [
            Person("deactivated admin", agent, frozenset({Who.ANYONE})),
            Person("withdrawn customer", contact, frozenset({Who.ANYONE})),
        ]

    def staff(self, user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    def customer(self, contact: Contact) -> Client:
        """A browser in which the contact has followed a link from a mail."""
        client = Client()
        client.post(reverse("portal:enter", kwargs={"secret": make_link(contact=contact, now=clock.now())}))
        return client

    def values(self, address: Address) -> dict[str, Any]:
        """What stands for the parameters of an address: one of our objects where the place is known, else the id of nothing."""
        return {each.name: self._value(each) for each in address.parameters}

    def knows(self, address: Address) -> bool:
        return all(self._maker(each) for each in address.parameters)

    def _value(self, parameter: Parameter) -> Any:
        make = self._maker(parameter)
        return make(parameter) if make else STRANGE[parameter.converter]

    def _maker(self, parameter: Parameter) -> Callable[[Parameter], Any] | None:
        """The one for the longest end of the path before the parameter, else the one for the parameter's name."""
        places = sorted((place for place in self._objects if parameter.place.endswith(f"/{place}")), key=len)
        return self._objects.get(places[-1] if places else parameter.name)

    @property
    def _objects(self) -> Mapping[str, Callable[[Parameter], Any]]:
        """By the end of the path before a parameter, or else by the parameter's name."""
        return {
            "tickets": lambda parameter: self.ticket.number if parameter.converter == "int" else self.ticket.public_id,
            "messages": lambda _: self.message.public_id,
            "same": lambda _: self._same(),
            "files": lambda _: self.file.public_id,
            "outbox": lambda _: self._reply().outbound.public_id,  # type: ignore[union-attr]
            "drops": lambda _: self._drop(),
            "secret": lambda _: self._drop(),
            "data": lambda _: self._download(by=self.admin),
            "settings/privacy": lambda _: self._download(by=None),
            "mail": lambda _: self._inbound(),
            "people": lambda _: self.agent.public_id,
            "teams": lambda _: make_team().pk,
            "customers": lambda _: self.contact_a.customer.public_id if self.contact_a.customer else None,
            "customers/people": lambda _: self.contact_a.public_id,
            "contacts": lambda _: self.contact_a.public_id,
            "contact_id": lambda _: self.contact_a.public_id,
            "addresses": lambda _: self.contact_a.addresses.get().pk,
            "attach": lambda _: self.contact_a.customer.public_id if self.contact_a.customer else None,
            "memberships": self._membership,
            "networks": lambda _: NetworkRange.objects.get_or_create(network="192.0.2.0/24")[0].pk,
            "services": lambda _: make_service().public_id,
            "servers": lambda _: make_server().pk,
            "language": lambda _: "it",
            "maintenance": lambda _: make_works(make_server(), starts_at=clock.now()).public_id,
            "portal/incidents": lambda _: (
                make_incident(make_server()).public_id
            ),  # of nobody: tests/incidents knows whose
            "shown_id": lambda _: make_incident(make_server()).public_id,
            "path": lambda _: "icon.svg",
            "imports": lambda _: self._import(),
            "desk/incidents": lambda _: self._incident().public_id,
            "gathered": lambda _: self._gathered(),
            "proposals": lambda _: self._proposal(),
            "mailboxes": lambda _: self.mailbox.pk,
            "imap": lambda _: self._imap_account(),
            "queues": lambda _: "support",
            "settings/policy": lambda _: "promise.first",
            "portal/policy": lambda _: 1,
            "hours": lambda _: Calendar.objects.earliest("pk").pk,
            "times": lambda _: SlaPolicy.objects.earliest("pk").pk,
            "tags": lambda _: Tag.objects.get_or_create(name="fretta")[0].pk,
            "settings/sessions": lambda _: self._session_of_a(),
            "step": lambda _: "hours",
            "said": lambda _: "later",
            "settings/passkeys": lambda _: self._passkey_of_a(),
            "passkeys": lambda _: self._passkey(),
            "confirm": lambda _: self._address_link(),
            "orders": lambda _: self._order(),
            "invited": lambda _: self._invitation()[1],
            "concerns": lambda _: self._concern(),
            "invitations": lambda _: self._invitation()[0].pk,
            "portal/people": lambda _: self._invitation()[0].pk,
            "portal/people/of": lambda _: self.contact_a.customer.public_id if self.contact_a.customer else None,
            "enter": lambda _: make_link(contact=self.contact_a, now=clock.now()),
            "uidb36": lambda _: int_to_base36(self.agent.pk),
            "key": lambda _: PasswordResetTokenGenerator().make_token(self.agent),
        }

    def _incident(self) -> Incident:
        """One that was told, and goes on."""
        known = Incident.objects.filter(ended_at=None).first()
        opening = Opening(
            title_it="Guasto", title_en="Outage", text_it="Non va.", text_en="It fails.", started_at=clock.now(), servers=[make_server()]
        )  # fmt: skip
        return known or open_incident(opening=opening, by=self.agent, now=clock.now())

    def _gathered(self) -> int:
        """A's ticket, under it."""
        return link_ticket(incident=self._incident(), ticket=self.ticket, by=self.agent, now=clock.now()).pk

    def _proposal(self) -> UUID:
        evidence = {
            "reasons": [["customers", {"customers": 3, "minutes": 15}]],
            "customers": 3,
            "tickets": [self.ticket.pk],
        }
        now = clock.now()
        return Proposal.objects.create(server=make_server(), evidence=evidence, proposed_at=now, seen_at=now).public_id

    def _import(self) -> UUID:
        """One that was tried: its page shows all there is."""
        row = Import.objects.create(
            source=Source.FILE, kind=Kind.CUSTOMERS, name="clienti.csv", state=State.TRIED, by=self.admin, header=["id", "nome"],
            chosen={"external_id": "id", "name": "nome"}, is_read=True, created_at=clock.now(), moved_at=clock.now(), counts={"new": 1},
        )  # fmt: skip
        row.portions.create(number=0, lines=[[2, ["1", "Doria"], ""]])
        row.lines.create(kind=Kind.CUSTOMERS, line=2, external_id="1", outcome="new")
        return row.public_id

    def _membership(self, parameter: Parameter) -> Any:
        """Of another customer than the contact's own: by itself, or by that customer."""
        other = Customer.objects.get_or_create(code="beside", defaults={"name": "Beside"})[0]
        row = self.contact_a.memberships.get_or_create(customer=other, defaults={"since": clock.now()})[0]
        return row.pk if parameter.converter == "int" else other.public_id

    def _address_link(self) -> str:
        """For a question before buying that waits."""
        secret, now, address = uuid4().hex, clock.now(), f"{uuid4().hex}@stranger.example"
        Enquiry.objects.create(address=address, name="Nino", text="Quanto costa?", language="it", asked_at=now)
        AddressLink.objects.create(
            address=address, secret_sha256=digest(secret), sent_at=now, expires_at=now + timedelta(hours=1)
        )
        return secret

    def _same(self) -> int:
        """That A's ticket may be the same as another of A's."""
        SameProposal.objects.all().delete()
        row = SameProposal.objects.create(
            ticket=self.ticket, target=self._ticket(self.contact_a), contact=self.contact_a, place=Place.DESK, score=1,
            probability=0.7, features={"text": 0.4, "same_sender": 1}, made_at=clock.now(),
        )  # fmt: skip
        return int(row.pk)

    def _order(self) -> UUID:
        """On A's ticket, for A to confirm."""
        Contact.objects.filter(pk=self.contact_a.pk).update(may_order=True)
        known = self.ticket.orders.filter(state=OrderState.ASKED).first()
        told: dict[str, Any] = {"kind": OrderKind.DELETE, "text": "x", "now": clock.now(), "address": None}
        return (known or actions.put_up(ticket=self.ticket, by=self.agent, **told)).public_id

    def _reply(self) -> Message:
        return actions.reply(
            ticket=self.ticket, text="Guardiamo.", by=self.agent, now=clock.now(), seen_version=self.ticket.version
        )

    def _drop(self) -> UUID:
        """One that waits for a look: it is gone after the first."""
        DROPS.forget(str(self.contact_a.pk), now=clock.now())
        drop = drop_secret(ticket=self.ticket, contact=self.contact_a, secret="x", label="FTP", now=clock.now())
        return drop.public_id

    def _download(self, by: User | None) -> UUID:
        download = Download.objects.create(
            contact=self.contact_a,
            asked_by=by,
            asked_at=clock.now(),
            ready_at=clock.now(),
            sha256=files.put(b"all of it"),
        )
        return download.public_id

    def _inbound(self) -> UUID:
        raw = b"From: a@customer.example\r\nSubject: x\r\n\r\ntext"
        stored = store_inbound(
            raw=raw,
            mailbox=self.mailbox,
            door=Door.PIPE,
            envelope_from="a@customer.example",
            envelope_to=self.mailbox.address,
            now=clock.now(),
        )
        return stored.inbound.public_id

    def _imap_account(self) -> int:
        account = ImapAccount.objects.create(
            mailbox=self.mailbox, host="imap.example", username="info", secret="INFO", since=clock.now().date()
        )
        return int(account.pk)

    def _session_of_a(self) -> int:
        session = ContactSession.objects.create(
            contact=self.contact_a, session_key=uuid4().hex, begun_at=clock.now(), seen_at=clock.now()
        )
        return int(session.pk)

    def _passkey_of_a(self) -> int:
        made: Any = ES256  # fido2 leaves this call without types
        public = made.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, uuid4().bytes, public)
        key = ContactPasskey.objects.create(
            contact=self.contact_a,
            credential_id=websafe_encode(credential.credential_id),
            credential=bytes(credential),
            name="Telefono",
            added_at=clock.now(),
        )
        return int(key.pk)

    def _concern(self) -> int:
        row, _made = Concern.objects.get_or_create(
            customer=self.ticket.customer, key="topic:orders", defaults={"weight": 3, "tickets": [self.ticket.pk]}
        )
        return row.pk

    def _invitation(self) -> tuple[Invitation, str]:
        assert self.contact_a.customer
        Invitation.objects.all().delete()
        return make_invitation(
            customer=self.contact_a.customer,
            mail="invited@customer.example",
            name="Ida Invitata",
            language="it",
            granted=Granted(),
            by=self.admin,
            now=clock.now(),
            address=None,
        )

    def _passkey(self) -> int:
        key = Authenticator.objects.create(
            user=self.admin, type=Authenticator.Type.WEBAUTHN, data={"name": "Chiave", "credential": {}}
        )
        return int(key.pk)
