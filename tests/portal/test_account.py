"""A contact's password and sessions: an alternative to the link that tells strangers nothing (S27, S28, S30)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sportello.core import clock
from sportello.customers.actions import choose_notices
from sportello.customers.enums import Notice
from sportello.customers.models import Contact, ContactPassword, ContactSession
from sportello.customers.passwords import set_password
from sportello.customers.sessions import forget_old_sessions
from sportello.intake.notifications import acknowledge
from sportello.mail.models import OutboundMail
from tests.factories import make_contact, make_mailbox, make_ticket
from tests.portal.test_sign_in import ASK, enter, grown_older, is_in
from tests.portal.test_tickets import browser

PASSWORD, SETTINGS = "ceramica di faenza", "/portal/settings/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def contact() -> Contact:
    contact = make_contact("Laura Doria", address="laura@doria.example", language="en")
    set_password(contact=contact, password=PASSWORD, session_key="", now=clock.now())
    return contact


def sign_in(address: str, password: str, client: Client | None = None, **more: str) -> Any:
    return (client or Client()).post(ASK, {"address": address, "password": password, **more})


def set_new(client: Client, new: str, again: str | None = None) -> Any:
    return client.post("/portal/settings/password/", {"new": new, "again": again or new})


def test_from_the_public_address_by_password_to_the_page_that_was_wanted(contact: Contact) -> None:
    ticket, client = make_ticket("The shop is down", contact=contact), Client()
    assert client.get("/ticket-system/")["Location"] == "/portal/"
    assert client.get("/portal/")["Location"] == "/portal/sign-in/?next=%2Fportal%2F"
    wanted = f"/portal/tickets/{ticket.public_id}/"
    assert sign_in("Laura@Doria.example", PASSWORD, client, next=wanted)["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_s27_a_wrong_password_looks_alike_for_everybody_and_costs_the_same(contact: Contact) -> None:
    withdrawn, without = (make_contact(address=f"{name}@customer.example") for name in ("gone", "without"))
    set_password(contact=withdrawn, password=PASSWORD, session_key="", now=clock.now())
    Contact.objects.filter(pk=withdrawn.pk).update(is_active=False)
    seen, hashed = set(), []
    for address, password in (
        ("laura@doria.example", "wrong"),
        ("gone@customer.example", PASSWORD),
        ("without@customer.example", PASSWORD),
        ("nobody@customer.example", PASSWORD),
    ):
        with CaptureQueriesContext(connection) as captured:
            answer = sign_in(address, password)
        seen.add((answer.status_code, len(answer.content) - len(address)))
        hashed.append(len(captured))
    assert len(seen) == 1
    assert len(set(hashed)) == 1
    assert without.is_active


@pytest.mark.usefixtures("time_stands_still")
def test_s28_guesses_end_and_the_owner_still_comes_in_by_the_link(contact: Contact) -> None:
    statuses = [
        sign_in("laura@doria.example", f"guess {n}", Client(REMOTE_ADDR=f"192.0.2.{n}")).status_code for n in range(12)
    ]
    assert statuses == [422] * 10 + [429] * 2
    assert sign_in("laura@doria.example", PASSWORD).status_code == 429
    assert is_in(enter(contact))


def test_the_link_is_sent_also_when_the_browser_filled_a_password_in(contact: Contact) -> None:
    assert sign_in("laura@doria.example", "x", act="link")["Location"] == "/portal/sign-in/sent/"


def test_a_password_is_set_right_after_signing_in_and_ends_the_other_sessions(contact: Contact) -> None:
    make_mailbox()
    thief, owner = browser(contact), browser(contact)
    assert set_new(owner, "un altro segreto").status_code == 302
    assert is_in(owner)
    assert not is_in(thief)
    assert OutboundMail.objects.get().subject == "Your password was set"
    assert sign_in("laura@doria.example", PASSWORD).status_code == 422
    assert sign_in("laura@doria.example", "un altro segreto").status_code == 302


def test_who_found_an_open_session_sets_no_password(contact: Contact) -> None:
    client = browser(contact)
    grown_older(client, idle=timedelta(0), open_for=timedelta(minutes=16))
    before = ContactPassword.objects.get().hash
    assert set_new(client, "un altro segreto").status_code == 422
    assert ContactPassword.objects.get().hash == before


@pytest.mark.parametrize(
    ("new", "again"),
    [
        ("short", "short"),
        ("password1234", "password1234"),
        ("laura@doria.example",) * 2,
        ("un altro segreto", "un altro"),
    ],
)
def test_weak_passwords_and_slips_are_refused(contact: Contact, new: str, again: str) -> None:
    before = ContactPassword.objects.get().hash
    assert set_new(browser(contact), new, again).status_code == 422
    assert ContactPassword.objects.get().hash == before


def test_only_a_hash_is_kept(contact: Contact) -> None:
    assert PASSWORD not in ContactPassword.objects.get(contact=contact).hash


def test_s30_sessions_are_listed_and_each_can_be_ended(contact: Contact) -> None:
    here, there = browser(contact), Client(headers={"user-agent": "Netscape <b>4</b>"})
    enter(contact, there)
    page = here.get(SETTINGS).content.decode()
    assert "Netscape &lt;b&gt;4&lt;/b&gt;" in page
    assert "this browser" in page
    other = ContactSession.objects.get(agent__startswith="Netscape")
    assert browser(make_contact()).post(f"/portal/settings/sessions/{other.pk}/end/").status_code == 404
    assert is_in(there)
    here.post(f"/portal/settings/sessions/{other.pk}/end/")
    assert not is_in(there)
    enter(contact, there)
    here.post("/portal/settings/sessions/end/")
    assert not is_in(there)
    assert is_in(here)


def test_asvs_7_5_2_other_sessions_are_ended_only_right_after_signing_in(contact: Contact) -> None:
    here, there = browser(contact), Client(headers={"user-agent": "There"})
    enter(contact, there)
    grown_older(here, open_for=timedelta(minutes=16))
    page = here.get(SETTINGS).content.decode()
    assert ("sessions/end/" in page, "To end other sessions" in page) == (False, True)
    other = ContactSession.objects.get(agent="There")
    for address in (f"sessions/{other.pk}/end/", "sessions/end/"):
        assert here.post(f"{SETTINGS}{address}")["Location"] == SETTINGS
    assert is_in(there)


def test_a_session_that_is_over_is_listed_no_more(contact: Contact) -> None:
    client = browser(contact)
    client.post("/portal/sign-out/")
    assert not ContactSession.objects.exists()
    browser(contact)
    ContactSession.objects.update(session_key="of a session that is no more")
    assert forget_old_sessions() == 1


def test_one_chooses_what_is_told_by_mail(contact: Contact) -> None:
    client = browser(contact)
    assert client.get(SETTINGS).content.decode().count("checked") == len(Notice)
    assert client.post("/portal/settings/notices/", {"wanted": ["answer"]}).status_code == 302
    contact.refresh_from_db()
    assert set(contact.muted) == set(Notice) - {Notice.ANSWER}
    assert client.get(SETTINGS).content.decode().count("checked") == 1
    assert client.post("/portal/settings/notices/", {"wanted": ["everything"]}).status_code == 422


def test_who_wants_no_receipt_gets_none(contact: Contact) -> None:
    choose_notices(contact=contact, wanted=[Notice.ANSWER])
    ticket = make_ticket(contact=contact, mailbox=make_mailbox())
    assert acknowledge(ticket=ticket, now=clock.now()) is None
    choose_notices(contact=contact, wanted=list(Notice))
    assert acknowledge(ticket=ticket, now=clock.now()) is not None


def test_a_contact_chooses_the_language_of_their_pages_and_mails(contact: Contact) -> None:
    client = browser(contact)
    assert client.post("/portal/settings/language/", {"language": "it"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.language, "Dove è aperto l'accesso" in client.get(SETTINGS).content.decode()) == ("it", True)
    assert client.post("/portal/settings/language/", {"language": "xx"}).status_code == 422
