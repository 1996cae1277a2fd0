"""The receipt: what a customer is told of a new request, and who gets none."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.db import connections

from sportello.customers.models import Contact
from sportello.intake.notifications import acknowledge, quotable
from sportello.mail import composition, tokens
from sportello.mail.enums import OutboundKind, Purpose
from sportello.mail.models import InboundMail, Mailbox, OutboundMail, RawMail
from sportello.tickets import actions
from sportello.tickets.models import Ticket
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_mailbox,
    make_queue,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox("support@provider.example")


def mail_of(
    ticket: Ticket, mailbox: Mailbox, *, sender: str = "laura@customer.example", allowed: bool = True
) -> InboundMail:
    raw = RawMail.objects.create(sha256=str(ticket.pk).rjust(64, "0"), content=b"", size=0)
    return InboundMail.objects.create(
        mailbox=mailbox,
        raw=raw,
        door="lmtp",
        fingerprint=raw.sha256,
        message_id=f"<{ticket.pk}@customer.example>",
        sender=sender,
        received_at=NOW,
        answers_allowed=allowed,
    )


def laura(**how: object) -> Contact:
    return make_contact(address="laura@customer.example", **how)  # type: ignore[arg-type]


def test_a_customer_is_told_what_was_understood_and_until_when_the_answer_is_due(mailbox: Mailbox) -> None:
    customer = make_customer()
    service = make_service("ceramichedoria.example", customer=customer)
    ticket = make_ticket("The shop does not open", contact=laura(customer=customer), service=service, language="en")
    inbound = mail_of(ticket, mailbox)
    receipt = acknowledge(ticket=ticket, inbound=inbound, mailbox=mailbox, now=NOW)
    assert receipt is not None
    assert receipt.text.split("\n\n-- \n")[0] == (
        "Good day,\n"
        "\n"
        f"we have received your request and given it the number #{ticket.number}. A person will read it; this message was "
        "written by our program.\n"
        "\n"
        "This is what we understood:\n"
        "\n"
        "- Subject: The shop does not open\n"
        "- Service: ceramichedoria.example\n"
        "- Precedence: in the order in which answers are due; only requests about a service that cannot be used at all "
        "come before\n"
        "\n"
        "The answer is due by Wednesday 4 March 2026 at 11:02 (CET).\n"
        "\n"
        "To add or correct something, simply reply to this message: the reply joins the same request, and there is no "
        "need for a new one."
    )
    assert f" {settings.PUBLIC_URL}/portal/tickets/{ticket.public_id}/\n" in receipt.text.split("\n\n-- \n")[1]
    assert (receipt.to, receipt.kind, receipt.automatic, receipt.envelope_from) == (
        "laura@customer.example",
        OutboundKind.RECEIPT,
        True,
        "",
    )
    assert receipt.subject == f"Re: The shop does not open [#{ticket.number}]"
    assert (receipt.in_reply_to, receipt.references) == (inbound.message_id, [inbound.message_id])
    assert tokens.reference_in(receipt.reply_to) == str(ticket.public_id)


def test_an_outage_is_said_to_come_first(mailbox: Mailbox) -> None:
    ticket = make_ticket(contact=laura(), language="en")
    actions.set_outage(ticket=ticket, on=True, by=make_user(), now=NOW)
    receipt = acknowledge(ticket=ticket, mailbox=mailbox, now=NOW)
    assert receipt is not None
    assert "Precedence: before all others, because a service cannot be used at all" in receipt.text


def test_at_night_a_question_before_buying_is_told_when_the_time_begins(mailbox: Mailbox) -> None:
    night = datetime(2026, 3, 6, 22, 0, tzinfo=NOW.tzinfo)  # a Friday
    ticket = make_ticket(contact=laura(), queue=make_queue("presales"), language="en", now=night)
    receipt = acknowledge(ticket=ticket, mailbox=mailbox, now=night)
    assert receipt is not None
    assert "We are closed at the moment: the time is counted from when we open again." in receipt.text
    assert "The answer is due by Monday 9 March 2026 at 10:00 (CET)." in receipt.text


def test_a_strangers_words_are_never_sent_back(mailbox: Mailbox) -> None:
    stranger = make_contact("CASINO http://evil.example", unknown=True, address="victim@other.example")
    ticket = make_ticket("You are the WINNER", text="Unrequested words", contact=stranger, language="en")
    receipt = acknowledge(ticket=ticket, mailbox=mailbox, now=NOW)
    assert receipt is not None
    assert receipt.subject == f"We have received your request [#{ticket.number}]"
    raw = composition.source(receipt, read=lambda _sha256: b"").decode()
    assert [word for word in ("WINNER", "CASINO", "evil.example", "Unrequested") if word in raw] == []
    assert "We do not know this mail address yet." in receipt.text
    assert "/portal/" not in raw


def test_a_stranger_at_support_is_told_where_to_ask_before_buying(mailbox: Mailbox) -> None:
    """[cover.customers] [reach.presales]"""
    words = "Before buying, you may ask anything at info@provider.example."
    first, second = (make_ticket(contact=make_contact(unknown=True), language="en") for _ in range(2))
    without = acknowledge(ticket=first, mailbox=mailbox, now=NOW)
    make_mailbox("info@provider.example", purpose=Purpose.PRESALES)
    told = acknowledge(ticket=second, mailbox=mailbox, now=NOW)
    customer = acknowledge(ticket=make_ticket(contact=laura(), language="en"), mailbox=mailbox, now=NOW)
    assert without is not None
    assert told is not None
    assert customer is not None
    assert (words in without.text, words in told.text, words in customer.text) == (False, True, False)


def test_an_address_gets_one_receipt_an_hour_however_it_is_spelt(mailbox: Mailbox) -> None:
    first, second, third = (make_ticket(contact=laura() if not n else Contact.objects.get()) for n in range(3))
    assert acknowledge(ticket=first, mailbox=mailbox, now=NOW) is not None
    inbound = mail_of(second, mailbox, sender="Laura@Customer.example")
    assert acknowledge(ticket=second, inbound=inbound, mailbox=mailbox, now=NOW + timedelta(minutes=59)) is None
    assert acknowledge(ticket=third, mailbox=mailbox, now=NOW + timedelta(minutes=61)) is not None


@pytest.mark.django_db(transaction=True)
def test_two_mails_at_the_same_moment_get_one_receipt_between_them(mailbox: Mailbox) -> None:
    contact = laura()
    tickets = [make_ticket(contact=contact) for _ in range(6)]
    start = threading.Barrier(len(tickets))

    def answer(ticket: Ticket) -> None:
        start.wait()
        acknowledge(ticket=ticket, mailbox=mailbox, now=NOW)
        connections.close_all()

    threads = [threading.Thread(target=answer, args=[ticket]) for ticket in tickets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert OutboundMail.objects.filter(kind=OutboundKind.RECEIPT).count() == 1


def test_a_sender_who_was_not_verified_gets_none(mailbox: Mailbox) -> None:
    ticket = make_ticket(contact=laura())
    ticket.sender_verified = False
    assert acknowledge(ticket=ticket, mailbox=mailbox, now=NOW) is None


def test_mail_taken_in_as_receive_only_gets_none(mailbox: Mailbox) -> None:
    ticket = make_ticket(contact=laura())
    assert acknowledge(ticket=ticket, inbound=mail_of(ticket, mailbox, allowed=False), now=NOW) is None


def test_somebody_without_an_address_gets_none(mailbox: Mailbox) -> None:
    assert acknowledge(ticket=make_ticket(contact=make_contact(address="")), mailbox=mailbox, now=NOW) is None


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Il sito non va", "Il sito non va"),
        ("Vedere http://evil.example/x subito", "Vedere … subito"),
        ("www.evil.example ora", "… ora"),
        ("chiamare mario@evil.example", "chiamare …"),
        ("evil.it/paga adesso", "… adesso"),
        ("ceramichedoria.it non risponde", "ceramichedoria.it non risponde"),
        ("a\r\nBcc: x\u2028y", "a Bcc: x y"),
        ("parola " * 40, ("parola " * 40)[:79].rstrip() + "…"),
    ],
)
def test_what_of_a_subject_may_be_sent_back(subject: str, shown: str) -> None:
    assert quotable(subject) == shown
