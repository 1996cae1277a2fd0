"""A request becomes a ticket."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from sportello.core.errors import Refused
from sportello.mail.models import OutboundMail
from sportello.tickets import actions, queries
from sportello.tickets.enums import Author, Channel, EventKind, FollowerRole, LinkKind, Status
from sportello.tickets.models import Event, Ticket
from sportello.tickets.reasons import TicketReason
from sportello.triage.enums import DueKind, QueueGroup
from tests.factories import (
    NOW,
    make_contact,
    make_mailbox,
    make_message,
    make_queue,
    make_reader,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_a_new_ticket_is_owed_a_first_answer_within_ten_minutes() -> None:
    ticket = make_ticket()

    assert ticket.status == Status.NEW
    assert (ticket.due_kind, ticket.due_at) == (DueKind.FIRST_RESPONSE, NOW + timedelta(minutes=10))
    assert ticket.first_due_at == NOW + timedelta(minutes=10)
    assert ticket.group == QueueGroup.WAITING_FOR_US
    assert ticket.alarm_at == NOW + timedelta(minutes=5)


def test_presales_opens_at_nine_and_has_an_hour() -> None:
    before_opening = NOW.replace(hour=6, minute=0)  # 7:00 in Rome

    ticket = make_ticket(queue=make_queue("presales"), now=before_opening)

    assert ticket.due_at == before_opening + timedelta(hours=3)  # 10:00 in Rome
    assert "clock.outside_hours" in [code for code, _ in ticket.reasons]


def test_numbers_grow_and_the_public_id_says_nothing_of_them() -> None:
    first, second = make_ticket(), make_ticket()

    assert second.number == first.number + 1
    assert first.public_id.version == second.public_id.version == 4


def test_the_first_message_its_author_and_its_beginning_are_kept() -> None:
    contact = make_contact("Laura Doria")

    ticket = make_ticket(contact=contact, text="Buongiorno,\n\n  il sito\tè giù." + " x" * 300)

    message = ticket.messages.get()
    assert (message.author, message.author_name, message.contact) == (Author.CUSTOMER, "Laura Doria", contact)
    assert ticket.snippet.startswith("Buongiorno, il sito è giù. x x")
    assert len(ticket.snippet) == 200
    assert (ticket.public_count, ticket.version) == (1, 1)
    assert ticket.customer == contact.customer


def test_what_no_database_can_keep_is_left_out() -> None:
    ticket = make_ticket(subject="a\x00b\r\nBcc: x\ud800", text="testo\x00\udfff fine")

    assert ticket.subject == "a b Bcc: x?"
    assert ticket.messages.get().text == "testo? fine"


def test_no_subject_is_said_to_be_none() -> None:
    with translation.override("en"):
        assert make_ticket(subject=" \n ").subject == "(no subject)"


def test_those_in_copy_are_noted_and_see_nothing() -> None:
    requester, colleague = make_contact(), make_contact("Marco")

    ticket = actions.open_ticket(
        subject="x",
        text="y",
        contact=requester,
        queue=make_queue(),
        channel=Channel.MAIL,
        now=NOW,
        copies=[colleague, requester],
    )

    roles = dict(ticket.followers.values_list("contact__name", "role"))
    assert roles == {"Laura Doria": FollowerRole.REQUESTER, "Marco": FollowerRole.COPY}
    assert not queries.visible_to(colleague).exists()


def test_reasons_from_intake_stay_when_the_clocks_move() -> None:
    given = [[str(TicketReason.SERVICE_MENTIONED), {}]]
    ticket = actions.open_ticket(
        subject="x",
        text="y",
        contact=make_contact(),
        queue=make_queue(),
        channel=Channel.PORTAL,
        now=NOW,
        reasons=given,
    )

    actions.solve(ticket=ticket, by=make_user(), now=NOW)

    codes = [code for code, _ in ticket.reasons]
    assert codes == ["queue.customer", "channel.portal", "clock.stopped", "service.mentioned"]


def test_a_follow_up_names_the_earlier_ticket() -> None:
    earlier = make_ticket()

    later = actions.open_ticket(
        subject="x",
        text="y",
        contact=earlier.contact,
        queue=make_queue(),
        channel=Channel.MAIL,
        now=NOW,
        follow_up_of=earlier,
    )

    assert later.links_out.get().target == earlier
    assert later.links_out.get().kind == LinkKind.FOLLOW_UP
    assert [TicketReason.FOLLOW_UP, {"number": earlier.number}] in later.reasons


def test_a_stranger_comes_after_customers_who_are_due_at_the_same_time() -> None:
    stranger = make_ticket(contact=make_contact("Nessuno", unknown=True))
    customer = make_ticket()

    assert [row.number for row in queries.on_the_desk(make_user())] == [customer.number, stranger.number]


def test_the_provider_may_write_first_and_then_owes_nothing() -> None:
    agent, mailbox = make_user(), make_mailbox()

    ticket = actions.open_ticket(
        subject="Manutenzione",
        text="Domani alle 6.",
        contact=make_contact(address="laura@doria.example"),
        queue=make_queue(),
        channel=Channel.DESK,
        now=NOW,
        by=agent,
        author=Author.STAFF,
        mailbox=mailbox,
    )

    assert (ticket.status, ticket.assignee, ticket.due_at, ticket.first_due_at) == (Status.OPEN, agent, None, None)
    mail = OutboundMail.objects.get()
    assert (mail.to, mail.subject, mail.not_before) == ("laura@doria.example", f"Manutenzione [#{ticket.number}]", NOW)
    assert ticket.messages.get().outbound == mail
    assert not any(code.startswith("channel.") for code, _ in ticket.reasons)


def test_opening_is_the_first_event() -> None:
    ticket = make_ticket(channel=Channel.PHONE)

    event = ticket.events.get()
    assert (event.kind, event.at, event.contact) == (EventKind.OPENED, NOW, ticket.contact)
    assert event.data == {"channel": "phone", "number": ticket.number}


def test_who_only_reads_opens_nothing() -> None:
    with pytest.raises(Refused) as refused:
        actions.open_ticket(
            subject="x",
            text="y",
            contact=make_contact(),
            queue=make_queue(),
            channel=Channel.PHONE,
            now=NOW,
            by=make_reader(),
        )

    assert refused.value.code == "read-only"
    assert not Ticket.objects.exists()


def test_files_come_with_the_message_under_a_harmless_name() -> None:
    bad_name = "../../etc/fattura\u202efdp.exe"
    ticket = actions.open_ticket(
        subject="x",
        text="y",
        contact=make_contact(),
        queue=make_queue(),
        channel=Channel.MAIL,
        now=NOW,
        attachments=[actions.NewFile(bad_name, "Application/PDF; name=x", b"%PDF", content_id="cid1", is_inline=True)],
    )

    file = ticket.attachments.get()
    assert (file.name, file.content_type, file.size) == ("fatturafdp.exe", "application/pdf", 4)
    assert (file.message, file.content_id, file.is_inline) == (ticket.messages.get(), "cid1", True)


def test_a_machine_or_an_unverified_sender_is_said_to_be_one() -> None:
    ticket = actions.open_ticket(
        subject="x",
        text="y",
        contact=make_contact(),
        queue=make_queue(),
        channel=Channel.MAIL,
        now=NOW,
        is_unverified=True,
    )

    assert not ticket.sender_verified
    assert ticket.messages.get().is_unverified


def test_a_second_message_does_not_move_the_first_answers_time() -> None:
    ticket = make_ticket()

    make_message(ticket, now=NOW + timedelta(minutes=4))

    assert ticket.due_at == NOW + timedelta(minutes=10)
    assert (ticket.public_count, ticket.version) == (2, 2)
    assert Event.objects.filter(kind=EventKind.CUSTOMER_WROTE).count() == 1
