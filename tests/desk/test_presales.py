"""Questions before buying, and faults that came the wrong way [reach.presales]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sportello.mail.enums import Purpose
from sportello.tickets.models import Ticket
from tests.desk.reading import page as read
from tests.desk.reading import texts
from tests.factories import NOW, make_contact, make_mailbox, make_queue, make_ticket

pytestmark = pytest.mark.django_db


def test_a_customers_fault_moves_to_support_with_one_click_keeps_its_time_of_arrival_and_moves_back(
    desk: Client,
) -> None:
    make_queue()
    office = make_mailbox("info@provider.example", purpose=Purpose.PRESALES)
    ticket = make_ticket(queue=make_queue("presales"), mailbox=office)
    asked_there = (ticket.opened_at, ticket.first_due_at)
    page = reverse("desk:ticket", args=[ticket.public_id])
    assert moves_offered(desk, page) == ["Move to support"]
    move(desk, ticket, "support")
    assert (ticket.queue.slug, ticket.opened_at, ticket.first_due_at) == ("support", NOW, NOW + timedelta(minutes=10))
    assert (
        "moved it from pre-sales to support; its clocks still count from when it came"
        in desk.get(page).content.decode()
    )
    assert moves_offered(desk, page) == ["Move to pre-sales"]
    move(desk, ticket, "presales")
    assert (ticket.opened_at, ticket.first_due_at) == asked_there


@pytest.mark.parametrize(("queue", "offered"), [("presales", ["Move to support"]), ("support", ["Move to pre-sales"])])
def test_what_a_stranger_asks_moves_either_way(desk: Client, queue: str, offered: list[str]) -> None:
    ticket = make_ticket(queue=make_queue(queue), contact=make_contact(unknown=True))
    assert moves_offered(desk, reverse("desk:ticket", args=[ticket.public_id])) == offered


def test_what_a_customer_asks_of_support_is_no_question_before_buying(desk: Client) -> None:
    assert moves_offered(desk, reverse("desk:ticket", args=[make_ticket().public_id])) == []


def moves_offered(desk: Client, page: str) -> list[str]:
    return [words for words in texts(read(desk, page), ".acts button") if words.startswith("Move to")]


def move(desk: Client, ticket: Ticket, queue: str) -> None:
    desk.post(reverse("desk:set-queue", args=[ticket.public_id]), {"chosen": queue})
    ticket.refresh_from_db()
