"""What cannot be undone is done only after somebody with that right has confirmed it [reach.phone]."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from sportello.accounts.models import AuditEntry, User
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.models import Contact, Membership
from sportello.customers.sign_in import make_link
from sportello.mail.models import OutboundMail
from sportello.tickets import actions, queries
from sportello.tickets.actions.ordering import ORDER_LASTS
from sportello.tickets.enums import EventKind, OrderKind, OrderState
from sportello.tickets.models import Order, Ticket
from sportello.tickets.sentences import sentence
from tests.factories import NOW, make_contact, make_customer, make_mailbox, make_ticket, make_user

pytestmark = pytest.mark.django_db
WHAT = "Cancellare la casella info@doria.example con tutta la posta."


@pytest.fixture
def laura() -> Contact:
    return make_contact("Laura Doria", language="en")


@pytest.fixture
def owner(laura: Contact) -> Contact:
    contact = make_contact("Dario Doria", customer=laura.customer, address="dario@doria.example", language="en")
    Contact.objects.filter(pk=contact.pk).update(may_order=True)
    contact.refresh_from_db()
    return contact


@pytest.fixture
def ticket(laura: Contact) -> Ticket:
    return make_ticket(contact=laura, mailbox=make_mailbox(), now=clock.now())


def put_up(ticket: Ticket, by: User | None = None, **given: Any) -> Order:
    given = {"kind": OrderKind.DELETE, "text": WHAT, "now": clock.now(), "address": None, **given}
    return actions.put_up(ticket=ticket, by=by or make_user(), **given)


def signed_in(contact: Contact) -> Client:
    client = Client()
    client.post(f"/portal/enter/{make_link(contact=contact, now=clock.now())}/")
    return client


def decide(order: Order, contact: Contact, *, confirmed: bool = True, now: Any = None) -> None:
    actions.decide(order=order, contact=contact, confirmed=confirmed, now=now or clock.now(), address="192.0.2.7")


def refusal(act: Any, *args: Any, **given: Any) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **given)
    return refused.value.code


def test_who_may_is_told_by_mail_without_a_word_of_what_was_said(ticket: Ticket, owner: Contact) -> None:
    assert owner.customer is not None
    agency = make_contact("Ada Agenzia", address="ada@agency.example")
    Membership.objects.create(contact=agency, customer=owner.customer, since=NOW, may_order=True)
    order = put_up(ticket)
    mails = OutboundMail.objects.order_by("to")
    assert [mail.to for mail in mails] == ["ada@agency.example", "dario@doria.example"]
    assert all(f"/portal/orders/{order.public_id}/" in mail.text and "info@doria" not in mail.text for mail in mails)
    assert (order.state, order.expires_at - order.asked_at) == (OrderState.ASKED, ORDER_LASTS)


def test_what_waits_for_a_confirmation_goes_with_a_joined_ticket_and_back(ticket: Ticket, owner: Contact) -> None:
    """A fault found: it stayed with the ticket that lives on in another, where nobody could confirm it any more."""
    agent, other = make_user(), make_ticket(contact=ticket.contact, now=clock.now())
    order, later = put_up(ticket, agent), put_up(ticket, agent, text="Altro.")
    merge = actions.merge(source=ticket, target=other, by=agent, now=clock.now())
    order.refresh_from_db()
    decide(order, owner)
    assert other.messages.filter(contact=owner).count() == 1
    actions.undo_merge(merge=merge, by=agent, now=clock.now())
    later.refresh_from_db()
    decide(later, owner)
    assert later.ticket == ticket
    assert ticket.messages.filter(contact=owner).count() == 1


def test_s11_nobody_decides_in_a_ticket_that_became_another_customers(ticket: Ticket, owner: Contact) -> None:
    """A fault found: the old customer's people still confirmed there what cannot be undone, and read what it was."""
    agent, other = make_user(), make_customer("Altra SRL")
    Membership.objects.create(contact=ticket.contact, customer=other, since=NOW)
    order = put_up(ticket, agent)
    actions.set_customer(ticket=ticket, customer=other, by=agent, now=clock.now())
    order.refresh_from_db()
    assert (order.state, order.ticket.customer) == (OrderState.WITHDRAWN, other)
    assert (queries.orders_waiting_for(owner, now=clock.now()), queries.order_of_contact(owner, order.public_id)) == (
        [],
        None,
    )
    assert signed_in(owner).post(f"/portal/orders/{order.public_id}/", {"act": "confirm"}).status_code == 404
    assert refusal(decide, order, owner) == "order-over"
    assert not ticket.messages.filter(contact=owner).exists()
    assert [event.kind for event in ticket.events.order_by("pk")][-2:] == [
        EventKind.ORDER_WITHDRAWN,
        EventKind.CUSTOMER_CHANGED,
    ]


def test_a_confirmation_is_a_message_an_event_and_an_audit_entry(ticket: Ticket, owner: Contact) -> None:
    agent = make_user("Giulia Rinaldi")
    order = put_up(ticket, agent)
    actions.reply(ticket=ticket, text="Attendiamo.", by=agent, now=clock.now(), seen_version=ticket.version)
    decide(order, owner)
    order.refresh_from_db()
    ticket.refresh_from_db()
    assert (order.state, order.decided_by, ticket.customer_waits_since is not None) == ("confirmed", owner, True)
    last = ticket.messages.latest("pk")
    assert (last.contact, last.text) == (owner, f"Confermato: eliminare un servizio o i suoi dati\n{WHAT}")
    events = ticket.events.filter(kind__startswith="order").order_by("pk")
    assert [(event.kind, event.user, event.contact) for event in events] == [
        ("order_asked", agent, None),
        ("order_confirmed", None, owner),
    ]
    with translation.override("en"):
        assert sentence(events[1]) == "confirmed: delete a service or its data"
    entry = AuditEntry.objects.get(act="order-confirmed")
    assert (entry.address, entry.detail["contact"], entry.detail["ticket"]) == (
        "192.0.2.7",
        "Dario Doria",
        ticket.number,
    )


def test_nobody_without_the_right_decides(ticket: Ticket, owner: Contact, laura: Contact) -> None:
    order = put_up(ticket)
    stranger = make_contact("Bruno B")
    Contact.objects.filter(pk=stranger.pk).update(may_order=True)
    stranger.refresh_from_db()
    assert [refusal(decide, order, each) for each in (laura, stranger)] == ["may-not-order"] * 2
    for each in (laura, stranger):
        client = signed_in(each)
        assert (
            client.get(f"/portal/orders/{order.public_id}/").status_code,
            client.get("/portal/orders/").status_code,
        ) == (404, 200)
        says_so = "This access does not have that right" in client.get("/portal/orders/").content.decode()
        assert says_so == (each is laura)
        assert client.post(f"/portal/orders/{order.public_id}/", {"act": "confirm"}).status_code == 404
    order.refresh_from_db()
    assert order.state == OrderState.ASKED


def test_a_right_that_was_withdrawn_is_none(ticket: Ticket, owner: Contact) -> None:
    order = put_up(ticket)
    client = signed_in(owner)
    Contact.objects.filter(pk=owner.pk).update(may_order=False)
    assert client.post(f"/portal/orders/{order.public_id}/", {"act": "confirm"}).status_code == 404


def test_it_is_decided_once_and_in_time(ticket: Ticket, owner: Contact) -> None:
    agent = make_user()
    first, second, late = (put_up(ticket, agent, text=f"{WHAT} {number}") for number in range(3))
    decide(first, owner, confirmed=False)
    assert refusal(decide, first, owner) == "order-over"
    actions.withdraw(order=second, by=agent, now=clock.now(), address=None)
    assert refusal(decide, second, owner) == "order-over"
    assert refusal(decide, late, owner, now=clock.now() + ORDER_LASTS + timedelta(seconds=1)) == "order-over"
    assert refusal(actions.withdraw, order=first, by=agent, now=clock.now(), address=None) == "order-over"
    assert list(Order.objects.order_by("pk").values_list("state", flat=True)) == ["refused", "withdrawn", "asked"]


def test_what_cannot_be_put_up(ticket: Ticket, laura: Contact, owner: Contact) -> None:
    stranger = make_ticket(contact=make_contact(unknown=True))
    nobody = make_ticket(contact=make_contact("Solo Soletti"))
    assert [refusal(put_up, stranger), refusal(put_up, nobody), refusal(put_up, ticket, text=" ")] == [
        "no-customer-yet",
        "nobody-may-order",
        "empty",
    ]


def test_staff_see_not_confirmed_and_then_who_confirmed(ticket: Ticket, owner: Contact) -> None:
    desk = Client()
    desk.force_login(make_user(language="en"))
    page = f"/desk/tickets/{ticket.public_id}/"
    desk.post(f"{page}orders", {"kind": "delete", "text": WHAT})
    assert "not confirmed" in desk.get(page).content.decode()
    order = Order.objects.get()
    client = signed_in(owner)
    assert WHAT in client.get(f"/portal/orders/{order.public_id}/").content.decode()
    client.post(f"/portal/orders/{order.public_id}/", {"act": "confirm"})
    shown = desk.get(page).content.decode()
    assert ("not confirmed" in shown, "Dario Doria" in shown) == (False, True)


def test_staff_take_it_back(ticket: Ticket, owner: Contact) -> None:
    desk = Client()
    desk.force_login(make_user(language="en"))
    order = put_up(ticket)
    desk.post(f"/desk/tickets/{ticket.public_id}/orders/{order.public_id}/withdraw")
    order.refresh_from_db()
    assert (order.state, queries.orders_waiting_for(owner, now=clock.now())) == (OrderState.WITHDRAWN, [])


def test_a_contact_asks_for_it_and_who_may_confirms(ticket: Ticket, laura: Contact, owner: Contact) -> None:
    client = signed_in(laura)
    page = f"/portal/tickets/{ticket.public_id}/orders/"
    assert client.post(page, {"kind": "nonsense", "text": WHAT}).status_code == 422
    assert client.post(page, {"kind": "restore", "text": WHAT}).status_code == 302
    (order,) = queries.orders_waiting_for(owner, now=clock.now())
    assert (order.kind, order.asked_by, order.asked_by_contact) == ("restore", None, laura)
    assert "not confirmed" in client.get(page).content.decode()
    assert str(order.public_id) in signed_in(owner).get("/portal/orders/").content.decode()


def test_the_list_is_read_in_as_many_queries_however_long(
    ticket: Ticket, owner: Contact, django_assert_num_queries: Any
) -> None:
    agent = make_user()
    for most in (1, 3):
        while Order.objects.count() < most:
            put_up(ticket, agent, text=f"{WHAT} {Order.objects.count()}")
        with django_assert_num_queries(1):
            assert len(queries.orders_waiting_for(owner, now=clock.now())) == most
