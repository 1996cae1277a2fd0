"""A secret is handed over once, seen once, and stands nowhere else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry, User
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.privacy.actions import drop_secret, expire_drops, look_at, withdraw_drop
from sportello.privacy.enums import DropState
from sportello.privacy.models import Drop
from sportello.privacy.queries import drops_in
from sportello.privacy.rules import LONGEST_SECRET
from sportello.tickets.actions import merge, wait_for_customer
from sportello.tickets.enums import EventKind, Status
from sportello.tickets.models import Draft, Message, Ticket
from tests.factories import make_contact, make_ticket, make_user
from tests.portal.test_tickets import browser

pytestmark = pytest.mark.django_db
SECRET = "Mare-2026-azzurro"


@pytest.fixture
def ticket() -> Ticket:
    return make_ticket(contact=make_contact("Laura Doria", language="en"), now=clock.now())


@pytest.fixture
def agent() -> User:
    return make_user(language="en")


def dropped(ticket: Ticket, secret: str = SECRET) -> Drop:
    return drop_secret(ticket=ticket, contact=ticket.contact, secret=secret, label="FTP", now=clock.now())


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def stands_in_the_database(words: str) -> list[str]:
    """The tables in which the words stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = []
        for table in tables:
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}" AS row WHERE row::text ILIKE %s)', [f"%{words}%"])  # noqa: S608 - our own tables
            if cursor.fetchone() == (True,):
                found.append(table)
    return found


def test_it_stands_nowhere_in_clear(ticket: Ticket) -> None:
    dropped(ticket)
    assert stands_in_the_database(SECRET) == []
    assert stands_in_the_database(SECRET.encode().hex()) == []
    message = Message.objects.latest("pk")
    assert (message.text, message.extra) == ("FTP", {"drop": str(Drop.objects.get().public_id), "told": "secret"})


def test_that_it_was_handed_over_is_said_in_the_language_of_whoever_reads_it(ticket: Ticket, agent: User) -> None:
    """The customer writes in Italian, a colleague and the agent read in English; the next one reads Italian again."""
    contact = ticket.contact
    Contact.objects.filter(pk=contact.pk).update(language="it")
    contact.refresh_from_db()
    dropped(ticket)
    drop_secret(ticket=ticket, contact=contact, secret=SECRET, label="", now=clock.now())
    words = {
        "it": "È stato consegnato un dato riservato, da guardare una volta sola",
        "en": "A secret was handed over, to be looked at once",
    }
    for language in ("it", "en", "it"):
        Contact.objects.filter(pk=contact.pk).update(language=language)
        User.objects.filter(pk=agent.pk).update(language=language)
        agent.refresh_from_db()
        pages = [
            browser(contact).get(f"/portal/tickets/{ticket.public_id}/").content.decode(),
            signed_in(agent).get(f"/desk/tickets/{ticket.public_id}/").content.decode(),
        ]
        for page in pages:
            assert (f"{words[language]}: FTP" in page, f"{words[language]}." in page) == (True, True)
            assert words["en" if language == "it" else "it"] not in page
    ticket.refresh_from_db()
    assert ticket.snippet == f"{words['it']}."


def test_it_is_seen_once_and_everybody_is_told(ticket: Ticket, agent: User) -> None:
    drop = dropped(ticket)
    client = signed_in(agent)
    assert SECRET not in client.get(f"/desk/drops/{drop.public_id}").content.decode()
    shown = client.post(f"/desk/drops/{drop.public_id}/look")
    assert SECRET in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    again = client.post(f"/desk/drops/{drop.public_id}/look", follow=True).content.decode()
    assert (SECRET in again, "It is gone" in again) == (False, True)
    drop.refresh_from_db()
    assert (drop.state, drop.sealed, drop.seen_by) == (DropState.SEEN, None, agent)
    assert ticket.events.filter(kind=EventKind.SECRET_SEEN, user=agent).count() == 1
    assert AuditEntry.objects.filter(act=Act.SECRET_SEEN, actor=agent).count() == 1
    assert agent.name in browser(ticket.contact).get(f"/portal/tickets/{ticket.public_id}/secret/").content.decode()


@pytest.mark.usefixtures("in_english")
def test_of_two_who_look_at_once_one_sees_it(ticket: Ticket, agent: User) -> None:
    drop = dropped(ticket)
    assert look_at(drop=drop, by=agent, now=clock.now(), address=None) == SECRET
    with pytest.raises(Refused, match="It is gone"):
        look_at(drop=drop, by=make_user(), now=clock.now(), address=None)


def test_a_get_shows_nothing(ticket: Ticket, agent: User) -> None:
    drop = dropped(ticket)
    assert signed_in(agent).get(f"/desk/drops/{drop.public_id}/look").status_code == 405
    drop.refresh_from_db()
    assert drop.state == DropState.WAITING


def test_withdrawn_by_who_handed_it_over_alone(ticket: Ticket, agent: User) -> None:
    drop = dropped(ticket)
    colleague = make_contact("Paolo", customer=ticket.customer)
    Contact.objects.filter(pk=colleague.pk).update(sees_all=True)
    path = f"/portal/tickets/{ticket.public_id}/secret/{drop.public_id}/withdraw/"
    assert browser(colleague).post(path).status_code == 404
    assert browser(ticket.contact).post(path).status_code == 302
    drop.refresh_from_db()
    assert (drop.state, drop.sealed) == (DropState.WITHDRAWN, None)
    with pytest.raises(Refused):
        look_at(drop=drop, by=agent, now=clock.now(), address=None)
    with pytest.raises(Refused):
        withdraw_drop(drop=drop, by=ticket.contact, now=clock.now())


def test_it_goes_with_a_ticket_that_is_joined_to_another(ticket: Ticket, agent: User) -> None:
    """A fault found: it stood on no page any more, and nobody could take it back."""
    drop, other = dropped(ticket), make_ticket(contact=ticket.contact, now=clock.now())
    merge(source=ticket, target=other, by=agent, now=clock.now())
    assert [drops_in(other), drops_in(make_ticket(contact=ticket.contact))] == [[drop], []]
    path = f"/portal/tickets/{ticket.public_id}/secret/{drop.public_id}/withdraw/"
    assert browser(ticket.contact).post(path).status_code == 302
    drop.refresh_from_db()
    assert drop.state == DropState.WITHDRAWN


def test_after_seven_days_it_is_gone(ticket: Ticket) -> None:
    drop = dropped(ticket)
    assert expire_drops(now=clock.now() + timedelta(days=6)) == 0
    assert expire_drops(now=clock.now() + timedelta(days=8)) == 1
    drop.refresh_from_db()
    assert (drop.state, drop.sealed) == (DropState.EXPIRED, None)
    assert ticket.events.filter(kind=EventKind.SECRET_EXPIRED).count() == 1


def test_too_late_before_the_job_has_run(ticket: Ticket, agent: User) -> None:
    drop = dropped(ticket)
    with pytest.raises(Refused):
        look_at(drop=drop, by=agent, now=clock.now() + timedelta(days=8), address=None)
    drop.refresh_from_db()
    assert (drop.state, drop.sealed) == (DropState.EXPIRED, None)


def test_another_secret_key_opens_nothing(ticket: Ticket, agent: User, settings: Settings) -> None:
    drop = dropped(ticket)
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(Refused):
        look_at(drop=drop, by=agent, now=clock.now(), address=None)
    drop.refresh_from_db()
    assert drop.state == DropState.UNREADABLE


def test_what_is_sealed_for_one_row_opens_no_other(ticket: Ticket, agent: User) -> None:
    first, second = dropped(ticket), dropped(ticket, "another secret")
    Drop.objects.filter(pk=second.pk).update(sealed=Drop.objects.get(pk=first.pk).sealed)
    with pytest.raises(Refused):
        look_at(drop=second, by=agent, now=clock.now(), address=None)


@pytest.mark.usefixtures("in_english")
def test_limits(ticket: Ticket) -> None:
    with pytest.raises(Refused, match="too long"):
        dropped(ticket, "x" * (LONGEST_SECRET + 1))
    with pytest.raises(Refused, match="nothing to send"):
        dropped(ticket, "  \n")
    for _ in range(20):
        dropped(ticket)
    with pytest.raises(Refused, match="great many"):
        dropped(ticket)


def test_it_answers_a_ticket_that_waits_for_the_customer(ticket: Ticket, agent: User) -> None:
    wait_for_customer(ticket=ticket, by=agent, now=clock.now())
    dropped(ticket)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_what_was_refused_is_not_put_back_into_the_page(ticket: Ticket) -> None:
    page = browser(ticket.contact).post(
        f"/portal/tickets/{ticket.public_id}/secret/", {"secret": SECRET, "label": "x" * 200}
    )
    assert (page.status_code, SECRET in page.content.decode()) == (422, False)


def test_the_page_costs_the_same_with_many(ticket: Ticket) -> None:
    client, path = browser(ticket.contact), f"/portal/tickets/{ticket.public_id}/secret/"
    dropped(ticket)
    before = _queries(client, path)
    dropped(ticket)
    dropped(ticket)
    assert _queries(client, path) == before


def _queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        client.get(path)
    return len(caught)


# -- where somebody is about to write one ----------------------------------------------------------------------------------
def test_a_password_in_a_reply_is_noticed_before_it_is_sent(ticket: Ticket) -> None:
    client, text = browser(ticket.contact), f"Hello,\nthe password is {SECRET}\nThank you"
    path, form = f"/portal/tickets/{ticket.public_id}/reply/", {"text": text, "once": str(uuid4())}
    asked = client.post(path, form)
    assert (asked.status_code, SECRET in asked.content.decode(), ticket.messages.count()) == (422, True, 1)
    client.post(path, {**form, "found": "apart"})
    first, told = ticket.messages.order_by("pk")[1:]
    assert first.text == "Hello,\nthe password is [handed over apart]\nThank you"
    assert told.extra["drop"] == str(Drop.objects.get().public_id)
    assert stands_in_the_database(SECRET) == []


def test_who_wants_to_send_it_as_it_is_may(ticket: Ticket) -> None:
    form = {"text": f"password: {SECRET}", "once": str(uuid4()), "found": "keep"}
    browser(ticket.contact).post(f"/portal/tickets/{ticket.public_id}/reply/", form)
    message = ticket.messages.latest("pk")
    assert (message.text, message.extra) == (f"password: {SECRET}", {"secrets": ["password"]})


def test_a_new_request_without_the_secret(ticket: Ticket) -> None:
    form = {"service": "other", "claim": "question", "text": f"FTP password: {SECRET}", "once": str(uuid4())}
    client = browser(ticket.contact)
    assert client.post("/portal/new/", form).status_code == 422
    assert client.post("/portal/new/", {**form, "found": "apart"}).status_code == 302
    drop = Drop.objects.get()
    assert drop.ticket.messages.earliest("pk").text == "FTP password: [handed over apart]"
    assert stands_in_the_database(SECRET) == []


def test_staff_ask_by_link_with_one_click(ticket: Ticket, agent: User) -> None:
    client = signed_in(agent)
    form = {"text": "Hello Laura,", "seen_version": ticket.version, "tab": "1"}
    answer = client.post(f"/desk/tickets/{ticket.public_id}/reply/ask-secret", form)
    assert answer.status_code == 302
    text = Draft.objects.get(ticket=ticket, user=agent).text
    assert text.startswith("Hello Laura,\n\n")
    assert f"/portal/tickets/{ticket.public_id}/secret/" in text
