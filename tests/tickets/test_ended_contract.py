"""Support is for customers only: what is asked once a contract has ended waits as what strangers ask [cover.customers]."""

from __future__ import annotations

import pytest

from sportello.core import clock
from sportello.customers.models import Contact, Customer, Membership
from sportello.customers.queries import have_contract
from sportello.tickets import actions
from sportello.tickets.enums import Channel
from sportello.tickets.models import Ticket
from sportello.triage.enums import Claim, Priority, QueueGroup
from tests.factories import NOW, make_contact, make_customer, make_queue, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def laura() -> Contact:
    return make_contact("Laura Doria", customer=make_customer("Doria"))


def asked(contact: Contact) -> Ticket:
    """That nothing opens any more."""
    ticket: Ticket = actions.open_ticket(
        subject="Sito", text="Non si apre più nulla", contact=contact, queue=make_queue(), channel=Channel.PORTAL, now=NOW,
        claim=Claim.NOTHING_OPENS,
    )  # fmt: skip
    return ticket


def ended(*customers: Customer | None) -> None:
    Customer.objects.filter(pk__in=[customer.pk for customer in customers if customer]).update(is_active=False)


def test_whose_contract_has_ended_comes_before_nobody(laura: Contact) -> None:
    """A fault found: what they claimed came before all customers for ten minutes, and else waited among them."""
    first = asked(laura)
    assert (first.group, first.priority) == (QueueGroup.OUTAGE, Priority.NORMAL)
    ended(laura.customer)
    later = asked(Contact.objects.get(pk=laura.pk))
    assert (later.group, later.priority) == (QueueGroup.WAITING_FOR_US, Priority.LOW)
    assert ["queue.no_contract", {}] in later.reasons
    actions.take(ticket=Ticket.objects.get(pk=first.pk), by=make_user(), now=clock.now())
    first.refresh_from_db()
    assert (first.group, first.priority) == (QueueGroup.WAITING_FOR_US, Priority.LOW)


def test_a_person_has_a_contract_as_long_as_one_of_those_that_they_write_for_has(laura: Contact) -> None:
    other = make_customer("Altra")
    Membership.objects.create(contact=laura, customer=other, since=NOW)
    found = []
    for gone in ([], [laura.customer], [laura.customer, other]):
        ended(*gone)
        found.append(have_contract(Contact.objects.select_related("customer").get(pk=laura.pk)))
    assert found == [True, True, False]
    assert not have_contract(make_contact("Ugo", unknown=True))
