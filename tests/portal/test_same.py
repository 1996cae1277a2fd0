"""While a customer writes: the open ticket about the same problem, shown before a second is sent [one.problem]."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.duplicates.enums import ProposalState
from sportello.duplicates.models import Proposal
from sportello.services.models import Service
from sportello.tickets.models import HeldFile, Message, RequestDraft, Ticket
from tests.factories import make_contact, make_mailbox, make_queue, make_service, make_ticket
from tests.portal.test_tickets import browser

NEW, SAME = "/portal/new/", "/portal/new/same/"
AGAIN = "Il negozio dà ancora errore 500, stiamo perdendo ordini"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def laura() -> Contact:
    make_queue()
    make_mailbox()
    return make_contact("Laura Doria", language="en")


@pytest.fixture
def shop(laura: Contact) -> Service:
    return make_service("negozio.example", customer=laura.customer)


@pytest.fixture
def open_one(laura: Contact, shop: Service) -> Ticket:
    return make_ticket("Il negozio non si apre, errore 500", contact=laura, service=shop, now=clock.now())


def form(shop: Service, **fields: Any) -> dict[str, Any]:
    return {"service": str(shop.public_id), "claim": "part", "text": AGAIN, "once": str(uuid4()), **fields}


def test_it_is_shown_with_its_state_while_they_write(laura: Contact, shop: Service, open_one: Ticket) -> None:
    page = browser(laura).post(SAME, form(shop)).content.decode()
    assert f"#{open_one.number}" in page
    assert "received" in page
    assert "A person answers" in page
    assert f'value="{open_one.public_id}"' in page
    assert (
        "Is it the problem"
        not in browser(laura).post(SAME, form(shop, text="Vorrei sapere il prezzo")).content.decode()
    )


def test_without_the_script_it_is_asked_once_and_nothing_is_lost(
    laura: Contact, shop: Service, open_one: Ticket
) -> None:
    client, once = browser(laura), str(uuid4())
    asked = client.post(NEW, form(shop, once=once, uploads=[SimpleUploadedFile("a.log", b"error 500")]))
    page = asked.content.decode()
    assert "Not sent yet" in page
    assert AGAIN in page
    held = HeldFile.objects.get()
    assert str(held.public_id) in page
    assert Ticket.objects.get() == open_one

    answer = client.post(NEW, form(shop, problem=str(open_one.public_id), held=[str(held.public_id)]))
    assert answer["Location"] == f"/portal/tickets/{open_one.public_id}/"
    assert Ticket.objects.get() == open_one
    assert open_one.messages.order_by("-pk")[0].text == AGAIN
    assert open_one.attachments.get().name == "a.log"
    assert not RequestDraft.objects.exists()
    assert Proposal.objects.get().state == ProposalState.TAKEN


def test_another_problem_goes_on_at_once(laura: Contact, shop: Service, open_one: Ticket) -> None:
    answer = browser(laura).post(NEW, form(shop, problem="other"))
    new = Ticket.objects.exclude(pk=open_one.pk).get()
    assert answer["Location"] == f"/portal/tickets/{new.public_id}/"
    said = Proposal.objects.get(target=open_one)
    assert (said.ticket, said.state, said.by_contact) == (new, ProposalState.REFUSED, laura)


def test_what_was_said_is_remembered_for_the_draft_and_no_longer(
    laura: Contact, shop: Service, open_one: Ticket
) -> None:
    client = browser(laura)
    assert client.post(SAME, form(shop, problem="other")).content.decode().strip() == ""
    assert str(open_one.public_id) not in client.post(SAME, form(shop)).content.decode()
    assert client.post(NEW, form(shop)).status_code == 302
    assert Ticket.objects.count() == 2
    assert str(open_one.public_id) in client.post(SAME, form(shop)).content.decode()


def test_nobody_is_shown_what_they_may_not_read(laura: Contact, shop: Service, open_one: Ticket) -> None:
    """Neither another customer nor a colleague without that right; and neither can add to it."""
    for person in (make_contact("Bruno"), make_contact("Carla", customer=laura.customer)):
        client = browser(person)
        assert str(open_one.number) not in client.post(SAME, form(shop)).content.decode()
        assert client.post(NEW, form(shop, problem=str(open_one.public_id))).status_code == 404
    assert open_one.messages.count() == 1
    colleague = Contact.objects.get(name="Carla")
    Contact.objects.filter(pk=colleague.pk).update(sees_all=True)
    assert str(open_one.number) in browser(colleague).post(SAME, form(shop)).content.decode()


def test_s11_typing_tells_nothing_of_another_customers_tickets(laura: Contact, shop: Service) -> None:
    """Neither by what is shown, nor by how much is asked, nor by naming what is theirs; and their ticket is left alone."""
    stranger = make_contact("Carla Neri")
    theirs = make_service("altrui.example", customer=stranger.customer)

    def typed(**fields: Any) -> tuple[int, str, int]:
        with CaptureQueriesContext(connection) as asked:
            answer = browser(laura).post(SAME, form(shop, **fields))
        return answer.status_code, answer.content.decode(), len(asked)

    before = typed()
    their_ticket = make_ticket(AGAIN, contact=stranger, service=theirs, now=clock.now())
    assert typed() == before
    for named in ({"service": str(theirs.public_id)}, {"problem": str(their_ticket.public_id)}):
        status, page, _queries = typed(**named)
        assert (status, f"#{their_ticket.number}" in page, str(their_ticket.public_id) in page) == (200, False, False)
    browser(laura).post(NEW, form(shop, problem=str(their_ticket.public_id)))
    assert Message.objects.filter(ticket=their_ticket).count() == 1


def test_typing_costs_as_many_queries_with_many_tickets_as_with_three(laura: Contact, shop: Service) -> None:
    client, counts = browser(laura), []
    for number in range(9):
        make_ticket(f"Errore 500 {number}", text=AGAIN, contact=laura, service=shop, now=clock.now())
        with CaptureQueriesContext(connection) as seen:
            client.post(SAME, form(shop))
        counts.append(len(seen))
    assert counts[3:] == [counts[3]] * 6
