"""Questions before buying, and faults that came the wrong way [reach.presales]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from sportello.accounts.models import AuditEntry
from sportello.customers.models import Customer
from sportello.mail.enums import Purpose
from sportello.tickets.models import Ticket
from tests.desk.reading import page as read
from tests.desk.reading import texts
from tests.factories import NOW, make_contact, make_customer, make_mailbox, make_queue, make_service, make_ticket

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


# -- a customer made of whoever asked ------------------------------------------------------------------------------------
FORM = {
    "name": "Neri Srl",
    "kind": "company",
    "code": "C4711",
    "is_active": "on",
    "language": "it",
    "time_zone": "Europe/Rome",
    "person": "Mario Neri",
    "phones": "+39 02 1234567",
    "has_rights": "on",
}


@pytest.fixture
def question() -> Ticket:
    mario = make_contact("Mario", unknown=True, address="mario@neri.example")
    make_ticket("Un\u2019altra domanda", contact=mario, queue=make_queue("presales"))
    return make_ticket("Quanto costa un server?", contact=mario, queue=make_queue("presales"))


def test_a_customer_is_made_of_whoever_asked_with_all_their_tickets(desk: Client, question: Ticket) -> None:
    page = f"/desk/tickets/{question.public_id}/customer/new"
    assert page in desk.get(reverse("desk:ticket", args=[question.public_id])).content.decode()
    assert desk.get(page).context["form"]["person"].value() == "Mario"
    assert desk.post(page, FORM).headers["Location"] == reverse("desk:ticket", args=[question.public_id])
    customer = Customer.objects.get(code="C4711")
    mario = customer.contacts.get()
    assert (mario.name, mario.phone, mario.sees_all, mario.may_order) == ("Mario Neri", "+39021234567", True, True)
    assert set(Ticket.objects.values_list("customer", flat=True)) == {customer.pk}
    assert set(AuditEntry.objects.values_list("act", flat=True)) >= {"customer-created", "contact-changed"}


def test_it_is_filled_in_from_the_public_form(desk: Client, question: Ticket) -> None:
    told = {"name": "Mario Neri", "company": "Neri Srl", "phone": "02 1234567"}
    question.messages.update(extra={"enquiry": told})
    form = desk.get(f"/desk/tickets/{question.public_id}/customer/new").context["form"]
    assert [form[name].value() for name in ("name", "kind", "phones")] == ["Neri Srl", "company", "02 1234567"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_was_made(desk: Client, question: Ticket) -> None:
    make_customer(code="C4711")
    page = f"/desk/tickets/{question.public_id}/customer/new"
    assert list(desk.post(page, FORM).context["form"].errors) == ["code"]
    assert list(desk.post(page, {**FORM, "code": "C1", "phones": "x"}).context["form"].errors) == ["phones"]
    assert Customer.objects.count() == 1


def test_who_is_known_already_is_said_to_be(desk: Client, question: Ticket) -> None:
    page = f"/desk/tickets/{question.public_id}/customer/new"
    make_contact("Luisa Neri", address="luisa@neri.example", customer=make_customer("Neri Srl"))
    assert "Perhaps known already" in desk.get(page).content.decode()
    known = make_ticket(contact=make_contact("Laura Doria"), queue=make_queue("presales"))
    page = f"/desk/tickets/{known.public_id}/customer/new"
    assert "Known already" in desk.get(page).content.decode()
    before = Customer.objects.count()
    refused = desk.post(page, FORM)
    assert (refused.status_code, list(refused.context["form"].errors), Customer.objects.count()) == (
        422,
        ["__all__"],
        before,
    )


def test_it_is_taken_back_as_long_as_there_is_nothing_more_to_it(desk: Client, question: Ticket) -> None:
    desk.post(f"/desk/tickets/{question.public_id}/customer/new", FORM)
    customer = Customer.objects.get(code="C4711")
    service = make_service(customer=customer)
    back = f"/desk/tickets/{question.public_id}/customer/take-back"
    assert "There is more to this customer" in desk.post(back, follow=True).content.decode()
    assert set(Ticket.objects.values_list("customer", flat=True)) == {customer.pk}
    service.delete()
    desk.post(back)
    question.refresh_from_db()
    assert (Customer.objects.count(), question.customer, question.contact.customer, question.contact.may_order) == (
        0,
        None,
        None,
        False,
    )
    assert set(Ticket.objects.values_list("customer", flat=True)) == {None}
    assert AuditEntry.objects.filter(act="customer-taken-back", subject="Neri Srl").count() == 1
