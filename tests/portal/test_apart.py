"""What somebody is about to send survives the page that asks what to do with a secret in it: the words sealed, the files kept."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from sportello.core import clock, files
from sportello.core.blotting import Blot
from sportello.customers.models import Contact
from sportello.privacy.actions import look_at
from sportello.privacy.models import Drop
from sportello.tickets.actions import expire_held, expire_sealed_drafts, hold_files, save_request_draft
from sportello.tickets.actions.blotting import blot_tickets
from sportello.tickets.actions.writing import NewFile
from sportello.tickets.models import HeldFile, RequestDraft, Ticket
from sportello.tickets.queries import request_draft_of
from tests.factories import make_contact, make_queue, make_ticket, make_user
from tests.portal.test_tickets import browser
from tests.privacy.test_drops import stands_in_the_database

pytestmark = pytest.mark.django_db
NEW, SECRET = "/portal/new/", "Mare-2026-azzurro"
TEXT = f"It burns.\nThe FTP password is {SECRET}"


@pytest.fixture
def contact() -> Contact:
    make_queue()
    return make_contact("Laura Doria", language="en")


def form(**fields: Any) -> dict[str, Any]:
    return {"service": "other", "claim": "question", "text": TEXT, "once": str(uuid4()), **fields}


def log_file() -> SimpleUploadedFile:
    return SimpleUploadedFile("error.log", b"error 500", "text/plain")


def draft(contact: Contact, text: str = TEXT) -> None:
    save_request_draft(contact=contact, service="other", claim="part", text=text, now=clock.now())


def held_in(answer: Any) -> list[str]:
    return re.findall(r'name="held" value="([^"]+)" checked', answer.content.decode())


def test_a_draft_with_a_secret_in_it_is_sealed(contact: Contact) -> None:
    draft(contact)
    assert stands_in_the_database(SECRET) == []
    assert SECRET in browser(contact).get(NEW).content.decode()
    draft(contact, "It burns.")
    assert RequestDraft.objects.values_list("text", "sealed").get() == ("It burns.", None)


def test_a_sealed_draft_goes_after_a_week_and_no_other(contact: Contact) -> None:
    draft(contact)
    draft(make_contact("Piero"), "It burns.")
    assert expire_sealed_drafts(now=clock.now() + timedelta(days=6)) == 0
    assert expire_sealed_drafts(now=clock.now() + timedelta(days=8)) == 1
    assert RequestDraft.objects.get().text == "It burns."


def test_with_another_secret_key_a_sealed_draft_is_empty(contact: Contact, settings: Settings) -> None:
    draft(contact)
    settings.SECRET_KEY = "another" * 10
    written = request_draft_of(contact)
    assert written is not None
    assert (written.text, written.claim) == ("", "part")


def test_words_that_are_blotted_out_leave_a_sealed_draft_too(contact: Contact) -> None:
    ticket = make_ticket(contact=contact, now=clock.now())
    draft(contact)
    assert blot_tickets(tickets=[ticket], blot=Blot.of([SECRET])) == 1
    written = request_draft_of(contact)
    assert written is not None
    assert (SECRET in written.text, "It burns." in written.text) == (False, True)


def test_a_secret_written_apart_is_handed_over_with_the_request(contact: Contact) -> None:
    answer = browser(contact).post(NEW, form(text="It burns.", secret=SECRET, secret_label="FTP"))
    assert answer.status_code == 302
    ticket, drop = Ticket.objects.get(), Drop.objects.get()
    assert (drop.ticket, drop.label, ticket.messages.earliest("pk").text) == (ticket, "FTP", "It burns.")
    assert stands_in_the_database(SECRET) == []


def test_a_mark_that_may_end_a_password_is_handed_over_with_it(contact: Contact) -> None:
    """Staff got "Mare2024", and the customer's password was "Mare2024!"."""
    browser(contact).post(NEW, form(text="The password is Mare2024! Thanks.", found="apart"))
    secret = look_at(drop=Drop.objects.get(), by=make_user(), now=clock.now(), address=None)
    text = Ticket.objects.get().messages.earliest("pk").text
    assert (secret, text) == ("Mare2024!", "The password is [handed over apart] Thanks.")


def test_a_secret_written_apart_is_not_put_back_into_the_page(contact: Contact) -> None:
    page = browser(contact).post(NEW, form(text="It burns.", secret=SECRET, service="")).content.decode()
    assert (SECRET in page, "write it again" in page) == (False, True)


def test_a_file_survives_the_question_about_the_secret(contact: Contact) -> None:
    client = browser(contact)
    asked = client.post(NEW, form(uploads=[log_file()]))
    assert (asked.status_code, "error.log" in asked.content.decode()) == (422, True)
    sent = client.post(NEW, form(found="apart", held=held_in(asked), uploads=[SimpleUploadedFile("b.txt", b"b")]))
    assert sent.status_code == 302
    assert list(Ticket.objects.get().attachments.order_by("pk").values_list("name", flat=True)) == [
        "error.log",
        "b.txt",
    ]
    assert not HeldFile.objects.exists()


def test_a_file_survives_a_missing_answer_and_can_be_left_out(contact: Contact) -> None:
    client = browser(contact)
    asked = client.post(NEW, form(text="It burns.", claim="", uploads=[log_file()]))
    assert len(held_in(asked)) == 1
    client.post(NEW, form(text="It burns."))
    assert not Ticket.objects.get().attachments.exists()


def test_a_file_survives_in_a_reply_as_well(contact: Contact) -> None:
    ticket, client = make_ticket(contact=contact, now=clock.now()), browser(contact)
    path, said = f"/portal/tickets/{ticket.public_id}/reply/", {"text": TEXT, "once": str(uuid4())}
    asked = client.post(path, {**said, "uploads": [log_file()]})
    assert client.post(path, {**said, "found": "keep", "held": held_in(asked)}).status_code == 302
    assert [file.name for file in ticket.attachments.all()] == ["error.log"]


@pytest.mark.parametrize("whose", ["anothers", "unknown"])
def test_only_their_own_files_are_sent(contact: Contact, whose: str) -> None:
    another = hold_files(contact=make_contact("Piero"), new=[NewFile("x.txt", "text/plain", b"x")], now=clock.now())
    chosen = another[0].public_id if whose == "anothers" else uuid4()
    answer = browser(contact).post(NEW, form(text="It burns.", held=[str(chosen), "nonsense"]))
    assert (answer.status_code, "choose it again" in answer.content.decode()) == (409, True)
    assert not Ticket.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_never_sent_goes_after_a_day(contact: Contact) -> None:
    (held,) = hold_files(contact=contact, new=[NewFile("x.txt", "text/plain", b"held")], now=clock.now())
    assert expire_held(now=clock.now() + timedelta(hours=23)) == 0
    assert files.is_whole(held.sha256)
    assert expire_held(now=clock.now() + timedelta(hours=25)) == 1
    assert not files.is_whole(held.sha256)


def test_nobody_fills_the_store_with_what_is_never_sent(contact: Contact) -> None:
    new = [NewFile("x.txt", "text/plain", b"x")] * 120
    assert len(hold_files(contact=contact, new=new, now=clock.now())) == 100
    assert hold_files(contact=contact, new=new, now=clock.now()) == []


def test_a_search_for_a_service_loses_no_file(contact: Contact) -> None:
    assert len(held_in(browser(contact).post(NEW, form(act="find", find="x", uploads=[log_file()])))) == 1
