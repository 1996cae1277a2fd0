"""A contact reads and answers their own tickets, in public words only (S10, S11, S15)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sportello.accounts.models import User
from sportello.core import clock, files
from sportello.customers.models import Contact
from sportello.customers.sign_in import make_link
from sportello.tickets import actions
from sportello.tickets.actions.following import accept_copy, note_copy
from sportello.tickets.enums import Channel, FollowerRole, Status
from sportello.tickets.models import Attachment, Follower, Message, Note, Ticket
from tests.factories import make_contact, make_customer, make_mailbox, make_message, make_ticket, make_user

pytestmark = pytest.mark.django_db


def browser(contact: Contact) -> Client:
    client = Client()
    client.post(f"/portal/enter/{make_link(contact=contact, now=clock.now())}/")
    return client


def page_of(ticket: Ticket, contact: Contact) -> str:
    return browser(contact).get(f"/portal/tickets/{ticket.public_id}/").content.decode()


def send(client: Client, ticket: Ticket, text: str, once: object = None) -> Any:
    return client.post(f"/portal/tickets/{ticket.public_id}/reply/", {"text": text, "once": str(once or uuid4())})


def answer(ticket: Ticket, by: User, text: str) -> Message:
    ticket.refresh_from_db()
    return actions.reply(
        ticket=ticket, text=text, by=by, now=clock.now() - timedelta(minutes=1), seen_version=ticket.version
    )


def test_one_sees_ones_own_requests_and_no_others() -> None:
    customer = make_customer()
    me, colleague, stranger = make_contact(customer=customer), make_contact(customer=customer), make_contact()
    for subject, contact in (("Mine", me), ("A colleague's", colleague), ("A stranger's", stranger)):
        make_ticket(subject, contact=contact)
    page = browser(me).get("/portal/").content.decode()
    assert "Mine" in page
    assert "colleague" not in page
    assert "stranger" not in page


def test_a_sender_who_is_not_known_yet_sees_only_their_own() -> None:
    unknown = make_contact("Chi sa", unknown=True)
    mine, other = make_ticket("Mine", contact=unknown), make_ticket("Other", contact=make_contact(unknown=True))
    assert "Mine" in page_of(mine, unknown)
    assert browser(unknown).get(f"/portal/tickets/{other.public_id}/").status_code == 404


def test_public_words_only() -> None:
    contact, agent = make_contact(language="en"), make_user("Marco Bianchi")
    ticket = make_ticket(contact=contact, now=clock.now() - timedelta(hours=1))
    answer(ticket, agent, "PUBLIC-ANSWER")
    actions.add_note(ticket=ticket, text="SECRET-NOTE", by=agent, now=clock.now())
    note = Note.objects.get()
    secret = Attachment.objects.create(
        ticket=ticket, note=note, name="SECRET-FILE.txt", content_type="text/plain", size=1, sha256=files.put(b"s")
    )
    page = page_of(ticket, contact)
    assert "PUBLIC-ANSWER" in page
    assert "Marco Bianchi" in page
    assert "SECRET" not in page
    assert agent.email not in page
    assert browser(contact).get(f"/portal/files/{secret.public_id}/").status_code == 404


def test_what_others_wrote_is_text_and_never_markup() -> None:
    contact = make_contact()
    ticket = make_ticket(
        '<script>alert("subject")</script>', text='<img src=x onerror=alert(1)> "><x>', contact=contact
    )
    page = page_of(ticket, contact)
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "&lt;img src=x" in page


def test_an_answer_within_its_ten_seconds_is_not_shown_yet() -> None:
    contact, agent = make_contact(), make_user()
    ticket = make_ticket(contact=contact, mailbox=make_mailbox(), now=clock.now())
    actions.reply(ticket=ticket, text="NOT-YET", by=agent, now=clock.now(), seen_version=ticket.version)
    assert "NOT-YET" not in page_of(ticket, contact)


def test_a_reply_arrives_on_the_desk_and_the_ticket_is_open_again() -> None:
    contact, agent = make_contact(), make_user()
    ticket = make_ticket(contact=contact, now=clock.now() - timedelta(hours=1))
    answer(ticket, agent, "Provi ora.")
    actions.solve(ticket=ticket, by=agent, now=clock.now())
    client = browser(contact)
    assert send(client, ticket, "Non va ancora.")["Location"] == f"/portal/tickets/{ticket.public_id}/"
    ticket.refresh_from_db()
    newest = ticket.messages.latest("id")
    assert (newest.text, newest.contact, newest.channel, ticket.status) == (
        "Non va ancora.",
        contact,
        Channel.PORTAL,
        Status.OPEN,
    )


def test_a_double_click_is_one_message() -> None:
    contact = make_contact()
    ticket, client, once = make_ticket(contact=contact, now=clock.now()), browser(contact), uuid4()
    for _ in range(3):
        assert send(client, ticket, "Una volta sola.", once).status_code == 302
    assert ticket.messages.filter(text="Una volta sola.").count() == 1


@pytest.mark.parametrize("text", ["", "   \n\t", "x" * 100_001])
def test_nothing_and_too_much_are_refused_and_what_was_typed_stays(text: str) -> None:
    contact = make_contact()
    ticket = make_ticket(contact=contact, now=clock.now())
    refused = send(browser(contact), ticket, text)
    assert refused.status_code == 422
    assert ticket.messages.count() == 1


def test_long_after_it_was_closed_a_message_opens_the_next_request() -> None:
    contact, agent, now = make_contact(), make_user(), clock.now()
    ticket = make_ticket("Old trouble", contact=contact, now=now - timedelta(days=40))
    actions.close(ticket=ticket, by=agent, now=now - timedelta(days=30))
    landed = send(browser(contact), ticket, "È tornato.")["Location"]
    new = Ticket.objects.exclude(pk=ticket.pk).get()
    assert landed == f"/portal/tickets/{new.public_id}/"
    assert (new.contact, new.subject, new.channel) == (contact, "Old trouble", Channel.PORTAL)
    assert new.links_out.get().target == ticket


def test_nobody_answers_in_anothers_ticket() -> None:
    ticket = make_ticket(contact=make_contact(), now=clock.now())
    assert send(browser(make_contact()), ticket, "Buongiorno").status_code == 404
    assert ticket.messages.count() == 1


def test_fields_that_are_not_on_the_form_change_nothing() -> None:
    contact, agent = make_contact(), make_user()
    ticket, client = make_ticket(contact=contact, now=clock.now()), browser(contact)
    columns = [field.attname for field in Ticket._meta.concrete_fields]
    before = Ticket.objects.filter(pk=ticket.pk).values_list(*columns).get()
    more = {
        "contact": 1,
        "customer": 1,
        "author": "staff",
        "user": agent.pk,
        "status": "closed",
        "is_outage": "1",
        "queue": 2,
        "subject": "x",
    }
    client.post(f"/portal/tickets/{ticket.public_id}/reply/", {"text": "Ecco", "once": str(uuid4()), **more})
    after = Ticket.objects.filter(pk=ticket.pk).values_list(*columns).get()
    changed = {name for name, was, now_is in zip(columns, before, after, strict=True) if was != now_is}
    assert changed <= {"updated_at", "snippet", "public_count", "version", "reasons"}
    newest = ticket.messages.latest("id")
    assert (newest.author, newest.user, newest.contact) == ("customer", None, contact)


def test_in_copy_sees_nothing_until_an_agent_accepts_and_may_stop() -> None:
    customer, agent, now = make_customer(), make_user(), clock.now()
    owner, copied = make_contact(customer=customer), make_contact(customer=customer)
    ticket = make_ticket(contact=owner, now=now)
    note_copy(ticket=ticket, contact=copied, now=now)
    client, path = browser(copied), f"/portal/tickets/{ticket.public_id}/"
    assert client.get(path).status_code == 404
    accept_copy(ticket=ticket, contact=copied, by=agent, now=now)
    assert client.get(path).status_code == 200
    assert client.post(f"{path}unfollow/")["Location"] == "/portal/"
    assert client.get(path).status_code == 404
    assert not Follower.objects.filter(ticket=ticket, contact=copied).exists()


def test_who_asked_cannot_lose_their_own_request() -> None:
    contact = make_contact()
    ticket, client = make_ticket(contact=contact, now=clock.now()), browser(contact)
    client.post(f"/portal/tickets/{ticket.public_id}/unfollow/")
    assert Follower.objects.get(ticket=ticket, contact=contact).role == FollowerRole.REQUESTER
    assert client.get(f"/portal/tickets/{ticket.public_id}/").status_code == 200


def test_a_joined_request_leads_to_the_one_it_lives_on_in() -> None:
    contact, agent, now = make_contact(), make_user(), clock.now()
    source, target = make_ticket("Twice", contact=contact, now=now), make_ticket("Once", contact=contact, now=now)
    actions.merge(source=source, target=target, by=agent, now=now)
    client = browser(contact)
    assert client.get(f"/portal/tickets/{source.public_id}/")["Location"] == f"/portal/tickets/{target.public_id}/"
    assert "Twice" not in client.get("/portal/").content.decode()


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", 'x"\r\nX-Evil: 1.txt', "../../etc/passwd", "caffè ☕.txt", "\u202etxt.exe"]
)
def test_a_file_is_a_download_whatever_its_name_says(name: str) -> None:
    contact = make_contact()
    ticket = make_ticket(contact=contact, now=clock.now())
    file = Attachment.objects.create(
        ticket=ticket,
        message=ticket.messages.get(),
        name=name,
        content_type="text/html",
        size=9,
        sha256=files.put(b"<b>hi</b>"),
    )
    given: Any = browser(contact).get(f"/portal/files/{file.public_id}/")
    assert b"".join(given.streaming_content) == b"<b>hi</b>"
    assert given["Content-Disposition"].startswith("attachment")
    assert given["Content-Type"] == "application/octet-stream"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert given["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "X-Evil" not in given.headers
    assert browser(make_contact()).get(f"/portal/files/{file.public_id}/").status_code == 404


@pytest.mark.parametrize("path", ["/portal/", "/portal/requests/", "/portal/tickets/{}/"])
def test_pages_ask_the_database_as_often_with_three_rows_as_with_one(path: str) -> None:
    contact = make_contact()
    ticket = make_ticket(contact=contact, now=clock.now())
    client, counts = browser(contact), []
    client.get(
        path.format(ticket.public_id)
    )  # the first page of a minute asks once more, for the promise of days that are over
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path.format(ticket.public_id)).status_code == 200
        counts.append(len(captured))
        for _more in range(2):
            make_message(ticket, now=clock.now())
            make_ticket(contact=contact, now=clock.now())
    assert counts[0] == counts[1]
    assert counts[0] <= 9


# -- the promise -------------------------------------------------------------------------------------------------------
NOTICE = re.compile(r'<p class="notice">(.*?)</p>', re.DOTALL)


def promised(ticket: Ticket) -> str:
    """What the ticket's page says of what comes next, with times as `HH:MM`."""
    found = NOTICE.search(page_of(ticket, ticket.contact))
    assert found is not None
    return re.sub(r"\d\d:\d\d", "HH:MM", unescape(found[1]))


def fresh(minutes_ago: int) -> Ticket:
    return make_ticket(contact=make_contact(language="en"), now=clock.now() - timedelta(minutes=minutes_ago))


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past ten in Rome, so that no due time of these tests is on another day."""
    morning = clock.now().replace(hour=9, minute=30)
    monkeypatch.setattr(clock, "now", lambda: morning)


@pytest.mark.usefixtures("noon")
def test_silence_is_a_fault_a_late_first_answer_is_owned_up_to() -> None:
    assert promised(fresh(1)) == "A person answers today by HH:MM."
    assert promised(fresh(11)) == "The answer was due by HH:MM and is late: we are sorry, it comes next."


@pytest.mark.usefixtures("noon")
def test_the_next_answer_and_the_news_of_an_analysis_have_their_times_and_their_delays() -> None:
    agent, ticket = make_user(), fresh(200)
    answer(ticket, agent, "Provi ora.")
    assert promised(ticket) == "You have our answer: write here if anything is left."
    make_message(ticket, now=clock.now())
    assert promised(ticket) == "The next answer comes today by HH:MM."
    Ticket.objects.filter(pk=ticket.pk).update(due_at=clock.now() - timedelta(minutes=1))
    assert promised(ticket) == "The answer was due by HH:MM and is late: we are sorry, it comes next."
    ticket.refresh_from_db()
    answer(ticket, agent, "Guardiamo.")
    actions.start_analysis(ticket=ticket, next_update_at=clock.now() + timedelta(hours=1), by=agent, now=clock.now())
    assert promised(ticket) == "We are looking into it. Next news today by HH:MM."
    Ticket.objects.filter(pk=ticket.pk).update(due_at=clock.now() - timedelta(minutes=1))
    assert promised(ticket) == "The news was due by HH:MM and is late: we are sorry, it comes next."


def test_waiting_and_finished_are_said_too() -> None:
    agent, ticket = make_user(), fresh(1)
    actions.wait_for_customer(ticket=ticket, by=agent, now=clock.now())
    assert promised(ticket) == "We are waiting for your answer."
    actions.solve(ticket=ticket, by=agent, now=clock.now())
    assert promised(ticket) == "This request is finished: nothing is left to do on either side."


@pytest.mark.usefixtures("noon")
def test_no_later_time_is_promised_than_the_desk_counts_down() -> None:
    ticket, now = fresh(1), clock.now()
    actions.start_analysis(ticket=ticket, next_update_at=now + timedelta(hours=2), by=make_user(), now=now)
    assert promised(ticket) == "A person answers today by HH:MM."
    assert ticket.due_at is not None
    assert f"{timezone.localtime(ticket.due_at):%H:%M}" in page_of(ticket, ticket.contact)


@pytest.mark.usefixtures("noon")
def test_the_customer_sees_how_the_promise_was_kept() -> None:
    contact, agent = make_contact(language="en"), make_user()
    answer(make_ticket(contact=contact, now=clock.now() - timedelta(minutes=5)), agent, "Ecco")
    make_ticket(contact=contact, now=clock.now() - timedelta(minutes=20))
    page = browser(contact).get("/portal/").content.decode()
    assert "today: 1 of 2 first answers in time (50%); 30 days: 1 of 2 first answers in time (50%)." in page


# -- search ------------------------------------------------------------------------------------------------------------
def found_by(contact: Contact, text: str) -> str:
    return browser(contact).get("/portal/search", {"q": text}).content.decode()


def test_a_customer_searches_their_own_public_words() -> None:
    contact, agent = make_contact(language="en"), make_user()
    ticket = make_ticket("Carrello fermo", contact=contact, now=clock.now() - timedelta(hours=1))
    answer(ticket, agent, "Abbiamo riparato il magazzino.")
    page = found_by(contact, "magazzini")
    assert "Carrello fermo" in page
    assert "<mark>magazzino</mark>" in page
    assert 'action="/portal/search"' in browser(contact).get("/portal/").content.decode()


def test_a_customer_never_finds_notes_nor_the_tickets_of_others() -> None:
    customer, agent = make_customer("Ceramiche Doria"), make_user()
    me, colleague = make_contact(customer=customer, language="en"), make_contact(customer=customer)
    mine = make_ticket("Mine", text="y", contact=me, now=clock.now())
    actions.add_note(ticket=mine, text="SEGRETO di Franco", by=agent, now=clock.now())
    make_ticket("SEGRETO altrui", contact=colleague, now=clock.now())
    copied = make_ticket("SEGRETO in copia", contact=colleague, now=clock.now())
    note_copy(ticket=copied, contact=me, now=clock.now())
    for text in ("segreto", "franco", "altrui", str(copied.number), colleague.name, agent.name):
        assert "Nothing found" in found_by(me, text), text


def test_an_answer_that_can_be_undone_is_not_found_yet() -> None:
    contact = make_contact(language="en")
    ticket = make_ticket(contact=contact, mailbox=make_mailbox(), now=clock.now())
    actions.reply(ticket=ticket, text="PRESTO", by=make_user(), now=clock.now(), seen_version=ticket.version)
    assert "Nothing found" in found_by(contact, "presto")
