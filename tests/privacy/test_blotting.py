"""A password that was pasted is noticed, and goes for good, from everywhere."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry, User
from sportello.core import clock, files
from sportello.core.blotting import MARK
from sportello.core.errors import Refused
from sportello.intake.actions import receive_mail
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door
from sportello.mail.models import InboundMail, OutboundMail, RawMail
from sportello.mail.queries import inbound_to_process
from sportello.privacy.actions import blot_out
from sportello.tickets.actions import NewFile, add_message, add_note, overrule, rename, reply, save_draft
from sportello.tickets.enums import Channel, DraftKind, EventKind
from sportello.tickets.models import Event, Ticket
from sportello.triage.enums import Overrule
from tests.factories import make_contact, make_mailbox, make_user
from tests.privacy.test_drops import stands_in_the_database

pytestmark = pytest.mark.django_db
SECRET = "Gabbiano-1974-rosso"
MAIL = f"""From: Laura <laura@customer.example>
To: support@provider.example
Subject: FTP {SECRET}
Message-ID: <one@customer.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Buongiorno, la password è <b>{SECRET}</b>, grazie.</p>
""".replace("\n", "\r\n").encode()


@pytest.fixture
def agent() -> User:
    return make_user(language="en")


@pytest.fixture
def ticket(agent: User) -> Ticket:
    """It came by mail, was answered with a quotation, noted, drafted, and put into the subject."""
    mailbox = make_mailbox("support@provider.example")
    contact = make_contact("Laura", address="laura@customer.example")
    kept = store_inbound(
        raw=MAIL, mailbox=mailbox, door=Door.LMTP, envelope_from=contact.addresses.get().address,
        envelope_to=mailbox.address, now=clock.now(),
    )  # fmt: skip
    found = inbound_to_process(kept.inbound.pk)
    assert found is not None
    receive_mail(inbound=found, now=clock.now())
    ticket = InboundMail.objects.get(pk=found.pk).message.ticket
    reply(
        ticket=ticket,
        text=f"Fatto.\n> la password è\n> {SECRET}",
        by=agent,
        now=clock.now(),
        seen_version=ticket.version,
    )
    log = NewFile("log.txt", "text/plain", f"pass {SECRET}".encode())
    add_message(
        ticket=ticket, text="Ecco.", now=clock.now(), contact=contact, channel=Channel.PORTAL, attachments=[log]
    )
    add_note(ticket=ticket, text=f"usa {SECRET}", by=agent, now=clock.now())
    save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text=f"con {SECRET}", base_version=1, now=clock.now())
    rename(ticket=ticket, subject="FTP", by=agent, now=clock.now())
    return ticket


def blot(ticket: Ticket, by: User, words: Iterable[str] = (SECRET,), *, with_notes: bool = True) -> int:
    chosen = ticket.attachments.values_list("public_id", flat=True)
    return blot_out(
        ticket=ticket,
        words=list(words),
        files=list(chosen),
        with_notes=with_notes,
        by=by,
        now=clock.now(),
        address=None,
    )


def test_a_pasted_password_is_shown_to_staff(ticket: Ticket, agent: User) -> None:
    assert ticket.messages.earliest("pk").extra["secrets"] == ["password"]
    client = Client()
    client.force_login(agent)
    assert "Seems to hold a secret" in client.get(f"/desk/tickets/{ticket.public_id}/").content.decode()


def test_it_is_gone_from_everywhere(ticket: Ticket, agent: User, django_capture_on_commit_callbacks: object) -> None:
    overrule(ticket=ticket, word=Overrule.BEFORE, reason=f"chiede di usare {SECRET}", by=agent, now=clock.now())
    assert stands_in_the_database(SECRET) != []
    sha256 = ticket.attachments.get().sha256
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        blot(ticket, agent)
    assert stands_in_the_database(SECRET) == []
    assert stands_in_the_database(SECRET.encode().hex()) == []
    assert [bytes(raw.content).decode() for raw in RawMail.objects.all() if SECRET in bytes(raw.content).decode()] == []
    with pytest.raises(files.FileMissing):
        files.read(sha256)
    first = ticket.messages.earliest("pk")
    assert (MARK in first.text, first.extra["blotted"], "secrets" in first.extra) == (True, True, False)
    assert all(SECRET not in mail.text for mail in OutboundMail.objects.all())


def test_the_fact_is_told_and_not_the_secret(ticket: Ticket, agent: User) -> None:
    places = blot(ticket, agent)
    event = ticket.events.get(kind=EventKind.BLOTTED)
    assert (event.user, event.data) == (agent, {"places": places})
    assert AuditEntry.objects.get(act=Act.BLOTTED).actor == agent


def test_the_same_mail_is_not_taken_again(ticket: Ticket, agent: User) -> None:
    blot(ticket, agent)
    before = InboundMail.objects.get()
    store_inbound(raw=MAIL, mailbox=before.mailbox, door=Door.IMAP, envelope_from="", envelope_to="", now=clock.now())
    assert InboundMail.objects.get().raw_id == before.raw_id
    assert stands_in_the_database(SECRET.encode().hex()) == []


def test_notes_stay_if_they_are_not_chosen(ticket: Ticket, agent: User) -> None:
    blot(ticket, agent, with_notes=False)
    assert ticket.notes.get().text == f"usa {SECRET}"


@pytest.mark.usefixtures("in_english")
def test_words_that_are_not_there_change_nothing(ticket: Ticket, agent: User) -> None:
    with pytest.raises(Refused, match="nowhere"):
        blot_out(
            ticket=ticket, words=["not there", "a"], files=[], with_notes=True, by=agent, now=clock.now(), address=None
        )
    assert ticket.events.filter(kind=EventKind.BLOTTED).count() == 0


def test_the_page_takes_out_what_it_found(ticket: Ticket, agent: User) -> None:
    client = Client()
    client.force_login(agent)
    path = f"/desk/messages/{ticket.messages.earliest('pk').public_id}/blot"
    assert client.post(path, {"found": "0", "words": ""}).status_code == 422
    assert stands_in_the_database(SECRET) != []
    assert client.post(path, {"found": "0", "words": "", "with_notes": "on", "sure": "on"}).status_code == 302
    assert SECRET not in client.get(f"/desk/tickets/{ticket.public_id}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_events_change_only_in_a_transaction_that_says_so(agent: User) -> None:
    from tests.factories import make_ticket

    event = make_ticket(now=clock.now()).events.earliest("pk")
    change = "UPDATE tickets_event SET data = '{}' WHERE id = %s"
    say = "INSERT INTO privacy_erasure (by_id, counts) VALUES (%s, '{}')"
    for statements, allowed in (
        ([change], False),
        ([say, change], True),
        ([say, "UPDATE tickets_event SET at = now() WHERE id = %s"], False),
        ([say, "DELETE FROM tickets_event WHERE id = %s"], False),
    ):
        assert _runs(statements, event, agent) == allowed, statements


def _runs(statements: list[str], event: Event, by: User) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, [by.pk if "erasure" in statement else event.pk])
    except DatabaseError:
        return False
    return True
