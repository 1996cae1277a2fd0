"""A right that is taken away while a request of its owner is under way: what they wrote comes too late (S11, S30)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sportello.core import clock
from sportello.customers.models import Contact, Membership
from sportello.customers.sign_in import make_link
from sportello.mail.models import Mailbox
from sportello.privacy.models import Drop
from sportello.tickets import actions
from sportello.tickets.actions.following import remove_contact
from sportello.tickets.enums import OrderKind, OrderState, Status
from sportello.tickets.models import Follower, Message, Order, Rating, RequestDraft, Ticket
from tests.accounts.ending import after_reading
from tests.conftest import Tried
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_mailbox,
    make_queue,
    make_server,
    make_service,
    make_ticket,
    make_user,
)
from tests.incidents.making import make_incident
from tests.walls.test_s48_called_off import contents

pytestmark = pytest.mark.django_db

TEXT = "Scritto un momento dopo."
DOORS: dict[str, tuple[str, dict[str, str]]] = {
    "reply": ("portal:reply", {"text": TEXT}),
    "secret": ("portal:secret", {"secret": "hunter2-hunter2", "label": "FTP"}),
    "close": ("portal:close", {}),
    "rate": ("portal:rate", {"verdict": "bad", "text": TEXT}),
    "ask-order": ("portal:ask-order", {"kind": OrderKind.DELETE, "text": TEXT}),
    "new": ("portal:new", {"service": "other", "claim": "question", "text": TEXT}),
    "new-draft": ("portal:new-draft", {"service": "", "claim": "", "text": TEXT}),
    "order": ("portal:order", {"act": "confirm"}),
}
OF_A_TICKET = ("reply", "secret", "close", "rate", "ask-order")


@pytest.fixture
def support() -> Mailbox:
    make_queue()
    return make_mailbox()


@pytest.fixture
def ticket(support: Mailbox) -> Ticket:
    """Asked by Laura, read by Nora of an agency, who may do all that a contact may; it was answered, and waits for a confirmation."""
    laura, nora, agent = make_contact("Laura Doria"), make_contact("Nora Agenzia"), make_user()
    assert laura.customer
    Membership.objects.create(
        contact=nora, customer=laura.customer, since=NOW, may_order=True, may_open=True, sees_all=True
    )
    ticket = make_ticket(contact=laura, mailbox=support, now=clock.now())
    Follower.objects.create(ticket=ticket, contact=nora, since=NOW)
    actions.reply(ticket=ticket, text="Guardiamo.", by=agent, now=NOW, seen_version=ticket.version)
    actions.put_up(ticket=ticket, kind=OrderKind.DELETE, text="x", by=agent, now=clock.now(), address=None)
    return ticket


def deactivated(ticket: Ticket) -> None:
    Contact.objects.filter(name="Nora Agenzia").update(is_active=False)


def no_longer_of_the_customer(ticket: Ticket) -> None:
    Membership.objects.all().delete()


def moved_to_another_customer(ticket: Ticket) -> None:
    other = make_customer("Altra SRL")
    Membership.objects.create(contact=ticket.contact, customer=other, since=NOW)
    actions.set_customer(ticket=Ticket.objects.get(pk=ticket.pk), customer=other, by=make_user(), now=clock.now())


def removed_as_a_follower(ticket: Ticket) -> None:
    Membership.objects.update(sees_all=False)
    nora = Contact.objects.get(name="Nora Agenzia")
    remove_contact(ticket=Ticket.objects.get(pk=ticket.pk), contact=nora, by=make_user(), now=clock.now())


def may_no_more_order(ticket: Ticket) -> None:
    Membership.objects.update(may_order=False)


WAYS_OUT: list[tuple[Callable[[Ticket], None], tuple[str, ...], int]] = [
    (deactivated, tuple(DOORS), 403),
    (no_longer_of_the_customer, OF_A_TICKET, 404),
    (moved_to_another_customer, OF_A_TICKET, 404),
    (removed_as_a_follower, OF_A_TICKET, 404),
]
TRIED = [(way_out, door, status) for way_out, doors, status in WAYS_OUT for door in doors]


def browser_of_nora() -> Client:
    browser = Client()
    browser.post(
        reverse("portal:enter", args=[make_link(contact=Contact.objects.get(name="Nora Agenzia"), now=clock.now())])
    )
    return browser


def post(browser: Client, ticket: Ticket, door: str) -> int:
    name, form = DOORS[door]
    which = {"order": [Order.objects.get().public_id], "new": [], "new-draft": []}.get(door, [ticket.public_id])
    return browser.post(reverse(name, args=which), {**form, "once": str(uuid4())}).status_code


def left_behind() -> list[object]:
    nora = Contact.objects.get(name="Nora Agenzia")
    return [
        *(model.objects.filter(contact=nora).exists() for model in (Message, Drop, Rating, RequestDraft)),
        Ticket.objects.filter(status=Status.CLOSED).exists(),
        Order.objects.filter(asked_by_contact=nora).exists(),
        Order.objects.filter(state=OrderState.CONFIRMED).exists(),
    ]


@pytest.mark.parametrize(("way_out", "door", "status"), TRIED, ids=lambda each: getattr(each, "__name__", str(each)))
def test_s11_what_was_written_by_somebody_who_may_no_more_comes_too_late(
    ticket: Ticket, tried: Tried, way_out: Callable[[Ticket], None], door: str, status: int
) -> None:
    """A fault found: the right was looked for as the request began; what was written while it waited for a lock went in all the same."""
    tried("S11")
    browser = browser_of_nora()
    with after_reading("tickets_ticket" if door in OF_A_TICKET else "customers_contact", lambda: way_out(ticket)):
        assert post(browser, ticket, door) == status
    assert not any(left_behind())


@pytest.mark.parametrize("way_out", [no_longer_of_the_customer, may_no_more_order])
def test_s11_nobody_confirms_what_cannot_be_undone_with_a_right_that_was_taken_while_they_waited_for_the_ticket(
    ticket: Ticket, tried: Tried, way_out: Callable[[Ticket], None]
) -> None:
    """A fault found: the right was looked for before the ticket was waited for, and what was confirmed then is done and not undone."""
    tried("S11")
    browser = browser_of_nora()
    with after_reading('FROM "tickets_ticket"', lambda: way_out(ticket)):
        assert post(browser, ticket, "order") == 302
    assert Order.objects.get().state == OrderState.ASKED


@pytest.mark.parametrize("door", DOORS)
def test_s11_who_may_does_write_so_the_test_above_can_fail(ticket: Ticket, door: str) -> None:
    assert post(browser_of_nora(), ticket, door) < 400
    assert any(left_behind())


@pytest.mark.parametrize("door", ["people-of", "unfollow", "ask-erasure", "ask-data", "tell-me", "password"])
@pytest.mark.django_db(transaction=True)
def test_s11_no_door_of_the_customers_area_commits_for_whoever_was_deactivated_meanwhile(
    ticket: Ticket, door: str, tried: Tried
) -> None:
    """A fault found: doors that hold nobody wrote for whoever was deactivated while their request was under way: invited, opened, handed out."""
    assert ticket.customer
    browser, server = browser_of_nora(), make_server()
    make_service(customer=ticket.customer, server=server)
    about = {
        "people-of": ticket.customer.public_id,
        "unfollow": ticket.public_id,
        "tell-me": make_incident(server).public_id,
    }
    which = [about[door]] if door in about else []
    form = {
        "address": "ida@doria.example",
        "name": "Ida",
        "new": "un cavallo davvero giusto",
        "again": "un cavallo davvero giusto",
    }
    before = contents()
    with after_reading("customers_contact", lambda: deactivated(ticket)):
        assert browser.post(reverse(f"portal:{door}", args=which), form).status_code == 403
    tried("S11")
    after = contents()
    assert {table for table, rows in after.items() if rows != before[table]} <= {
        "customers_contact",
        "accounts_auditentry",
    }
    Contact.objects.filter(name="Nora Agenzia").update(is_active=True)
    again = {**form, "address": "ugo@doria.example"}  # an address is written to once an hour
    assert browser.post(reverse(f"portal:{door}", args=which), again).status_code == 302
