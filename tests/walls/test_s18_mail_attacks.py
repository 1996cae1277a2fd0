"""What strangers try by mail: guessed and stolen tokens (S18), a place in Cc (S16), headers that steer programs (S19), the ticket trick (S20),
the desk as a relay (S21), and programs that answer programs (S22).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.customers.sign_in import make_link
from sportello.intake import actions
from sportello.mail import composition, tokens
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState, OutboundState
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.mail.queries import inbound_to_process
from sportello.tickets.actions import reply
from sportello.tickets.models import Message, Ticket
from tests.factories import make_contact, make_mailbox, make_queue, make_ticket, make_user
from tests.walls.hostile.tally import IS_LONG, Tally, sample

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600 if IS_LONG else 300)]
Record = Callable[[str, object], None]
LAURA, BRUNO, EVIL = "laura@doria.example", "bruno@riva.example", "evil@attacker.example"
OUR_SERVER = "mx.provider.example"
MANY = 2_000 if IS_LONG else 40
BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def believing_mailbox() -> Mailbox:
    """One that believes what our own mail server says of a sender."""
    make_queue()
    mailbox = make_mailbox("support@provider.example")
    mailbox.authserv_id = OUR_SERVER
    mailbox.save(update_fields=["authserv_id"])
    return mailbox


@pytest.fixture
def support() -> Mailbox:
    return believing_mailbox()


@pytest.fixture
def laura() -> Contact:
    return make_contact("Laura Doria", address=LAURA, language="en")


@pytest.fixture
def ticket(support: Mailbox, laura: Contact) -> Ticket:
    return make_ticket("The shop", contact=laura, mailbox=support, now=clock.now(), language="en")


def arrive(
    mailbox: Mailbox,
    head: str,
    body: str = "hello",
    *,
    proven: str = "",
    sender: str | None = None,
    to: str = "",
    now: datetime | None = None,
) -> InboundMail:
    """A mail that our own server took in, having proven (or not) the domain of its From, read and filed."""
    found = f"dmarc=pass header.from={proven}" if proven else "dmarc=none; spf=none"
    raw = f"Authentication-Results: {OUR_SERVER}; {found}\n{head}\n\n{body}\n".replace("\n", "\r\n").encode()
    moment = now or clock.now()
    stored = store_inbound(
        raw=raw,
        mailbox=mailbox,
        door=Door.LMTP,
        envelope_from=EVIL if sender is None else sender,
        envelope_to=to or mailbox.address,
        now=moment,
    )
    waiting = inbound_to_process(stored.inbound.pk)
    if waiting is not None:
        actions.receive_mail(inbound=waiting, now=moment)
    stored.inbound.refresh_from_db()
    return stored.inbound


def answered(ticket: Ticket) -> OutboundMail:
    message = reply(ticket=ticket, text="Done.", by=make_user(), now=clock.now(), seen_version=ticket.version)
    assert message.outbound is not None
    OutboundMail.objects.filter(pk=message.outbound.pk).update(state=OutboundState.SENT, sent_at=clock.now())
    ticket.refresh_from_db()
    return message.outbound


def changed(word: str) -> Iterator[str]:
    """Each letter of a signed word made another: one bit at least."""
    for position, letter in enumerate(word):
        if letter in BASE32:
            for bit in (1, 2, 4, 8, 16):
                other = BASE32[BASE32.index(letter) ^ bit]
                yield f"{word[:position]}{other}{word[position + 1 :]}"


# -- tokens ------------------------------------------------------------------------------------------------------------------------------
def test_s18_no_changed_or_foreign_token_is_genuine(record_property: Record) -> None:
    tally = Tally("S18 changed and foreign tokens")
    mailbox, other = Mailbox(address="support@provider.example"), Mailbox(address="info@provider.example")
    for _ in range(20 if IS_LONG else 3):
        reference, outbound = str(uuid4()), uuid4()
        for genuine, read in [
            (tokens.reply_address(mailbox, reference), tokens.reference_in),
            (tokens.message_id(mailbox, reference), tokens.reference_of_message_id),
            (tokens.bounce_address(mailbox, outbound), tokens.outbound_of_envelope),
        ]:
            assert str(read(genuine)) in {reference, str(outbound)}
            local, _, domain = genuine.rpartition("@")
            head, _, word = local.partition("+") if "+" in local else ("", "", local[3:])
            put = f"{head}+{word[0]}" if "+" in local else "<t."
            for forged in changed(word[1:] if "+" in local else word):
                tally.add(
                    forged, [f"genuine: {read(f'{put}{forged}@{domain}')}"] if read(f"{put}{forged}@{domain}") else []
                )
        swapped = (
            tokens.reply_address(mailbox, reference).replace("+t", "+b"),
            tokens.bounce_address(mailbox, outbound).replace("+b", "+t"),
        )
        tally.add(swapped[0], ["a reply's token is a bounce's"] if tokens.outbound_of_envelope(swapped[0]) else [])
        tally.add(swapped[1], ["a bounce's token is a reply's"] if tokens.reference_in(swapped[1]) else [])
        first, second = tokens.message_id(mailbox, reference), tokens.message_id(other, str(uuid4()))
        crossed = f"{'.'.join(first.split('.')[:3])}.{second.split('.')[3]}"
        tally.add(crossed, ["the seal of another id"] if tokens.reference_of_message_id(crossed) else [])
    record_property("counted", str(tally))
    tally.settle()


GUESSES = [
    "Subject: Re: The shop [#{number}]", "Subject: Re: [Ticket#{number}] The shop", "Subject: Re: #{number}", "Subject: Re: The shop\nX-Ticket-Id: {number}", "Subject: [{public_id}] x",
    "Subject: Re: The shop\nIn-Reply-To: <{public_id}@provider.example>", "Subject: Re: The shop\nReferences: <{number}@provider.example> <{public_id}@provider.example>",
    "Subject: Re: The shop\nX-RT-Ticket: {number}\nRT-Ticket: provider #{number}", "Subject: Re: The shop\nThread-Index: {public_id}\nThread-Topic: The shop",
    "Subject: Re: The shop\nX-Sportello-Ticket: {public_id}\nX-Sportello-Reference: {public_id}", "Subject: Re: The shop\nReferences: {forged_id}", "Subject: Re: The shop\nIn-Reply-To: {forged_id}",
]  # fmt: skip


def test_s18_a_guess_joins_no_ticket(support: Mailbox, ticket: Ticket, record_property: Record) -> None:
    """Even the customer's own, proven mail joins by nothing but our seal; so does a stranger's."""
    tally, make_contact_b = Tally("S18 guessed references"), make_contact("Bruno", address=BRUNO)
    assert make_contact_b.customer != ticket.customer
    local, _, domain = answered(ticket).message_id.rpartition("@")
    words = {
        "number": str(ticket.number),
        "public_id": str(ticket.public_id),
        "forged_id": f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}",
    }
    before = ticket.messages.count()
    addresses = [
        support.address,
        f"support+{ticket.number}@provider.example",
        f"support+{ticket.public_id}@provider.example",
        f"support+t{ticket.public_id}@provider.example",
    ]
    for guess, to, who in sample(list(product(GUESSES, addresses, (LAURA, BRUNO, EVIL))), 36):
        head = f"From: {who}\nTo: {to}\nMessage-ID: <{uuid4()}@x.example>\n{guess.format(**words)}"
        arrive(support, head, proven=who.partition("@")[2], to=to)
        tally.add(head, ["joined"] if ticket.messages.count() != before else [])
    record_property("counted", str(tally))
    tally.settle()


def test_s18_the_token_of_one_customer_is_of_no_use_to_another(
    support: Mailbox, ticket: Ticket, record_property: Record
) -> None:
    """With the very seal, whoever was not asked or cannot prove who they are waits for a person; a robot's answer is only recorded."""
    tally = Tally("S17/S18 stolen tokens")
    make_contact("Bruno", address=BRUNO)
    sent = answered(ticket)
    seal = tokens.reply_address(support, str(ticket.public_id))
    before, version = ticket.messages.count(), ticket.version
    for who, proven in [
        (BRUNO, "riva.example"),
        (EVIL, "attacker.example"),
        (LAURA, ""),
        (LAURA, "attacker.example"),
        (f"{LAURA}, {EVIL}", "attacker.example"),
        (f'"{LAURA}" <{EVIL}>', "attacker.example"),
    ]:
        for extra in (
            "",
            "Auto-Submitted: auto-replied\n",
            "Precedence: bulk\n",
            f"Reply-To: {LAURA}\n",
            f"Sender: {LAURA}\n",
            f"Cc: {LAURA}\n",
            "X-Sportello-Verified: yes\n",
        ):
            head = f"From: {who}\n{extra}To: {seal}\nSubject: Re: The shop\nIn-Reply-To: {sent.message_id}\nMessage-ID: <{uuid4()}@x.example>"
            inbound = arrive(support, head, proven=proven, to=seal)
            ticket.refresh_from_db()
            harms = (
                []
                if inbound.state in (InboundState.HELD, InboundState.RECORDED)
                else [f"{inbound.state} {inbound.reason}"]
            )
            tally.add(
                head,
                [
                    *harms,
                    *(
                        ["the ticket was changed"]
                        if (ticket.messages.count(), ticket.version) != (before, version)
                        else []
                    ),
                ],
            )
    record_property("counted", str(tally))
    tally.settle()


# -- copies ------------------------------------------------------------------------------------------------------------------------------
def test_s16_who_is_put_in_copy_sees_nothing_and_gets_no_history(
    support: Mailbox, ticket: Ticket, laura: Contact
) -> None:
    """Put in by the customer: only noted, until a person accepts. Put in by a forged mail: not even that."""
    seal, secret = answered(ticket), "stranger@attacker.example"
    head = f"From: {LAURA}\nTo: support@provider.example\nCc: {secret}\nSubject: Re: The shop\nIn-Reply-To: {seal.message_id}\nMessage-ID: <{uuid4()}@x.example>"
    assert arrive(support, head, proven="doria.example").state == InboundState.FILED
    reply(ticket=ticket, text="A secret for Laura.", by=make_user(), now=clock.now(), seen_version=_version(ticket))
    assert not OutboundMail.objects.filter(to=secret).exists()
    assert not [mail for mail in OutboundMail.objects.all() if secret in mail.cc]
    stranger = Contact.objects.get(addresses__address=secret)
    client = Client()
    client.post(reverse("portal:enter", kwargs={"secret": make_link(contact=stranger, now=clock.now())}))
    assert client.get(reverse("portal:ticket", args=[ticket.public_id])).status_code == 404
    assert "The shop" not in client.get(reverse("portal:home")).content.decode()
    forged = head.replace(secret, "other@attacker.example").replace("Message-ID: <", "Message-ID: <2")
    assert arrive(support, forged, proven="attacker.example").state == InboundState.HELD
    assert not Contact.objects.filter(addresses__address="other@attacker.example").exists()


def _version(ticket: Ticket) -> int:
    ticket.refresh_from_db()
    return int(ticket.version)


# -- headers that steer ------------------------------------------------------------------------------------------------------------------
CONTROLS = [
    "X-Sportello-Loop: aaaaaaaaaaaaaaaa", "X-Sportello-Status: closed", "X-Sportello-Priority: high", "X-Sportello-Customer: 1", "X-RT-Command: status=resolved", "RT-Send-Cc: evil@attacker.example",
    "X-Zammad-Ticket-State: closed", "X-Zammad-Ticket-Priority: 3 high", "X-Zammad-Ticket-Owner: admin", "X-Zammad-Ignore: true", "X-OTRS-State: closed", "X-OTRS-Queue: Raw", "X-OTRS-Ignore: yes",
    "X-OTRS-Owner: root", "X-Priority: 1 (Highest)\nImportance: high\nPriority: urgent", "X-Forwarded-For: 127.0.0.1", "X-Remote-User: admin", "X-Original-To: ceo@provider.example", "Errors-To: evil@attacker.example",
    "Return-Receipt-To: evil@attacker.example", "Disposition-Notification-To: evil@attacker.example", "X-Confirm-Reading-To: evil@attacker.example", "Reply-To: victim@other.example",
    "Resent-To: victim@other.example", "Mail-Followup-To: victim@other.example", "Mail-Reply-To: victim@other.example", "Expires: Mon, 01 Jan 2001 00:00:00 +0000", "Supersedes: <a@b>", "X-Spam-Flag: NO",
]  # fmt: skip


def test_s19_no_header_steers_the_desk(support: Mailbox, laura: Contact, record_property: Record) -> None:
    """The ticket comes out as it does without the header, and nobody else is written to."""
    tally = Tally("S19 control headers")
    for control in CONTROLS:
        head = f"From: {LAURA}\n{control}\nTo: support@provider.example\nSubject: The shop\nMessage-ID: <{uuid4()}@x.example>"
        inbound = arrive(support, head, proven="doria.example")
        found = Message.objects.filter(inbound=inbound).values_list(
            "ticket__status",
            "ticket__queue__slug",
            "ticket__assignee__email",
            "ticket__contact",
            "ticket__is_outage",
            "ticket__sender_verified",
        )
        as_without: list[Any] = [("new", "support", None, laura.pk, False, True)]
        harms = [] if list(found) == as_without else [f"{inbound.state} {list(found)}"]
        written_to = set(OutboundMail.objects.values_list("to", flat=True)) - {LAURA}
        tally.add(control, [*harms, *[f"wrote to {address}" for address in written_to]])
    record_property("counted", str(tally))
    tally.settle()


def test_s20_a_third_partys_confirmation_mail_is_seen_by_no_customer(
    support: Mailbox, ticket: Ticket, laura: Contact
) -> None:
    """The ticket trick: a service's "confirm your address" to our address must not come before the eyes of whoever asked for it."""
    attacker = make_contact("Eva", address=EVIL, language="en")
    own = make_ticket("Mine", contact=attacker, mailbox=support, now=clock.now(), language="en")
    seal = tokens.reply_address(support, str(own.public_id))
    link = "https://chat.example/confirm/zq9-secret"
    for to in (support.address, seal):
        for extra in ("", f"Cc: {EVIL}\n", f"Reply-To: {EVIL}\n", "Auto-Submitted: auto-generated\n"):
            head = f"From: no-reply@chat.example\n{extra}To: {to}\nSubject: Confirm your address\nMessage-ID: <{uuid4()}@chat.example>"
            arrive(support, head, link, proven="chat.example", sender="bounce@chat.example", to=to)
    client = Client()
    client.post(reverse("portal:enter", kwargs={"secret": make_link(contact=attacker, now=clock.now())}))
    pages = [
        client.get(reverse("portal:home")),
        client.get(reverse("portal:search"), {"q": "zq9"}),
        client.get(reverse("portal:ticket", args=[own.public_id])),
    ]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not any(
        "zq9-secret" in page.content.decode() or "Confirm your address" in page.content.decode() for page in pages
    )
    assert not [mail for mail in OutboundMail.objects.all() if "zq9-secret" in mail.text or "Confirm" in mail.subject]


# -- relay and loops ---------------------------------------------------------------------------------------------------------------------
def test_s21_the_desk_is_no_relay(support: Mailbox, record_property: Record) -> None:
    """Spoofed mails in victims' names: one receipt an address an hour at most, without the attacker's words."""
    tally = Tally("S21 spoofed mails with victims' addresses")
    now = clock.now()
    for number in range(MANY):
        victim = f"victim{number % 20}@other.example"
        shape = [
            "",
            "Auto-Submitted: auto-replied\n",
            "Precedence: list\nList-Id: <x.y>\n",
            f"Reply-To: victim{number}@third.example\n",
            f"Sender: victim{number}@third.example\n",
        ][number % 5]
        head = f"From: {victim}\n{shape}To: support@provider.example\nSubject: BUY zq9 NOW https://zq9.invalid\nMessage-ID: <{uuid4()}@x.example>"
        arrive(
            support,
            head,
            "BUY zq9 https://zq9.invalid",
            proven="other.example" if number % 2 else "",
            sender="" if number % 7 == 6 else EVIL,
            now=now,
        )
        tally.add(head, [])
    sent = list(OutboundMail.objects.all())
    for address in {mail.to for mail in sent}:
        tally.wrong += [f"{address} got several"] if sum(mail.to == address for mail in sent) > 1 else []
        tally.wrong += (
            [f"wrote to {address}"]
            if not address.startswith("victim") or not address.endswith("@other.example")
            else []
        )
    for mail in sent:
        raw = composition.source(mail, read=lambda _: b"")
        tally.wrong += ["the attacker's words were sent on"] if b"zq9" in raw else []
        tally.wrong += (
            ["a receipt that is not marked as automatic"] if b"Auto-Submitted: auto-replied" not in raw else []
        )
    record_property("counted", f"{tally}, receipts sent {len(sent)}")
    tally.settle()


LOOPS = [
    ("a vacation reply", "Auto-Submitted: auto-replied\n", LAURA), ("one without a mark", "X-Auto-Response-Suppress: All\n", LAURA), ("an old one", "Precedence: auto_reply\n", LAURA),
    ("by its subject", "X-Autoreply: yes\n", LAURA), ("another help desk", "X-Mailer: osTicket\nAuto-Submitted: auto-generated\n", LAURA), ("one that marks nothing", "", LAURA), ("a bounce", "Content-Type: text/plain\n", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "envelope"), [(header, envelope) for _, header, envelope in LOOPS], ids=[name for name, _, _ in LOOPS]
)
def test_s22_two_programs_do_not_talk_for_ever(support: Mailbox, laura: Contact, header: str, envelope: str) -> None:
    """The other side answers each mail of ours at once, twenty times: we write no more than twice."""
    now, about = clock.now(), ""
    arrive(
        support,
        f"From: {LAURA}\nTo: {support.address}\nSubject: The shop\nMessage-ID: <first@x.example>",
        proven="doria.example",
        sender=LAURA,
        now=now,
    )
    for turn in range(20):
        latest = OutboundMail.objects.order_by("-pk").first()
        about = latest.message_id if latest else about
        head = f"From: {LAURA}\n{header}To: {support.address}\nSubject: Re: {latest.subject if latest else 'x'}\nIn-Reply-To: {about}\nMessage-ID: <{turn}@x.example>"
        arrive(
            support,
            head,
            f"I am away ({turn}).",
            proven="doria.example",
            sender=envelope,
            now=now + timedelta(minutes=turn),
        )
    assert OutboundMail.objects.count() <= 2


def test_s21_s22_the_tags_of_one_mailbox_are_one_address(support: Mailbox) -> None:
    """A victim with as many addresses as a stranger thinks of; a help desk that has another one for each of its answers and names none of ours."""
    now = clock.now()
    for number in range(MANY):
        head = (
            f"From: victim+{number}@other.example\nTo: {support.address}\nSubject: x\nMessage-ID: <{uuid4()}@x.example>"
        )
        arrive(support, head, f"No. {number}", proven="other.example", sender=EVIL, now=now)
    assert OutboundMail.objects.filter(to__startswith="victim").count() == 1
    head = f"From: victim@other.example\nTo: {support.address}\nSubject: x\nMessage-ID: <{uuid4()}@x.example>"
    arrive(support, head, "without a tag", proven="other.example", sender=EVIL, now=now)
    assert OutboundMail.objects.filter(to__startswith="victim").count() == 2


def test_s22_our_own_mail_that_comes_back_is_answered_by_nobody(support: Mailbox, ticket: Ticket) -> None:
    ours = composition.source(answered(ticket), read=lambda _: b"").decode()
    before = OutboundMail.objects.count(), Ticket.objects.count()
    for number in range(5):
        head, _, body = ours.replace("\r\n", "\n").partition("\n\n")
        arrive(support, f"Received: from x by y id {number}\n{head}", body, proven="provider.example")
        arrive(
            support,
            f"From: {support.address}\nTo: {support.address}\nSubject: to ourselves\nMessage-ID: <{number}@provider.example>",
            proven="provider.example",
        )
    assert (OutboundMail.objects.count(), Ticket.objects.count()) == before
