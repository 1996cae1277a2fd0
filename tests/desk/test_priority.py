"""The desk says why a ticket stands where it stands, lets people decide otherwise, and shows what matters to the customer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sportello.core import clock
from sportello.services.enums import ServiceVerdict
from sportello.tickets import actions
from sportello.tickets.models import Concern, Ticket
from tests.desk.reading import find, only, page, text_of
from tests.factories import make_contact, make_customer, make_service, make_ticket

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def ticket() -> Ticket:
    customer = make_customer()
    contact = make_contact(customer=customer)
    service = make_service(customer=customer)
    for days in (9, 5):
        make_ticket("Ordini", text="Gli ordini non arrivano", contact=contact, now=clock.now() - days * DAY)
    ticket = make_ticket("Carrello", text="Il carrello dà errore", contact=contact, service=service, now=clock.now())
    actions.look_at_customers(now=clock.now())
    return ticket


def test_what_was_seen_is_said_in_the_queue_and_beside_the_ticket(desk: Client, ticket: Ticket) -> None:
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.DEGRADED, now=clock.now())
    [why] = [text_of(line) for line in find(page(desk, reverse("desk:queue")), ".row-why") if "15" in text_of(line)]
    assert "+15′" in why
    shown = page(desk, reverse("desk:ticket", args=[ticket.public_id]))
    assert "+15′" in text_of(only(shown, "#why .why"))


def test_a_person_decides_otherwise_with_a_reason_and_gives_it_back(desk: Client, ticket: Ticket) -> None:
    form = {"word": "before", "reason": "Accordo al telefono"}
    desk.post(reverse("desk:overrule", args=[ticket.public_id]), form)
    shown = page(desk, reverse("desk:ticket", args=[ticket.public_id]))
    assert "Accordo al telefono" in text_of(only(shown, "#why .overruled"))
    desk.post(only(shown, "#why .overruled form").get("action"))
    ticket.refresh_from_db()
    assert (ticket.overrule, ticket.ahead) == ("", 1)


@pytest.mark.parametrize("form", [{"word": "before", "reason": ""}, {"word": "first", "reason": "x"}, {}])
def test_nothing_is_decided_without_a_reason_or_by_an_unknown_word(
    desk: Client, ticket: Ticket, form: dict[str, str]
) -> None:
    desk.post(reverse("desk:overrule", args=[ticket.public_id]), form)
    ticket.refresh_from_db()
    assert ticket.overrule == ""


def test_what_matters_is_shown_with_its_tickets_and_can_be_let_go_and_taken_back(desk: Client, ticket: Ticket) -> None:
    address = reverse("desk:ticket", args=[ticket.public_id])
    panel = only(page(desk, address), "#matters")
    assert text_of(only(panel, ".chip")) == "orders"
    assert len(find(panel, ".matters a")) == 3
    answer = desk.post(only(panel, ".matters form").get("action"), {"next": address})
    assert answer.headers["Location"] == address
    assert find(page(desk, address), "#matters") == []
    customer = page(desk, reverse("desk:customer", args=[ticket.customer.public_id])) if ticket.customer else None
    assert customer is not None
    desk.post(only(customer, "#matters form").get("action"))
    assert Concern.objects.get().dismissed_at is None
