"""A provider's own Postfix: it hands mail over by LMTP and keeps it while it cannot, it takes ours, and it tells of what came back."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from django.db import connection

from sportello.core import clock
from sportello.customers.models import ContactAddress
from sportello.intake import actions
from sportello.mail.actions.outbound import deliver
from sportello.mail.adapters.smtp import Smtp
from sportello.mail.enums import InboundState, OutboundState
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.mail.reasons import MailReason
from sportello.mail.rules import Outcome
from sportello.tickets.actions import reply
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Message, Ticket
from sportello.triage.models import Calendar, Queue, SlaPolicy
from tests.factories import make_contact, make_mailbox, make_ticket, make_user
from tests.intake.open_door import open_door
from tests.ports import free_port
from tests.servers.postfix import Postfix, missing
from tests.servers.until import until

pytestmark = [
    pytest.mark.system,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
ADDRESS = "assistenza@provider.example"
LAURA = "laura@customer.example"
BODY = "Il sito non si apre.\r\n.\r\n..due punti\r\n" + "x" * 1500 + "\r\n"


@pytest.fixture
def lmtp_port() -> int:
    return free_port()


@pytest.fixture
def postfix(lmtp_port: int) -> Iterator[Postfix]:
    with Postfix(lmtp_port) as server:
        yield server


@pytest.fixture
def mailbox(transactional_db: None) -> Mailbox:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return make_mailbox(ADDRESS)


@pytest.fixture
def queue(transactional_db: None) -> Queue:
    """Transactions are undone by emptying tables: what migrations put in has to be put in again."""
    found = Queue.objects.filter(slug="support").first()
    calendar = Calendar.objects.create(name="24/7 (Postfix)", always_open=True, holidays_country="")
    policy = SlaPolicy.objects.create(name="Support (Postfix)")
    return found or Queue.objects.create(slug="support", name_it="A", name_en="S", calendar=calendar, policy=policy)


def send(postfix: Postfix, number: int, *recipients: str) -> None:
    mail = f"From: Laura <{LAURA}>\r\nSubject: Richiesta {number}\r\nMessage-ID: <p{number}@customer.example>\r\n\r\n{BODY}"
    with smtplib.SMTP("127.0.0.1", postfix.port) as client:
        client.sendmail(LAURA, recipients or [ADDRESS], mail)


def test_postfix_hands_over_every_recipient_and_keeps_nothing(
    postfix: Postfix, mailbox: Mailbox, lmtp_port: int
) -> None:
    make_mailbox("info@provider.example")
    with open_door(lmtp_port):
        send(postfix, 1, ADDRESS, "info@provider.example")
        until(lambda: InboundMail.objects.count() == 2)
        until(lambda: "Mail queue is empty" in postfix.queue())
    stored = InboundMail.objects.get(mailbox=mailbox)
    assert (stored.envelope_from, stored.subject) == (LAURA, "Richiesta 1")
    assert b"\r\n.\r\n..due punti\r\n" in bytes(stored.raw.content)


def test_postfix_keeps_mail_while_the_door_is_shut(postfix: Postfix, mailbox: Mailbox, lmtp_port: int) -> None:
    send(postfix, 1)
    until(lambda: postfix.put_off("Connection refused") == 1)
    with open_door(lmtp_port):
        until(lambda: InboundMail.objects.count() == 1)
        until(lambda: "Mail queue is empty" in postfix.queue())


def test_postfix_keeps_mail_while_the_database_refuses(postfix: Postfix, mailbox: Mailbox, lmtp_port: int) -> None:
    with open_door(lmtp_port):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_inboundmail RENAME TO mail_inboundmail_away")
        for number in range(5):
            send(postfix, number)
        until(lambda: postfix.put_off("451 4.3.0 Not stored, try again later") == 5)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_inboundmail_away RENAME TO mail_inboundmail")
        until(lambda: "Mail queue is empty" in postfix.queue(), 90)
    assert sorted(InboundMail.objects.values_list("subject", flat=True)) == [f"Richiesta {n}" for n in range(5)]


def test_an_unknown_recipient_comes_back_to_the_sender(postfix: Postfix, mailbox: Mailbox, lmtp_port: int) -> None:
    with open_door(lmtp_port):
        send(postfix, 1, "nobody@provider.example")
        until(lambda: len(postfix.inbox()) == 1)
    report = message_from_bytes(postfix.inbox()[0])
    assert report.get_content_type() == "multipart/report"
    assert b"550 5.1.1 No such mailbox here" in postfix.inbox()[0]


def answered(queue: Queue, mailbox: Mailbox, address: str) -> tuple[Ticket, OutboundMail]:
    contact = make_contact("Laura Doria", address=address)
    ticket = make_ticket(contact=contact, mailbox=mailbox, queue=queue, now=clock.now())
    message = reply(
        ticket=ticket, text="Riavviato: ora va.", by=make_user(), now=clock.now(), seen_version=ticket.version
    )
    assert message.outbound is not None
    OutboundMail.objects.filter(pk=message.outbound.pk).update(not_before=clock.now())
    return ticket, message.outbound


def test_our_answer_arrives_and_the_customers_answer_joins_the_ticket(
    postfix: Postfix, mailbox: Mailbox, queue: Queue, lmtp_port: int
) -> None:
    ticket, outbound = answered(queue, mailbox, LAURA)
    assert deliver(outbound_id=outbound.pk, transport=Smtp("127.0.0.1", postfix.port)) == Outcome.SENT
    until(lambda: len(postfix.inbox()) == 1)
    ours = message_from_bytes(postfix.inbox()[0])
    assert ours["Message-ID"] == outbound.message_id
    answer = (
        f"From: Laura Doria <{LAURA}>\r\nTo: {ours['Reply-To']}\r\nSubject: Re: {ours['Subject']}\r\n"
        f"Message-ID: <answer@customer.example>\r\nIn-Reply-To: {ours['Message-ID']}\r\n\r\nGrazie!\r\n"
    )
    with open_door(lmtp_port):
        with smtplib.SMTP("127.0.0.1", postfix.port) as client:
            client.sendmail(LAURA, [ours["Reply-To"]], answer)
        until(lambda: InboundMail.objects.count() == 1)
    inbound = read(InboundMail.objects.get())
    assert (inbound.state, inbound.reason) == (InboundState.FILED, MailReason.FILED_JOINED)
    assert Message.objects.get(inbound=inbound).ticket == ticket


def test_an_answer_that_postfix_cannot_deliver_is_marked_on_ticket_and_address(
    postfix: Postfix, mailbox: Mailbox, queue: Queue, lmtp_port: int
) -> None:
    ticket, outbound = answered(queue, mailbox, "laura@nobody.example")
    with open_door(lmtp_port):
        deliver(outbound_id=outbound.pk, transport=Smtp("127.0.0.1", postfix.port))
        until(lambda: InboundMail.objects.count() == 1)
    inbound = read(InboundMail.objects.get())
    outbound.refresh_from_db()
    assert (inbound.state, inbound.reason, inbound.about) == (InboundState.RECORDED, MailReason.BOUNCE, outbound)
    assert outbound.state == OutboundState.BOUNCED
    assert "No such mailbox here" in outbound.last_answer
    assert ContactAddress.objects.get(address="laura@nobody.example").bounced_at is not None
    assert ticket.events.filter(kind=EventKind.BOUNCED).count() == 1


def read(inbound: InboundMail) -> InboundMail:
    waiting = inbound_to_process(inbound.pk)
    assert waiting is not None
    actions.receive_mail(inbound=waiting, now=clock.now())
    return waiting
