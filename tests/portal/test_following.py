"""What a contact does with a ticket besides writing: closes it, and lets colleagues read along, and nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.customers.queries import MOST_COLLEAGUES, PEOPLE_A_PAGE
from sportello.tickets.actions import solve
from sportello.tickets.actions.following import note_copy
from sportello.tickets.enums import EventKind, FollowerRole, Status
from sportello.tickets.models import Ticket
from tests.factories import make_contact, make_ticket, make_user
from tests.portal.test_tickets import answer, browser, page_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket() -> Ticket:
    return make_ticket(contact=make_contact("Laura Doria", language="en"), now=clock.now())


def colleague_of(ticket: Ticket, name: str = "Paolo Doria") -> Contact:
    return make_contact(name, customer=ticket.customer)


def add(ticket: Ticket, colleague: Contact, by: Contact | None = None) -> int:
    path = f"/portal/tickets/{ticket.public_id}/colleagues/"
    answer = browser(by or ticket.contact).post(path, {"colleague": str(colleague.public_id)})
    return int(answer.status_code)


def test_a_customer_closes_and_opens_again_by_writing(ticket: Ticket) -> None:
    client = browser(ticket.contact)
    client.post(f"/portal/tickets/{ticket.public_id}/close/")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at) == (Status.CLOSED, None)
    closed = ticket.events.get(kind=EventKind.CLOSED)
    assert (closed.contact, closed.user) == (ticket.contact, None)
    send(client, ticket, "It came back")
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.due_at is not None


def test_closing_twice_is_closing_once(ticket: Ticket) -> None:
    client = browser(ticket.contact)
    for _ in range(2):
        assert client.post(f"/portal/tickets/{ticket.public_id}/close/").status_code == 302
    assert ticket.events.filter(kind=EventKind.CLOSED).count() == 1


def test_who_only_reads_along_does_not_end_what_another_waits_for(ticket: Ticket) -> None:
    """It stopped the clock of somebody else's outage."""
    colleague = colleague_of(ticket)
    add(ticket, colleague)
    path = f"/portal/tickets/{ticket.public_id}/"
    assert f"{path}close/" not in browser(colleague).get(path).text
    assert "o chi vede tutte le richieste" in browser(colleague).post(f"{path}close/", follow=True).text
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW
    colleague.sees_all = True
    colleague.save()
    assert f"{path}close/" in browser(colleague).get(path).text
    browser(colleague).post(f"{path}close/")
    ticket.refresh_from_db()
    assert ticket.status == Status.CLOSED


def test_a_colleague_reads_along_once_they_were_added(ticket: Ticket) -> None:
    colleague = colleague_of(ticket)
    path = f"/portal/tickets/{ticket.public_id}/"
    assert browser(colleague).get(path).status_code == 404
    add(ticket, colleague)
    assert browser(colleague).get(path).status_code == 200
    assert ticket.events.get(kind=EventKind.FOLLOWED).contact == ticket.contact
    assert "Paolo Doria" in page_of(ticket, ticket.contact)


def test_who_was_only_in_copy_is_accepted_by_a_colleague(ticket: Ticket) -> None:
    colleague = colleague_of(ticket)
    note_copy(ticket=ticket, contact=colleague, now=clock.now())
    add(ticket, colleague)
    assert ticket.followers.get(contact=colleague).role == FollowerRole.FOLLOWER


def test_nobody_of_another_customer_is_added_or_offered(ticket: Ticket) -> None:
    stranger, gone = make_contact("Ugo Estraneo"), colleague_of(ticket, "Gino Gone")
    Contact.objects.filter(pk=gone.pk).update(is_active=False)
    for each in (stranger, gone):
        add(ticket, each)
        assert not ticket.followers.filter(contact=each).exists()
        assert str(each.public_id) not in page_of(ticket, ticket.contact)


def test_a_follower_from_elsewhere_lets_nobody_in(ticket: Ticket) -> None:
    """Neither their own colleagues, who are another customer's, nor those of the ticket's customer."""
    outsider = make_contact("Olga Outside")
    ticket.followers.create(contact=outsider, role=FollowerRole.FOLLOWER, since=clock.now())
    for each in (make_contact(customer=outsider.customer), colleague_of(ticket)):
        assert add(ticket, each, by=outsider) == 404
        assert not ticket.followers.filter(contact=each).exists()


def opinion(ticket: Ticket, verdict: str, text: str = "", by: Contact | None = None) -> Any:
    path = f"/portal/tickets/{ticket.public_id}/rating/"
    return browser(by or ticket.contact).post(path, {"verdict": verdict, "text": text})


def test_an_answer_is_rated_and_rated_again_and_staff_read_it(ticket: Ticket) -> None:
    assert "Did this help?" not in page_of(ticket, ticket.contact)
    answer(ticket, make_user(), "Try again")
    assert "Did this help?" in page_of(ticket, ticket.contact)
    for verdict in ("bad", "good", "good"):
        assert opinion(ticket, verdict, "Quick & kind").status_code == 302
    said = ticket.ratings.get()
    assert (said.verdict, said.text, said.contact) == ("good", "Quick & kind", ticket.contact)
    assert [event.data["verdict"] for event in ticket.events.filter(kind=EventKind.RATED).order_by("pk")] == [
        "bad",
        "good",
    ]
    assert "Quick &amp; kind" in page_of(ticket, ticket.contact)

    desk = Client()
    desk.force_login(make_user())
    for path in (f"/desk/tickets/{ticket.public_id}/", "/desk/promise/"):
        assert "Quick &amp; kind" in desk.get(path).content.decode()


def test_an_opinion_opens_nothing_again_and_moves_no_clock(ticket: Ticket) -> None:
    answer(ticket, make_user(), "Try again")
    ticket.refresh_from_db()
    solve(ticket=ticket, by=None, now=clock.now())
    before = (ticket.status, ticket.due_at, ticket.version)
    opinion(ticket, "bad", "No")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.due_at, ticket.version) == before


def test_what_is_wrong_with_an_opinion_is_said_and_its_words_are_kept(ticket: Ticket) -> None:
    early = opinion(ticket, "good", "Too early")
    assert (early.status_code, "Too early" in early.content.decode()) == (409, True)
    answer(ticket, make_user(), "Try again")
    without = opinion(ticket, "", "A long story")
    assert (without.status_code, "A long story" in without.content.decode()) == (422, True)
    assert not ticket.ratings.exists()


def test_another_customers_contact_rates_nothing(ticket: Ticket) -> None:
    answer(ticket, make_user(), "Try again")
    assert opinion(ticket, "bad", by=make_contact()).status_code == 404
    assert not ticket.ratings.exists()


def test_one_of_hundreds_of_colleagues_is_looked_for_on_a_page_of_its_own(ticket: Ticket) -> None:
    """A fault found: of an agency's 400 people half could not be chosen, and the others made the page heavy."""
    path, client = f"/portal/tickets/{ticket.public_id}/colleagues/", browser(ticket.contact)
    Contact.objects.bulk_create(
        Contact(name=f"Person {number:02}", customer=ticket.customer) for number in range(MOST_COLLEAGUES)
    )
    assert "<select" in page_of(ticket, ticket.contact)
    assert path not in page_of(ticket, ticket.contact).replace(f'action="{path}"', "")
    last, stranger = colleague_of(ticket, "Zeno Doria"), make_contact("Zeno Altri")
    page = page_of(ticket, ticket.contact)
    assert ("<select" in page, f'href="{path}"' in page) == (False, True)
    every = client.get(path).content.decode()
    assert every.count('name="colleague"') == PEOPLE_A_PAGE
    assert 'rel="next"' in every
    found = client.get(path, {"find": "zeno"}).content.decode()
    assert (str(last.public_id) in found, str(stranger.public_id) in found) == (True, False)
    assert add(ticket, last) == 302
    assert "reads along" in client.get(path, {"find": "zeno"}).content.decode()
    assert browser(stranger).get(path).status_code == 404
