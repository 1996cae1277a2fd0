"""The mails of a ticket: who gets which, in which language, and what stands in them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from sportello.accounts.enums import Role
from sportello.core import files
from sportello.core.telltale import findings
from sportello.customers.actions import choose_notices
from sportello.customers.enums import Notice
from sportello.mail import composition, tokens
from sportello.mail.actions import outbound
from sportello.mail.adapters.smtp import Kept, Parcel
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import InboundMail, Mailbox, OutboundMail, RawMail
from sportello.mail.rules import Answer, Phase
from sportello.tickets import actions, notifications
from sportello.tickets.actions import NewFile
from sportello.tickets.enums import EventKind, FollowerRole
from sportello.tickets.models import Event, Follower, Message, Ticket
from sportello.tickets.notifications import Ringing
from sportello.triage.enums import AlarmStep
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_mailbox,
    make_message,
    make_team,
    make_ticket,
    make_user,
)
from tests.mail.mails import written

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox() -> Mailbox:
    return make_mailbox("support@provider.example")


def replied(ticket: Ticket, text: str = "Il negozio è di nuovo raggiungibile.", **how: Any) -> OutboundMail:
    by = how.pop("by", None) or make_user()
    message = actions.reply(ticket=ticket, text=text, by=by, now=NOW, seen_version=ticket.version, **how)
    assert message.outbound
    return message.outbound


def page_of(ticket: Ticket) -> str:
    return f"{settings.PUBLIC_URL}/portal/tickets/{ticket.public_id}/"


def received(message: Message, message_id: str, mailbox: Mailbox) -> None:
    """The message came by mail, under this Message-ID."""
    raw = RawMail.objects.create(sha256=message_id[1:].ljust(64, "0")[:64], content=b"", size=0)
    message.inbound = InboundMail.objects.create(
        mailbox=mailbox, raw=raw, door="lmtp", fingerprint=raw.sha256, message_id=message_id, received_at=NOW
    )
    message.save(update_fields=["inbound"])


# -- the way to the customer area --------------------------------------------------------------------------------------
def test_each_reader_is_told_in_their_language_where_the_ticket_can_be_followed(mailbox: Mailbox) -> None:
    customer = make_customer()
    ticket = make_ticket(contact=make_contact(customer=customer, address="laura@customer.example"), mailbox=mailbox)
    colleague = make_contact("Tom", customer=customer, address="tom@customer.example", language="en")
    Follower.objects.create(ticket=ticket, contact=colleague, role=FollowerRole.FOLLOWER, since=NOW)
    sent = replied(ticket)
    (copy,) = sent.copies.all()
    told = "Follow this request, hand over a password safely and rate our help in the customer area:"
    assert copy.text.endswith(f"\n\n{told} {page_of(ticket)}\n")
    assert "nell’area clienti:" in sent.text
    assert f'<a href="{page_of(ticket)}">' in sent.html


def test_who_is_no_customers_person_is_told_of_no_page(mailbox: Mailbox) -> None:
    stranger = make_contact(unknown=True, address="someone@other.example")
    gone = make_contact(address="gone@customer.example")
    gone.is_active = False
    sent = [replied(make_ticket(contact=contact, mailbox=mailbox)) for contact in (stranger, gone)]
    assert [mail.text.count("/portal/") + mail.html.count("/portal/") for mail in sent] == [0, 0]


@pytest.mark.parametrize(
    "quoted",
    [
        "Il giorno gio 12 mar 2026 alle ore 10:11 Assistenza <s@provider.example> ha scritto:\n\n{marked}",
        "Da: Assistenza <s@provider.example>\nInviato: giovedì 12 marzo 2026 10:11\nA: Laura\nOggetto: R: Aiuto\n\n{bare}",
        "----Messaggio originale----\nDa: s@provider.example\nData: 12-mar-2026 10.11\nOgg: Aiuto\n\n{bare}",
        "{marked}",
        "-- \n{foot}",
    ],
)
def test_that_line_is_no_part_of_what_a_customer_replies(mailbox: Mailbox, quoted: str) -> None:
    ticket = make_ticket(contact=make_contact(address="laura@customer.example"), mailbox=mailbox)
    text = replied(ticket).text
    marked = "".join(f"> {line}\n" for line in text.splitlines())
    reply = written("Va bene così.\n\n" + quoted.format(marked=marked, bare=text, foot=text.split("-- \n")[1]))
    assert (reply.reply_text, page_of(ticket) in reply.text) == ("Va bene così.", True)
    assert findings(reply.text) == []


# -- answers -----------------------------------------------------------------------------------------------------------
def test_an_answer_goes_to_the_requester_and_a_reply_to_it_comes_back_to_the_ticket(mailbox: Mailbox) -> None:
    ticket = make_ticket(contact=make_contact(address="laura@customer.example"), mailbox=mailbox)
    sent = replied(ticket, by=make_user("Giulia Rinaldi"))
    assert (sent.to, sent.to_name, sent.kind, sent.automatic) == (
        "laura@customer.example",
        "Laura Doria",
        OutboundKind.REPLY,
        False,
    )
    assert tokens.reference_in(sent.reply_to) == str(ticket.public_id)
    assert tokens.reference_of_message_id(sent.message_id) == str(ticket.public_id)
    assert sent.text == (
        "Il negozio è di nuovo raggiungibile.\n\n-- \nGiulia Rinaldi\nAssistenza Esempio\n\n"
        f"Per seguire la richiesta, consegnare una password in modo sicuro e valutare l’aiuto nell’area clienti: {page_of(ticket)}\n"
    )


def test_it_continues_the_customers_mail(mailbox: Mailbox) -> None:
    ticket = make_ticket("Il negozio non si apre", mailbox=mailbox)
    received(ticket.messages.get(), "<first@customer.example>", mailbox)
    earlier = replied(ticket, "Verifichiamo.")
    received(make_message(ticket, now=NOW + timedelta(minutes=1)), "<second@customer.example>", mailbox)
    ticket.refresh_from_db(fields=["version"])
    sent = replied(ticket, "Fatto.")
    assert sent.in_reply_to == "<second@customer.example>"
    assert sent.references == ["<first@customer.example>", earlier.message_id, "<second@customer.example>"]
    assert sent.subject == f"Re: Il negozio non si apre [#{ticket.number}]"


def test_a_long_thread_keeps_its_beginning_and_its_newest_mails(mailbox: Mailbox) -> None:
    ticket = make_ticket(mailbox=mailbox)
    received(ticket.messages.get(), "<m0@customer.example>", mailbox)
    for number in range(1, 30):
        received(make_message(ticket, now=NOW + timedelta(seconds=number)), f"<m{number}@customer.example>", mailbox)
    ticket.refresh_from_db(fields=["version"])
    sent = replied(ticket)
    assert sent.references == ["<m0@customer.example>", *(f"<m{number}@customer.example>" for number in range(10, 30))]


def test_the_number_is_in_the_subject_once(mailbox: Mailbox) -> None:
    ticket = make_ticket("RE: aiuto", mailbox=mailbox)
    ticket.subject = f"RE: aiuto [#{ticket.number}]"
    ticket.save(update_fields=["subject"])
    received(ticket.messages.get(), "<a@customer.example>", mailbox)
    assert replied(ticket).subject == f"RE: aiuto [#{ticket.number}]"


def test_accepted_followers_get_a_copy_and_one_who_was_only_in_copy_gets_nothing(mailbox: Mailbox) -> None:
    customer = make_customer()
    ticket = make_ticket(contact=make_contact(customer=customer, address="laura@customer.example"), mailbox=mailbox)
    for name, role in (("marco", FollowerRole.FOLLOWER), ("stranger", FollowerRole.COPY)):
        contact = make_contact(name, customer=customer, address=f"{name}@customer.example")
        Follower.objects.create(ticket=ticket, contact=contact, role=role, since=NOW)
    sent = replied(ticket)
    (copy,) = sent.copies.all()
    assert (copy.to, copy.cc, sent.cc) == (
        "marco@customer.example",
        ["laura@customer.example"],
        ["marco@customer.example"],
    )
    assert copy.message_id != sent.message_id
    assert OutboundMail.objects.count() == 2


def test_an_answer_taken_back_reaches_nobody(mailbox: Mailbox) -> None:
    customer, by = make_customer(), make_user()
    ticket = make_ticket(contact=make_contact(customer=customer), mailbox=mailbox)
    Follower.objects.create(ticket=ticket, contact=make_contact("Marco", customer=customer), since=NOW)
    sent = replied(ticket, by=by)
    actions.undo_reply(message=sent.message, by=by, now=NOW + timedelta(seconds=5))
    assert list(OutboundMail.objects.values_list("state", flat=True)) == [OutboundState.CANCELLED] * 2


def test_its_files_go_with_it_byte_by_byte(mailbox: Mailbox) -> None:
    ticket = make_ticket(mailbox=mailbox)
    sent = replied(ticket, attachments=[NewFile("guida.pdf", "application/pdf", b"%PDF-1.7 \x00\xff")])
    (file,) = sent.attachments
    assert (file["name"], files.read(file["sha256"])) == ("guida.pdf", b"%PDF-1.7 \x00\xff")
    assert b'filename="guida.pdf"' in composition.source(sent, read=files.read)


def test_a_note_never_leaves(mailbox: Mailbox) -> None:
    ticket = make_ticket(mailbox=mailbox)
    actions.add_note(ticket=ticket, text="SEGRETO interno", by=make_user(), now=NOW)
    sent = replied(ticket)
    assert "SEGRETO" not in composition.source(sent, read=files.read).decode()
    assert OutboundMail.objects.count() == 1


def test_a_ticket_that_came_by_telephone_is_answered_from_the_mailbox_of_its_queue(mailbox: Mailbox) -> None:
    assert replied(make_ticket()).mailbox == mailbox


def test_without_a_mailbox_or_an_address_the_answer_is_read_in_the_customer_area_only() -> None:
    by = make_user()
    ticket = make_ticket(contact=make_contact(address=""))
    message = actions.reply(ticket=ticket, text="Fatto.", by=by, now=NOW, seen_version=ticket.version)
    assert (message.outbound, OutboundMail.objects.count()) == (None, 0)


# -- analysis ----------------------------------------------------------------------------------------------------------
def test_the_customer_is_told_of_the_analysis_and_when_more_is_heard(mailbox: Mailbox) -> None:
    ticket = make_ticket(mailbox=mailbox, language="en")
    actions.start_analysis(ticket=ticket, next_update_at=NOW + timedelta(hours=3), by=make_user(), now=NOW)
    notice = OutboundMail.objects.get()
    assert (notice.kind, notice.automatic, notice.mailbox) == (OutboundKind.NOTICE, True, mailbox)
    assert notice.text.startswith(
        f"Good day,\n\nrequest #{ticket.number} needs tests and a thorough analysis, and these are under way."
    )
    assert "The next update will reach you by Wednesday 4 March 2026 at 13:52 (CET)" in notice.text


# -- alarms ------------------------------------------------------------------------------------------------------------
def ring(ticket: Ticket, step: AlarmStep = AlarmStep.MISSED) -> list[OutboundMail]:
    return notifications.alarms([Ringing(ticket, step)], now=NOW)


def test_of_many_alarms_at_once_each_person_gets_one_mail_that_lists_them(mailbox: Mailbox) -> None:
    """A flood of two thousand requests that nobody answered made forty thousand mails to twenty colleagues."""
    giulia, paolo = make_user("Giulia", language="en"), make_user("Paolo", language="it")
    tickets = [make_ticket(f"Shop {number} is down", mailbox=mailbox) for number in range(5)]
    for ticket in tickets[:2]:
        ticket.assignee = paolo
    sent = notifications.alarms([Ringing(ticket, AlarmStep.MISSED) for ticket in tickets], now=NOW)
    assert [mail.to for mail in sent] == [paolo.email, *[giulia.email] * 3]
    assert sent[0].subject == f"Una risposta serve subito a 5 richieste, tra cui la #{tickets[0].number}"
    assert all(f"/desk/tickets/{ticket.public_id}/" in sent[0].text for ticket in tickets)
    assert [mail.subject for mail in sent[1:]] == [
        f"The answer is late: #{ticket.number} {ticket.subject}" for ticket in tickets[2:]
    ]


def test_an_alarm_goes_to_whoever_has_the_ticket(mailbox: Mailbox) -> None:
    giulia, _other = make_user("Giulia", language="en"), make_user("Paolo")
    ticket = make_ticket("Shop is down", mailbox=mailbox)
    ticket.assignee = giulia
    (rung,) = ring(ticket, AlarmStep.TWO_MINUTES_LEFT)
    assert (rung.to, rung.kind, rung.automatic) == (giulia.email, OutboundKind.ALARM, True)
    assert rung.subject == f"Two minutes left: #{ticket.number} Shop is down"
    assert f"/desk/tickets/{ticket.public_id}/" in rung.text
    assert "Due: Wednesday 4 March 2026 at 11:02 (CET)" in rung.text


def test_an_alarm_of_a_ticket_that_nobody_has_goes_to_its_team_else_to_all_who_may_answer(mailbox: Mailbox) -> None:
    team = make_team()
    member, other = make_user("Anna", team=team), make_user("Bruno")
    make_user("Carla", role=Role.READ_ONLY)
    make_user("Dario", is_active=False)
    ticket = make_ticket(mailbox=mailbox)
    assert {mail.to for mail in ring(ticket)} == {member.email, other.email}
    ticket.team = team
    assert {mail.to for mail in ring(ticket)} == {member.email}


def test_an_alarm_also_goes_to_the_addresses_that_are_set(mailbox: Mailbox, settings: Any) -> None:
    settings.ALARM_MAIL = "duty@provider.example, , night@provider.example"
    ticket = make_ticket(mailbox=mailbox)
    rung = ring(ticket)
    assert [mail.to for mail in rung] == ["duty@provider.example", "night@provider.example"]


# -- what did not arrive -----------------------------------------------------------------------------------------------
class _Refuses:
    def send(self, parcel: Parcel) -> Answer:
        return Answer(Phase.RECIPIENT, 550, "5.1.1 no such user")


def refuse(mail: OutboundMail, at: Any = NOW + timedelta(minutes=1)) -> None:
    outbound.deliver(outbound_id=mail.pk, transport=_Refuses(), at=lambda: at)
    mail.refresh_from_db()


def tried(mail: OutboundMail, at: Any) -> None:
    outbound.deliver(outbound_id=mail.pk, transport=Kept(), at=lambda: at)
    mail.refresh_from_db()


def undelivered(ticket: Ticket) -> list[Event]:
    return list(ticket.events.filter(kind=EventKind.UNDELIVERED).order_by("id"))


def test_an_answer_that_was_refused_is_told_on_the_ticket_and_to_its_author_once(mailbox: Mailbox) -> None:
    giulia = make_user("Giulia", language="en")
    ticket = make_ticket("Shop is down", contact=make_contact(address="laura@customer.example"), mailbox=mailbox)
    refuse(replied(ticket, by=giulia))
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=2)) == 1
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=3)) == 0
    (event,) = undelivered(ticket)
    assert (event.data["address"], event.data["reason"]) == ("laura@customer.example", "550 5.1.1 no such user")
    told = OutboundMail.objects.get(to=giulia.email)
    assert told.subject == f"Not delivered: #{ticket.number} Shop is down"
    assert "The mail server says: 550 5.1.1 no such user" in told.text


def test_one_that_fails_again_after_it_was_tried_again_is_told_again(mailbox: Mailbox) -> None:
    ticket = make_ticket(mailbox=mailbox)
    sent = replied(ticket)
    refuse(sent)
    actions.tell_undelivered(now=NOW + timedelta(minutes=2))
    outbound.retry_now(outbound=sent, now=NOW + timedelta(minutes=5))
    refuse(sent, NOW + timedelta(minutes=6))
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=7)) == 1
    assert len(undelivered(ticket)) == 2


def test_r27_an_answer_whose_file_is_gone_is_told_at_once_and_leaves_when_the_file_is_back(mailbox: Mailbox) -> None:
    """A fault found: it was tried for two days before anybody heard of it."""
    giulia = make_user("Giulia", language="en")
    ticket = make_ticket(contact=make_contact(address="laura@customer.example"), mailbox=mailbox)
    sent = replied(ticket, by=giulia)
    content = b"the way back"
    sha256 = hashlib.sha256(content).hexdigest()
    named = [{"name": "restore.txt", "content_type": "text/plain", "sha256": sha256, "size": len(content)}]
    OutboundMail.objects.filter(pk=sent.pk).update(attachments=named)
    tried(sent, NOW + timedelta(minutes=1))
    assert sent.state == OutboundState.DEFERRED
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=2)) == 1
    tried(sent, NOW + timedelta(minutes=3))
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=4)) == 0
    told = OutboundMail.objects.get(to=giulia.email)
    sentence = (
        "A file that goes with it is missing in the file store, or is not what it was: it leaves once the file is back."
    )
    assert sentence in told.text
    agent = Client()
    agent.force_login(giulia)
    page = agent.get(reverse("desk:ticket", args=[ticket.public_id])).content.decode()
    assert "Not sent: laura@customer.example did not get this answer." in page
    assert sentence in page
    assert "Try again now" in page
    files.put(content)
    tried(sent, NOW + timedelta(hours=1))
    assert (sent.state, sent.failed_at) == (OutboundState.SENT, None)


def test_a_copy_that_was_refused_is_told_too(mailbox: Mailbox) -> None:
    customer = make_customer()
    ticket = make_ticket(contact=make_contact(customer=customer), mailbox=mailbox)
    marco = make_contact("Marco", customer=customer, address="marco@customer.example")
    Follower.objects.create(ticket=ticket, contact=marco, since=NOW)
    refuse(replied(ticket).copies.get())
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=2)) == 1
    assert [event.data["address"] for event in undelivered(ticket)] == ["marco@customer.example"]


def test_a_mail_to_staff_that_was_refused_is_not_told_by_another_mail(mailbox: Mailbox) -> None:
    make_user()
    (rung,) = ring(make_ticket(mailbox=mailbox))
    refuse(rung)
    assert actions.tell_undelivered(now=NOW + timedelta(minutes=2)) == 0


def test_an_answer_that_came_back_is_told_to_its_author(mailbox: Mailbox) -> None:
    giulia = make_user("Giulia", language="en")
    ticket = make_ticket(contact=make_contact(address="laura@customer.example"), mailbox=mailbox)
    sent = replied(ticket, by=giulia)
    actions.record_bounce(message=sent.message, address=sent.to, reason="550 mailbox full", now=NOW)
    assert "has not reached laura@customer.example." in OutboundMail.objects.get(to=giulia.email).text


def test_who_wants_no_answers_by_mail_gets_none_and_followers_still_do(mailbox: Mailbox) -> None:
    customer = make_customer()
    laura, paolo = make_contact(customer=customer), make_contact(customer=customer, address="paolo@doria.example")
    choose_notices(contact=laura, wanted=[Notice.NEWS])
    ticket = make_ticket(contact=laura, mailbox=mailbox)
    Follower.objects.create(ticket=ticket, contact=paolo, role=FollowerRole.FOLLOWER, since=NOW)

    sent = replied(ticket)
    assert [mail.to for mail in OutboundMail.objects.all()] == [sent.to] == ["paolo@doria.example"]

    choose_notices(contact=paolo, wanted=[])
    ticket.refresh_from_db()
    actions.reply(ticket=ticket, text="Ancora", by=make_user(), now=NOW, seen_version=ticket.version)
    assert OutboundMail.objects.count() == 1
    actions.start_analysis(ticket=ticket, next_update_at=None, by=make_user(), now=NOW)
    assert OutboundMail.objects.filter(to__contains="@customer.example", kind=OutboundKind.NOTICE).count() == 1
