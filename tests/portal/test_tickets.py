"""A contact reads and answers their own tickets, in public words only (S10, S11, S15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

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


@pytest.mark.parametrize("path", ["/portal/", "/portal/tickets/{}/"])
def test_pages_ask_the_database_as_often_with_three_rows_as_with_one(path: str) -> None:
    contact = make_contact()
    ticket = make_ticket(contact=contact, now=clock.now())
    client, counts = browser(contact), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path.format(ticket.public_id)).status_code == 200
        counts.append(len(captured))
        for _more in range(2):
            make_message(ticket, now=clock.now())
            make_ticket(contact=contact, now=clock.now())
    assert counts[0] == counts[1]
    assert counts[0] <= 8
