"""A contact asks on one page: about a service, with a claim, told until when the answer comes [reach.portal] [promise.first]."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.intake.actions import ask_in_portal
from sportello.mail.models import OutboundMail
from sportello.portal.templatetags.portal import first_answer_words
from sportello.services.enums import ServiceStatus
from sportello.tickets.enums import Channel, Claim
from sportello.tickets.models import Message, RequestDraft, Ticket
from sportello.triage.models import Calendar
from sportello.triage.queries import first_answer_of
from tests.factories import make_contact, make_mailbox, make_queue, make_service, make_ticket
from tests.portal.test_tickets import browser

NEW, DRAFT = "/portal/new/", "/portal/new/draft/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def contact() -> Contact:
    make_queue()
    return make_contact("Laura Doria", language="en", address="laura@doria.example")


def send(client: Client, **fields: Any) -> Any:
    form = {"service": "other", "claim": "question", "text": "How do I add a mailbox?", "once": str(uuid4())}
    return client.post(NEW, {**form, **fields})


def page_of(client: Client) -> str:
    return client.get(NEW).content.decode()


def test_a_request_is_about_the_service_chosen_and_its_claim_moves_nothing(contact: Contact) -> None:
    make_mailbox()
    shop = make_service("doria.example", customer=contact.customer)
    client = browser(contact)
    files = [SimpleUploadedFile("a.log", b"error 500"), SimpleUploadedFile("b.png", b"not really")]
    answer = send(
        client, service=str(shop.public_id), claim="all", text="\n  The shop is down \nSince nine.", uploads=files
    )
    ticket = Ticket.objects.get()
    assert answer["Location"] == f"/portal/tickets/{ticket.public_id}/"
    assert (ticket.subject, ticket.service, ticket.channel) == ("The shop is down", shop, Channel.PORTAL)
    assert {code for code, _ in ticket.reasons} >= {"claim.all", "service.chosen"}
    assert not ticket.is_outage
    assert sorted(ticket.attachments.values_list("name", flat=True)) == ["a.log", "b.png"]
    assert OutboundMail.objects.get().to == "laura@doria.example"


@pytest.mark.parametrize("text", ["doria.example does not open", "Where is my invoice?"])
def test_who_says_that_it_is_about_no_service_is_believed(contact: Contact, text: str) -> None:
    make_service("doria.example", customer=contact.customer)
    send(browser(contact), text=text)
    assert Ticket.objects.get().service is None


def test_the_clocks_are_those_of_a_mail(contact: Contact) -> None:
    send(browser(contact))
    asked = Ticket.objects.get()
    mailed = make_ticket(contact=contact, now=asked.opened_at)
    assert (asked.due_at, asked.due_kind, asked.group, asked.priority) == (
        mailed.due_at,
        mailed.due_kind,
        mailed.group,
        mailed.priority,
    )
    assert first_answer_of("support", now=asked.opened_at).at == asked.due_at


def test_until_when_the_answer_comes_is_told_before_sending(contact: Contact) -> None:
    assert re.search(r"First answer (today by|by) .*\d\d:\d\d\.", page_of(browser(contact)))


@pytest.mark.usefixtures("in_english")
def test_outside_opening_hours_it_is_said(contact: Contact) -> None:
    hours = {str(day): [["09:00", "18:00"]] for day in range(5)}
    Calendar.objects.update(always_open=False, weekly=hours, timezone="Europe/Rome", holidays_country="")
    saturday = datetime(2026, 11, 28, 12, tzinfo=UTC)
    with timezone.override("Europe/Rome"):
        words = first_answer_words(first_answer_of("support", now=saturday), saturday)
    assert words == (
        "It is outside our opening hours: we are back on 30 November at 09:00. First answer by 30 November, 09:10."
    )


def test_what_is_missing_is_said_and_nothing_of_the_rest_is_lost(contact: Contact) -> None:
    client = browser(contact)
    answer = send(client, claim="", service="", text="It burns")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose what it is about." in page
    assert "Choose how bad it is." in page
    assert "It burns" in page
    assert not Ticket.objects.exists()


@pytest.mark.usefixtures("in_english")
def test_all_that_is_wrong_is_named_at_once_each_with_the_way_to_its_field(contact: Contact) -> None:
    wrong = {
        "service": str(uuid4()),
        "claim": "terrible",
        "text": " ",
        "secret": "x" * 10_001,
        "secret_label": "y" * 81,
    }
    answer = send(browser(contact), **wrong)
    page = answer.content.decode()
    named = re.findall(r'<li><a href="#([\w-]+)">(.+?)</a>', page)
    assert [place for place, _words in named] == ["service-1", "claim-1", "text", "secret-label", "secret"]
    assert [page.count(f' id="{place}"') for place, _words in named] == [1] * len(named)
    for name, words in zip(("service", "claim", "text", "secret_label", "secret"), named, strict=True):
        assert f'<p class="error" id="{name}-error">{words[1]}</p>' in page
        assert re.search(f'aria-invalid="true" aria-describedby="{name}-error"', page)
    assert (answer.status_code, "<title>Not sent yet: New request" in page) == (422, True)


def test_what_is_missing_is_told_along_with_what_looks_like_a_password(contact: Contact) -> None:
    page = send(browser(contact), claim="", text="The password: Mare-2026").content.decode()
    assert 'name="found" value="apart"' in page
    assert 'href="#claim-1"' in page


def test_neither_anothers_service_nor_one_that_has_ended_can_be_chosen(contact: Contact) -> None:
    anothers, ended = make_service(), make_service(customer=contact.customer)
    type(ended).objects.filter(pk=ended.pk).update(status=ServiceStatus.ENDED)
    client = browser(contact)
    for chosen in (anothers.public_id, ended.public_id, uuid4(), "nonsense"):
        assert send(client, service=str(chosen)).status_code == 422
    assert anothers.name not in page_of(client)
    assert ended.name not in page_of(client)


def test_many_services_are_searched_without_losing_what_is_written(contact: Contact) -> None:
    for number in range(12):
        make_service(f"site{number:02}.example", customer=contact.customer)
    client = browser(contact)
    assert page_of(client).count('name="service"') == 9
    found = client.post(NEW, {"act": "find", "find": "site11", "text": "It burns", "claim": "all"}).content.decode()
    assert "site11.example" in found
    assert "site01.example" not in found
    assert "It burns" in found
    nothing = client.post(NEW, {"act": "find", "find": "100%_", "text": ""}).content.decode()
    assert "No service has this name." in nothing


def test_a_draft_survives_the_page_and_the_session_and_goes_when_it_is_sent(contact: Contact) -> None:
    client = browser(contact)
    written = {"text": "Half a sentence", "claim": "part", "service": "other"}
    assert client.post(DRAFT, written).status_code == 204
    client.post("/portal/sign-out/")
    later = browser(contact)
    page = page_of(later)
    assert "Half a sentence" in page
    assert re.search(r'value="part" checked', page)
    assert "Half a sentence" not in page_of(browser(make_contact()))
    send(later)
    assert not RequestDraft.objects.exists()


def test_a_draft_can_be_thrown_away(contact: Contact) -> None:
    client = browser(contact)
    client.post(DRAFT, {"text": "Half a sentence"})
    client.post(NEW, {"act": "discard"})
    assert not RequestDraft.objects.exists()


def test_what_is_sent_after_the_session_has_ended_is_there_to_be_sent_again(contact: Contact) -> None:
    """Also without the script: nothing is stored for nobody, and a second press after signing in sends it."""
    nobody = Client()
    answer = send(nobody, text="It <b>burns</b>")
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "It &lt;b&gt;burns&lt;/b&gt;" in page
    assert not Ticket.objects.exists()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert send(browser(contact), **{**fields, "text": "It burns"}).status_code == 302
    assert Ticket.objects.get().subject == "It burns"


def test_an_answer_sent_after_the_session_has_ended_is_not_lost_either(contact: Contact) -> None:
    ticket = make_ticket(contact=contact)
    answer = Client().post(f"/portal/tickets/{ticket.public_id}/reply/", {"text": "Still down", "once": str(uuid4())})
    assert (answer.status_code, "Still down" in answer.content.decode()) == (401, True)


def test_r15_other_words_on_a_page_that_was_sent_are_not_lost(contact: Contact) -> None:
    """Who goes back and writes something else has the same page: it was led home as if all were well, and what they wrote was nowhere."""
    client, once = browser(contact), str(uuid4())
    for text in ("The first problem", "The first problem", "Another problem"):
        assert send(client, once=once, text=text).status_code == 302
    assert sorted(Message.objects.values_list("text", flat=True)) == ["Another problem", "The first problem"]


def test_r15_what_failed_can_be_sent_again(contact: Contact) -> None:
    """The page says "send it again in a moment" when the database went away: it had counted the sending, and then said it was there already."""
    client, once = browser(contact), str(uuid4())
    client.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE tickets_message ADD CONSTRAINT full_for_a_test CHECK (text = '') NOT VALID")
        assert send(client, once=once).status_code == 500
        cursor.execute("ALTER TABLE tickets_message DROP CONSTRAINT full_for_a_test")
    assert send(client, once=once).status_code == 302
    assert Message.objects.count() == 1


def test_a_double_click_is_one_request(contact: Contact) -> None:
    client, once = browser(contact), str(uuid4())
    assert [send(client, once=once).status_code for _ in range(3)] == [302] * 3
    assert Ticket.objects.count() == 1


@pytest.mark.usefixtures("time_stands_still")
def test_nobody_opens_requests_without_end(contact: Contact) -> None:
    client = browser(contact)
    assert [send(client, problem="other").status_code for _ in range(31)][-2:] == [302, 429]


def test_the_same_problem_is_offered_first(contact: Contact) -> None:
    mine, anothers = make_ticket("The shop is down", contact=contact), make_ticket("Another's")
    page = page_of(browser(contact))
    assert f"/portal/tickets/{mine.public_id}/#reply" in page
    assert str(anothers.public_id) not in page


def test_who_is_no_customer_yet_asks_too(contact: Contact) -> None:
    unknown = make_contact(unknown=True)
    assert send(browser(unknown)).status_code == 302


def test_the_page_asks_as_often_whatever_there_is(contact: Contact) -> None:
    client, counts = browser(contact), []
    client.get(NEW)  # once, for the figures of the days before, which are kept for a minute
    for _more in range(3):
        make_service(customer=contact.customer)
        make_ticket(contact=contact, now=clock.now())
        with CaptureQueriesContext(connection) as captured:
            client.get(NEW)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 9


def test_s15_who_may_not_open_requests_is_told_so_and_opens_none(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk).update(may_open=False)
    asked = browser(contact).get(NEW)
    sent = send(browser(contact))
    assert (asked.status_code, sent.status_code) == (403, 403)
    assert "opened by other people" in asked.content.decode()
    assert f'href="{NEW}"' not in asked.content.decode()
    assert not Ticket.objects.exists()


def test_s15_the_act_itself_refuses_who_may_not_open(contact: Contact) -> None:
    contact.may_open = False
    with pytest.raises(Refused) as refused:
        ask_in_portal(contact=contact, service=None, claim=Claim.QUESTION, text="How?", files=(), now=clock.now())
    assert refused.value.code == "may-not-open"
