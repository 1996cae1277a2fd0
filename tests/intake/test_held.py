"""Mail that no ticket has: it is seen, it has a clock, and it rings; and what is no request at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sportello.core import clock
from sportello.intake import actions
from sportello.mail import tokens
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState, OutboundKind
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.mail.queries.standing import mail_standing
from sportello.mail.reasons import MailReason
from sportello.tickets.models import Message, Ticket
from tests.factories import make_contact, make_mailbox, make_ticket, make_user

pytestmark = pytest.mark.django_db
LAURA = "laura@ceramichedoria.example"
Arrive = Callable[..., InboundMail]


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def support() -> Mailbox:
    return make_mailbox("assistenza@provider.example")


@pytest.fixture
def ticket(support: Mailbox) -> Ticket:
    return make_ticket(contact=make_contact("Laura Doria", address=LAURA))


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make_user(language="en"))
    return client


def arrive(
    support: Mailbox, *, to: str = "", sender: str = LAURA, envelope: str | None = None, headers: str = ""
) -> InboundMail:
    to = to or support.address
    message_id = f"{clock.now().timestamp()}@x.example"
    names = f"From: {sender}\r\nTo: {to}\r\nSubject: Re: posta\r\nMessage-ID: <{message_id}>\r\n"
    raw = f"{headers}{names}\r\nAnche io vedo il guasto.\r\n"
    stored = store_inbound(
        raw=raw.encode(), mailbox=support, door=Door.LMTP, envelope_from=sender if envelope is None else envelope,
        envelope_to=to, now=clock.now(),
    )  # fmt: skip
    waiting = inbound_to_process(stored.inbound.pk)
    assert waiting is not None
    actions.receive_mail(inbound=waiting, now=clock.now())
    stored.inbound.refresh_from_db()
    return stored.inbound


def colleague(support: Mailbox, ticket: Ticket) -> InboundMail:
    """A colleague of the customer's answers with a valid token, from another address."""
    address = tokens.reply_address(support, str(ticket.public_id))
    return arrive(support, to=address, sender="marco@altro.example")


def test_a_held_mail_is_shown_on_the_ticket_it_answers_with_what_it_says(
    support: Mailbox, ticket: Ticket, desk: Client
) -> None:
    held = colleague(support, ticket)
    assert (held.state, held.reason) == (InboundState.HELD, MailReason.STRANGER_ON_THREAD)
    shown = desk.get(reverse("desk:ticket", args=[ticket.public_id])).content.decode()
    assert "A mail from marco@altro.example answers this ticket but is not from a participant" in shown
    assert "Anche io vedo il guasto." in shown
    desk.post(reverse("desk:join-mail", args=[held.public_id]), {"number": ticket.number})
    assert Message.objects.filter(ticket=ticket, inbound=held).exists()
    assert "is not from a participant" not in desk.get(reverse("desk:ticket", args=[ticket.public_id])).content.decode()


def test_a_held_mail_rings_once_when_nobody_decided_in_time(support: Mailbox, ticket: Ticket, desk: Client) -> None:
    held = colleague(support, ticket)
    assert held.decide_by is not None
    assert actions.ring_for_held(now=held.decide_by - timedelta(seconds=1)) == 0
    assert actions.ring_for_held(now=held.decide_by) == 1
    assert actions.ring_for_held(now=held.decide_by + timedelta(hours=1)) == 0
    alarm = OutboundMail.objects.filter(kind=OutboundKind.ALARM).first()
    assert alarm is not None
    assert "marco@altro.example" in alarm.text
    told = desk.get(reverse("desk:alarm", args=[held.public_id]), {"step": "held"}).content.decode()
    assert "A held mail waits for a decision" in told


def test_the_queue_says_how_many_mails_wait_for_a_decision_and_is_hot_when_late(
    support: Mailbox, ticket: Ticket, desk: Client
) -> None:
    held = colleague(support, ticket)
    InboundMail.objects.filter(pk=held.pk).update(decide_by=clock.now() + timedelta(minutes=9))
    calm = desk.get(reverse("desk:queue")).content.decode()
    assert "1 mail waits for a decision" in calm
    assert 'notice warning" data-part="held"' in calm
    InboundMail.objects.filter(pk=held.pk).update(decide_by=clock.now() - timedelta(minutes=1))
    assert 'notice error" data-part="held"' in desk.get(reverse("desk:queue")).content.decode()
    actions.refuse_held(inbound=held, by=make_user(), now=clock.now())
    assert mail_standing(now=clock.now()).held_since is None


def test_a_forgery_found_by_any_server_on_the_way_is_held_though_none_of_ours_checks(
    support: Mailbox, ticket: Ticket
) -> None:
    doubt = "Authentication-Results: mx.some.example; dmarc=fail header.from=ceramichedoria.example\r\n"
    answer = arrive(support, to=tokens.reply_address(support, str(ticket.public_id)), headers=doubt)
    assert (answer.state, answer.reason) == (InboundState.HELD, MailReason.DOUBTED_ON_THREAD)
    new = arrive(support, headers=doubt)
    assert new.state == InboundState.FILED
    assert Ticket.objects.get(number=new.reason_params["number"]).sender_verified is False


@pytest.mark.parametrize("accepts", [False, True])
def test_mail_without_any_result_is_held_for_its_own_reason_unless_the_mailbox_accepts_it(
    support: Mailbox, ticket: Ticket, accepts: bool
) -> None:
    Mailbox.objects.filter(pk=support.pk).update(authserv_id="mx.provider.example", accepts_without_result=accepts)
    support.refresh_from_db()
    answer = arrive(support, to=tokens.reply_address(support, str(ticket.public_id)))
    assert answer.reason == (MailReason.FILED_JOINED if accepts else MailReason.NO_RESULT_ON_THREAD)


def test_the_clock_runs_for_a_contact_whose_mail_has_the_null_sender(support: Mailbox, ticket: Ticket) -> None:
    new = arrive(support, envelope="")
    opened = Ticket.objects.get(number=new.reason_params["number"])
    assert opened.due_at is not None
    assert "clock.answered" not in [code for code, _params in opened.reasons]


def test_a_strangers_mail_with_the_null_sender_is_not_called_answered(support: Mailbox) -> None:
    new = arrive(support, sender="robot@altro.example", envelope="")
    opened = Ticket.objects.get(number=new.reason_params["number"])
    codes = [code for code, _params in opened.reasons]
    assert (opened.due_at, "clock.machine" in codes, "clock.answered" in codes) == (None, True, False)


@pytest.mark.parametrize("more", ["List-Unsubscribe: <https://n.example/u>\r\n", "Precedence: bulk\r\n"])
def test_a_strangers_newsletter_is_recorded_and_a_customers_list_mail_is_a_request(
    support: Mailbox, ticket: Ticket, more: str
) -> None:
    signs = f"List-Id: <novita.n.example>\r\n{more}"
    stranger = arrive(support, sender="news@n.example", headers=signs)
    assert (stranger.state, stranger.reason) == (InboundState.RECORDED, MailReason.NEWSLETTER)
    assert arrive(support, headers=signs).state == InboundState.FILED
    discussion = arrive(support, sender="tom@n.example", headers=f"{signs}List-Post: <mailto:l@n.example>\r\n")
    assert discussion.state == InboundState.FILED


def test_what_is_no_request_leaves_the_promise_and_comes_back_when_opened_again(ticket: Ticket, desk: Client) -> None:
    assert ticket.first_due_at is not None
    desk.post(reverse("desk:set-aside", args=[ticket.public_id]))
    ticket.refresh_from_db()
    assert (ticket.status, ticket.is_request) == ("closed", False)
    assert not Ticket.objects.filter(pk=ticket.pk, first_due_at__isnull=False).exists()
    assert ticket.events.filter(kind="set_aside").count() == 1
    desk.post(reverse("desk:reopen", args=[ticket.public_id]))
    ticket.refresh_from_db()
    assert ticket.first_due_at is not None
    assert ticket.is_request


def test_alarms_do_not_flood_the_outbox(support: Mailbox, ticket: Ticket, desk: Client) -> None:
    held = colleague(support, ticket)
    assert held.decide_by is not None
    actions.ring_for_held(now=held.decide_by)
    words = "A held mail waits for a decision"
    assert words not in desk.get(reverse("desk:outbox")).content.decode().split('id="outbox"')[1]
    assert words in desk.get(reverse("desk:outbox"), {"own": "1"}).content.decode().split('id="outbox"')[1]
