"""Tickets that were joined, taken apart, split and moved, and people who have left: no door shows what is no longer theirs (S11)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sportello.accounts.models import User
from sportello.core import clock, files
from sportello.customers.models import Contact, Membership
from sportello.customers.sign_in import make_link
from sportello.privacy.actions import ask_for_data, drop_secret, pack
from sportello.tickets import actions
from sportello.tickets.actions import NewFile
from sportello.tickets.enums import Channel, FollowerRole, OrderKind
from sportello.tickets.models import Attachment, Follower, Order, Ticket
from tests.conftest import Tried
from tests.factories import NOW, make_contact, make_customer, make_mailbox, make_queue, make_ticket, make_user

pytestmark = pytest.mark.django_db

WORD, SUBJECT, FILE, LABEL = "Zarathustra", "Bombarda", "quinterno.txt", "Etichettata"
"""What stands in a message, a subject, the name of a file and the label of a secret, and nowhere else."""
SEARCHED = ("Zarathustra dice", "Bombarda grossa")
"""Two words each: what was found has a mark at either, so that it is not what was looked for and stands on the page anyhow."""


@dataclass
class House:
    """Laura asked in `ticket`, and Paolo in `other`; Dora sees all of their customer; Nora only follows `ticket`."""

    agent: User
    laura: Contact
    paolo: Contact
    dora: Contact
    nora: Contact
    ticket: Ticket
    other: Ticket

    def marked(self, ticket: Ticket, contact: Contact) -> Any:
        """A message with all of the words, added to a ticket."""
        now = clock.now()
        ticket.refresh_from_db()
        actions.rename(ticket=ticket, subject="Bombarda grossa", by=self.agent, now=now)
        drop_secret(ticket=ticket, contact=contact, secret="hunter2", label=LABEL, now=now)
        file = NewFile(FILE, "text/plain", b"words in a file")
        return actions.add_message(
            ticket=ticket, text=f"{WORD} dice", now=now, contact=contact, channel=Channel.PORTAL, attachments=[file]
        )


@pytest.fixture
def house() -> House:
    make_queue()
    support, agent, laura = make_mailbox(), make_user(), make_contact("Laura Doria")
    customer = laura.customer
    paolo, dora, nora = (make_contact(name, customer=customer) for name in ("Paolo Po", "Dora Doria", "Nora Noia"))
    Contact.objects.filter(pk=dora.pk).update(sees_all=True, may_order=True)
    dora.refresh_from_db()
    ticket, other = (make_ticket(contact=each, mailbox=support, now=clock.now()) for each in (laura, paolo))
    Follower.objects.create(ticket=ticket, contact=nora, role=FollowerRole.FOLLOWER, since=NOW)
    return House(agent, laura, paolo, dora, nora, ticket, other)


def moved(house: House) -> list[Contact]:
    """To another customer, for which only Laura writes, too."""
    other = make_customer("Altra SRL")
    Membership.objects.create(contact=house.laura, customer=other, since=NOW)
    actions.put_up(ticket=house.ticket, kind=OrderKind.DELETE, text=WORD, by=house.agent, now=clock.now(), address=None)
    house.marked(house.ticket, house.laura)
    actions.set_customer(ticket=house.ticket, customer=other, by=house.agent, now=clock.now())
    return [house.dora, house.nora, house.paolo]


def joined_and_taken_apart(house: House) -> list[Contact]:
    """What was said in the other one is Paolo's again, for those who read it in between."""
    merge = actions.merge(source=house.ticket, target=house.other, by=house.agent, now=clock.now())
    house.marked(house.other, house.paolo)
    actions.undo_merge(merge=merge, by=house.agent, now=clock.now())
    return [house.laura, house.nora]


def split_off(house: House) -> list[Contact]:
    """What Laura wrote about another matter is in a ticket of hers alone."""
    message = house.marked(house.ticket, house.laura)
    new = actions.split(
        ticket=house.ticket, message=message, subject="Bombarda grossa", by=house.agent, now=clock.now()
    )
    actions.rename(ticket=house.ticket, subject="x", by=house.agent, now=clock.now())
    assert new.contact == house.laura
    return [house.paolo]


def left(house: House) -> list[Contact]:
    """Laura and Nora write for somebody else by now."""
    gone = [house.laura, house.nora]
    Contact.objects.filter(pk__in=[each.pk for each in gone]).update(customer=make_customer("Altra SRL"))
    house.marked(house.ticket, house.dora)
    return gone


def joined_and_left(house: House) -> list[Contact]:
    """Laura's was joined to Paolo's before she left."""
    actions.merge(source=house.ticket, target=house.other, by=house.agent, now=clock.now())
    house.marked(house.other, house.paolo)
    Contact.objects.filter(pk=house.laura.pk).update(customer=make_customer("Altra SRL"))
    return [house.laura]


HAPPENED: list[Callable[[House], list[Contact]]] = [moved, joined_and_taken_apart, split_off, left, joined_and_left]


def doors() -> list[str]:
    tickets, asked = (
        Ticket.objects.values_list("public_id", "number"),
        ("portal:ticket", "portal:secret", "portal:ask-order"),
    )
    return [
        *(
            reverse(name)
            for name in ("portal:home", "portal:requests", "portal:orders", "portal:new", "portal:privacy")
        ),
        *(f"{reverse('portal:search')}?q={word}" for word in (*SEARCHED, "quinterno")),
        *(f"{reverse('portal:search')}?q={number}" for _, number in tickets),
        *(reverse(name, args=[public_id]) for name in asked for public_id, _ in tickets),
        *(reverse("portal:file", args=[file.public_id]) for file in Attachment.objects.all()),
        *(reverse("portal:order", args=[order.public_id]) for order in Order.objects.all()),
    ]


def seen_by(contact: Contact, tried: Tried) -> list[str]:
    """Where one of the words stands, but in what was looked for."""
    browser, found = Client(), list[str]()
    browser.post(reverse("portal:enter", args=[make_link(contact=contact, now=clock.now())]))
    for door in doors():
        tried("S11")
        answer: Any = browser.get(door)
        shown = (b"".join(answer) if answer.streaming else answer.content).decode()
        for phrase in SEARCHED if "?q=" in door else ():
            shown = shown.replace(phrase, "")
        words = (WORD, SUBJECT, FILE, LABEL, "words in a file")
        found += [f"{door}: {word}" for word in words if word in shown]
    return found + archive_of(contact, tried)


def archive_of(contact: Contact, tried: Tried) -> list[str]:
    tried("S11")
    download = ask_for_data(contact=contact, by=None, now=clock.now(), address=None)
    pack(download_id=download.pk, now=clock.now())
    download.refresh_from_db()
    archive = zipfile.ZipFile(io.BytesIO(files.read(download.sha256)))
    told = "".join(f"{name}{archive.read(name).decode(errors='replace')}" for name in archive.namelist())
    return [f"archive: {word}" for word in (WORD, FILE, LABEL) if word in told]


@pytest.mark.parametrize("happened", HAPPENED)
def test_s11_no_door_shows_what_is_no_longer_theirs(
    house: House, tried: Tried, happened: Callable[[House], list[Contact]]
) -> None:
    for contact in happened(house):
        contact.refresh_from_db()
        assert seen_by(contact, tried) == [], contact


def test_s11_whose_it_is_sees_it_so_the_test_above_can_fail(house: House, tried: Tried) -> None:
    moved(house)
    house.laura.refresh_from_db()
    found = {line.rpartition(": ")[2] for line in seen_by(house.laura, tried)}
    assert found == {WORD, SUBJECT, FILE, LABEL, "words in a file"}
