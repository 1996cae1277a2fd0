"""One sender's flood is filed in portions, answered once, and decided about in one go; nothing of it is lost (S43, S21)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from sportello.accounts.enums import Role
from sportello.intake import actions
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState, OutboundKind
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.mail.reasons import AnswerReason, MailReason
from sportello.tickets.models import Ticket
from tests.factories import NOW, make_contact, make_mailbox, make_queue, make_user

pytestmark = pytest.mark.django_db
BRUNO = "bruno@riva.example"
HOUR = timedelta(hours=1)
START = NOW.replace(minute=0, second=0)


@pytest.fixture
def mailbox(settings: Settings) -> Mailbox:
    settings.MAILS_PER_HOUR, settings.RECEIPTS_PER_HOUR = 3, 10
    make_queue("support")
    return make_mailbox("support@provider.example")


def arrive(mailbox: Mailbox, sender: str, number: int = 0, *, now: datetime = START) -> InboundMail:
    raw = f"From: {sender}\r\nSubject: {number}\r\nMessage-ID: <{number}.{sender}>\r\n\r\nciao".encode()
    inbound = store_inbound(
        raw=raw, mailbox=mailbox, door=Door.LMTP, envelope_from=sender, envelope_to="", now=now
    ).inbound
    return read(inbound, now)


def read(inbound: InboundMail, now: datetime) -> InboundMail:
    waiting = inbound_to_process(inbound.pk)
    if waiting is not None:
        actions.receive_mail(inbound=waiting, now=now)
    inbound.refresh_from_db()
    return inbound


def read_all(now: datetime) -> None:
    for inbound in InboundMail.objects.filter(state=InboundState.RECEIVED).order_by("pk"):
        read(inbound, now)


def states() -> list[str]:
    return list(InboundMail.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_too_much_of_one_sender_is_held_and_others_are_filed(mailbox: Mailbox) -> None:
    """A `+tag` makes no other sender."""
    make_contact("Bruno", address=BRUNO)
    flood = [arrive(mailbox, BRUNO if number % 2 else "bruno+x@riva.example", number) for number in range(6)]
    assert states() == [InboundState.FILED] * 3 + [InboundState.HELD] * 3
    assert {mail.reason for mail in flood[3:]} == {MailReason.FLOOD}
    assert arrive(mailbox, "carla@other.example").state == InboundState.FILED


def test_the_people_of_one_customer_have_a_limit_together(mailbox: Mailbox) -> None:
    customer = make_contact("Bruno", address=BRUNO).customer
    for number in range(4):
        make_contact(f"P{number}", address=f"p{number}@riva.example", customer=customer)
    mails = [arrive(mailbox, f"p{number % 4}@riva.example", number) for number in range(12)]
    assert [mail.reason == MailReason.FLOOD_OF_CUSTOMER for mail in mails] == [False] * 9 + [True] * 3


def test_staff_are_told_of_the_first_and_not_of_each(mailbox: Mailbox) -> None:
    mails = [arrive(mailbox, BRUNO, number) for number in range(8)]
    assert [mail.decide_by is not None for mail in mails if mail.state == InboundState.HELD] == [True, *[False] * 4]


def test_what_is_held_is_filed_in_later_hours_the_oldest_first(mailbox: Mailbox) -> None:
    for number in range(8):
        arrive(mailbox, BRUNO, number)
    assert actions.file_held_back(now=START + timedelta(minutes=5)) == 0
    filed = []
    for hours in (1, 2):
        now = START + hours * HOUR
        actions.file_held_back(now=now)
        read_all(now)
        assert actions.file_held_back(now=now + timedelta(minutes=1)) == 0
        filed.append(states().count(InboundState.FILED))
    assert filed == [6, 8]
    assert list(Ticket.objects.order_by("pk").values_list("subject", flat=True)) == [str(number) for number in range(8)]


def test_what_is_too_much_opens_no_ticket_and_comes_to_no_page_of_one(mailbox: Mailbox) -> None:
    for number in range(5):
        arrive(mailbox, BRUNO, number)
    assert Ticket.objects.count() == 3
    assert not InboundMail.objects.filter(state=InboundState.HELD, reason_params__has_key="ticket").exists()


def test_without_a_limit_all_is_filed(mailbox: Mailbox, settings: Settings) -> None:
    settings.MAILS_PER_HOUR = 0
    assert [arrive(mailbox, BRUNO, number).state for number in range(6)] == [InboundState.FILED] * 6


def test_a_limit_that_is_taken_away_lets_go_what_it_held(mailbox: Mailbox, settings: Settings) -> None:
    for number in range(6):
        arrive(mailbox, BRUNO, number)
    settings.MAILS_PER_HOUR = 0
    assert actions.file_held_back(now=START) == 3


# -- a person's word ---------------------------------------------------------------------------------------------------
def test_a_person_refuses_all_of_a_sender_and_files_them_after_all(mailbox: Mailbox) -> None:
    for number in range(6):
        arrive(mailbox, BRUNO, number)
    other = arrive(mailbox, "carla@other.example")
    client = Client()
    client.force_login(make_user(language="en"))
    page = reverse("desk:mail", args=[InboundMail.objects.filter(state=InboundState.HELD)[0].public_id])
    assert "3 mails are held for a later hour." in client.get(page).content.decode()
    assert "3 mails refused." in client.post(f"{page}refuse-all", follow=True).content.decode()
    assert states() == [InboundState.FILED] * 3 + [InboundState.REFUSED] * 3 + [InboundState.FILED]
    assert "3 mails are filed within the next minutes." in client.post(f"{page}file-all", follow=True).content.decode()
    assert states().count(InboundState.RECEIVED) == 3
    read_all(START)
    assert states() == [InboundState.FILED] * 7
    assert other.state == InboundState.FILED


def test_the_desk_says_what_the_limits_are(mailbox: Mailbox) -> None:
    assert mailbox.is_active
    client = Client()
    client.force_login(make_user(language="en", role=Role.ADMIN))
    page = client.get(reverse("desk:settings")).content.decode()
    assert "at most 3 mails of one sender, 9 of all people of one customer" in page
    assert "one to an address, at most 10 in all, 2 of them to people who are no customers' contacts" in page
    held = client.get(f"{reverse('desk:mails')}?state=held").content.decode()
    assert "Of one sender at most 3 mails are filed within an hour." in held


# -- receipts ----------------------------------------------------------------------------------------------------------
def test_s21_forged_mails_write_to_few_victims(mailbox: Mailbox) -> None:
    """Customers keep their part of the receipts, whatever strangers do."""
    strangers = [arrive(mailbox, f"victim{number}@place{number}.example") for number in range(8)]
    make_contact("Bruno", address=BRUNO)
    assert [mail.reason_params["answer"] for mail in strangers] == [AnswerReason.SENT] * 2 + [AnswerReason.USED_UP] * 6
    assert arrive(mailbox, BRUNO).reason_params["answer"] == AnswerReason.SENT


def test_s21_receipts_have_an_end_for_customers_too_and_begin_again(mailbox: Mailbox) -> None:
    for number in range(14):
        make_contact(f"P{number}", address=f"p{number}@riva{number}.example")
        arrive(mailbox, f"p{number}@riva{number}.example")
    assert OutboundMail.objects.filter(kind=OutboundKind.RECEIPT).count() == 10
    later = arrive(mailbox, "p0@riva0.example", 1, now=START + HOUR + timedelta(minutes=1))
    assert later.reason_params["answer"] == AnswerReason.SENT
