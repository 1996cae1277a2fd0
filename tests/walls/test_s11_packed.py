"""A person's archive of their own data, packed before they lost a right (S11)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sportello.core import clock
from sportello.customers.actions import remove_address, withdraw
from sportello.customers.models import Contact, ContactAddress, Membership
from sportello.privacy.actions import ask_for_data, pack
from sportello.privacy.models import Download
from sportello.tickets.models import Ticket
from tests.conftest import Tried
from tests.factories import make_contact, make_customer, make_mailbox, make_ticket, make_user
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db


def status(client: Client, download: Download) -> int:
    """Of fetching it, to its end."""
    answer: Any = client.get(reverse("portal:fetch-data", args=[download.public_id]))
    b"".join(answer)
    return int(answer.status_code)


def packed(contact: Contact) -> Download:
    download = ask_for_data(contact=contact, by=None, now=clock.now(), address=None)
    pack(download_id=download.pk, now=clock.now())
    return download


@pytest.mark.parametrize("lost", ["customer", "membership", "address", "ticket"])
def test_s11_what_was_packed_before_a_right_was_lost_is_not_fetched_after(lost: str, tried: Tried) -> None:
    """A fault found: for seven days it could be. What is packed anew holds only what they may read by then, and is theirs."""
    make_mailbox()
    nora, boss, doria = make_contact("Nora", address="nora@agency.example"), make_user(), make_customer("Doria")
    membership = Membership.objects.create(contact=nora, customer=doria, since=clock.now())
    ContactAddress.objects.create(contact=nora, address="n@agency.example", is_primary=False)
    ticket = make_ticket(contact=nora)
    first, client = packed(nora), browser(nora)
    assert status(client, first) == 200
    make_ticket(contact=nora)  # what is gained does not matter
    assert status(client, first) == 200
    if lost == "customer":
        Contact.objects.filter(pk=nora.pk).update(customer=make_customer("Altra"))
    elif lost == "membership":
        withdraw(membership=membership, by=boss, now=clock.now(), address=None)
    elif lost == "address":
        remove_address(owned=nora.addresses.get(is_primary=False), by=boss, now=clock.now(), address=None)
    else:
        Ticket.objects.filter(pk=ticket.pk).update(customer=make_customer("Terza"))
    tried("S11")
    assert status(client, first) == 404
    assert str(first.public_id) not in client.get(reverse("portal:privacy")).content.decode()
    assert status(client, packed(nora)) == 200
