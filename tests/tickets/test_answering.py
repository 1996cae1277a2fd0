"""What the customer writes, what staff answer, and what stays among staff."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sportello.core.errors import Refused
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import OutboundMail
from sportello.tickets import actions
from sportello.tickets.enums import Author, Channel, DraftKind, EventKind, Status
from sportello.tickets.models import Attachment, Draft, Ticket
from sportello.triage.enums import DueKind, QueueGroup
from tests.factories import NOW, make_contact, make_mailbox, make_message, make_reader, make_ticket, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


# -- the customer ------------------------------------------------------------------------------------------------------
def test_after_an_answer_the_customers_next_message_is_owed_one_within_an_hour() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.reply(ticket=ticket, text="Guardo subito.", by=agent, now=NOW + MINUTE, seen_version=1)
    assert not ticket.due_at

    make_message(ticket, now=NOW + 5 * MINUTE)
    make_message(ticket, now=NOW + 9 * MINUTE)

    assert (ticket.due_kind, ticket.due_at) == (DueKind.NEXT_RESPONSE, NOW + 65 * MINUTE)


@pytest.mark.parametrize("then", ["wait", "solve"])
def test_a_message_opens_what_waited_or_was_solved(then: actions.Then) -> None:
    ticket = make_ticket()
    actions.reply(ticket=ticket, text="Fatto.", by=make_user(), now=NOW + MINUTE, seen_version=1, then=then)

    make_message(ticket, now=NOW + timedelta(days=3))

    assert (ticket.status, ticket.solved_at, ticket.group) == (Status.OPEN, None, QueueGroup.WAITING_FOR_US)
    assert ticket.due_at == NOW + timedelta(days=3, hours=1)


def test_a_closed_ticket_reopens_for_fourteen_days_and_no_longer() -> None:
    ticket = make_ticket()
    actions.close(ticket=ticket, by=make_user(), now=NOW)

    with pytest.raises(Refused) as refused:
        make_message(ticket, now=NOW + timedelta(days=14))
    assert code_of(refused) == "closed-too-long"
    assert ticket.messages.count() == 1

    make_message(ticket, now=NOW + timedelta(days=14) - MINUTE)
    assert ticket.status == Status.OPEN
    assert ticket.events.filter(kind=EventKind.REOPENED).count() == 1


def test_a_message_in_analysis_leaves_it_there() -> None:
    ticket = make_ticket()
    actions.start_analysis(ticket=ticket, next_update_at=NOW + 60 * MINUTE, by=make_user(), now=NOW)

    make_message(ticket, now=NOW + 2 * MINUTE)

    assert ticket.status == Status.IN_ANALYSIS


def test_what_a_machine_writes_is_kept_and_moves_nothing() -> None:
    ticket = make_ticket()
    actions.reply(ticket=ticket, text="Fatto.", by=make_user(), now=NOW + MINUTE, seen_version=1, then="solve")
    before = ticket.snippet

    message = actions.add_message(
        ticket=ticket,
        text="Sono in ferie.",
        now=NOW + timedelta(days=40),
        channel=Channel.MAIL,
        contact=ticket.contact,
        is_automatic=True,
    )

    assert message.is_automatic
    assert (ticket.status, ticket.due_at, ticket.snippet) == (Status.SOLVED, None, before)
    assert ticket.events.filter(kind=EventKind.MACHINE_WROTE).count() == 1


def test_a_machine_does_not_stop_the_first_answers_clock() -> None:
    ticket = make_ticket()

    actions.add_message(
        ticket=ticket, text="Ricevuta", now=NOW + MINUTE, channel=Channel.MAIL, author=Author.ROBOT, is_automatic=True
    )

    assert (ticket.due_kind, ticket.first_answered_at, ticket.version) == (DueKind.FIRST_RESPONSE, None, 1)


# -- the answer --------------------------------------------------------------------------------------------------------
def test_an_answer_keeps_the_promise_and_waits_ten_seconds_before_it_leaves() -> None:
    mailbox = make_mailbox("support@provider.example")
    contact = make_contact("Laura Doria", address="laura@doria.example")
    ticket, agent = make_ticket(contact=contact, mailbox=mailbox), make_user()

    message = actions.reply(ticket=ticket, text="Riavviato.", by=agent, now=NOW + MINUTE, seen_version=1)

    mail = OutboundMail.objects.get()
    assert message.outbound == mail
    assert (mail.kind, mail.to, mail.not_before) == (
        OutboundKind.REPLY,
        "laura@doria.example",
        NOW + MINUTE + timedelta(seconds=10),
    )
    assert mail.subject == f"{ticket.subject} [#{ticket.number}]"
    assert (ticket.first_answered_at, ticket.status, ticket.assignee) == (NOW + MINUTE, Status.OPEN, agent)
    assert (ticket.due_kind, ticket.due_at, ticket.alarm_at) == (DueKind.NONE, None, None)


def test_accepted_followers_get_a_copy_and_those_only_in_copy_do_not() -> None:
    contact = make_contact(address="laura@doria.example")
    accepted = make_contact("Marco", customer=contact.customer, address="marco@doria.example")
    ticket, agent = make_ticket(contact=contact, mailbox=make_mailbox()), make_user()
    actions.note_copy(ticket=ticket, contact=make_contact("Nessuno", address="nessuno@else.example"), now=NOW)
    actions.accept_copy(ticket=ticket, contact=accepted, by=agent, now=NOW)

    message = actions.reply(ticket=ticket, text="Fatto.", by=agent, now=NOW, seen_version=1)

    assert sorted(OutboundMail.objects.values_list("to", flat=True)) == ["laura@doria.example", "marco@doria.example"]
    assert OutboundMail.objects.get(to="marco@doria.example").copy_of == message.outbound


def test_an_answer_to_who_has_no_address_is_read_in_the_customer_area() -> None:
    ticket = make_ticket(contact=make_contact(address=""), mailbox=make_mailbox())

    message = actions.reply(ticket=ticket, text="Fatto.", by=make_user(), now=NOW, seen_version=1)

    assert message.outbound is None
    assert not OutboundMail.objects.exists()


def test_a_message_that_came_while_writing_is_shown_before_the_answer_leaves() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    make_message(ticket, text="Aspetti, ora va!")

    with pytest.raises(Refused) as refused:
        actions.reply(ticket=ticket, text="Riavvio.", by=agent, now=NOW, seen_version=1)
    assert code_of(refused) == "new-message"
    assert not OutboundMail.objects.exists()

    actions.reply(ticket=ticket, text="Riavvio.", by=agent, now=NOW, seen_version=1, confirm_unseen=True)
    assert OutboundMail.objects.count() == 1


def test_another_agents_answer_counts_as_unseen() -> None:
    ticket = make_ticket()
    actions.reply(ticket=ticket, text="Fatto.", by=make_user("Marco Bo"), now=NOW, seen_version=1)

    with pytest.raises(Refused) as refused:
        actions.reply(ticket=ticket, text="Fatto anche da me.", by=make_user(), now=NOW, seen_version=1)

    assert code_of(refused) == "new-message"


def test_a_double_click_sends_one_answer() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()

    first = actions.reply(ticket=ticket, text="Fatto.", by=agent, now=NOW, seen_version=1, then="solve")
    second = actions.reply(ticket=ticket, text="Fatto.", by=agent, now=NOW, seen_version=1, then="solve")

    assert first == second
    assert OutboundMail.objects.count() == 1
    assert ticket.messages.count() == 2


def test_an_answer_that_brings_another_file_is_no_double_click() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    one, other = (actions.NewFile(f"{name}.txt", "text/plain", name.encode()) for name in ("one", "other"))

    for file in (one, one, other):
        actions.reply(ticket=ticket, text="", by=agent, now=NOW, seen_version=9, attachments=[file])
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="", base_version=9, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("third.txt", "text/plain", b"third"))
    actions.reply(ticket=ticket, text="", by=agent, now=NOW, seen_version=9)

    sent = Attachment.objects.filter(message__author=Author.STAFF).order_by("pk").values_list("name", flat=True)
    assert list(sent) == ["one.txt", "other.txt", "third.txt"]


def test_a_double_click_adds_one_note() -> None:
    ticket, agent = make_ticket(), make_user()
    file = actions.NewFile("log.txt", "text/plain", b"ok")

    first = actions.add_note(ticket=ticket, text="Chiamato.", by=agent, now=NOW, attachments=[file])
    second = actions.add_note(ticket=ticket, text="Chiamato.", by=agent, now=NOW, attachments=[file])
    later = actions.add_note(ticket=ticket, text="Chiamato.", by=agent, now=NOW + timedelta(minutes=5))

    assert (first == second, list(ticket.notes.order_by("pk"))) == (True, [first, later])
    assert ticket.events.filter(kind=EventKind.NOTED).count() == 2


def test_an_empty_answer_is_refused_and_one_with_only_a_file_is_not() -> None:
    ticket, agent = make_ticket(), make_user()

    with pytest.raises(Refused) as refused:
        actions.reply(ticket=ticket, text="  \n", by=agent, now=NOW, seen_version=1)
    assert code_of(refused) == "empty"

    file = actions.NewFile("log.txt", "text/plain", b"ok")
    actions.reply(ticket=ticket, text="", by=agent, now=NOW, seen_version=1, attachments=[file])
    assert ticket.attachments.get().name == "log.txt"


def test_the_drafts_files_go_with_the_answer_and_the_draft_is_gone() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="Ecc", base_version=1, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("foto.bin", "application/octet-stream", b"123"))

    message = actions.reply(ticket=ticket, text="Ecco.", by=agent, now=NOW, seen_version=1)

    assert [file.name for file in message.attachments.all()] == ["foto.bin"]
    assert [file["name"] for file in OutboundMail.objects.get().attachments] == ["foto.bin"]
    assert not Draft.objects.exists()


def test_an_answer_in_analysis_renews_the_promised_update() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.start_analysis(ticket=ticket, next_update_at=NOW + 60 * MINUTE, by=agent, now=NOW)

    actions.reply(
        ticket=ticket, text="Ancora prove.", by=agent, now=NOW, seen_version=1, next_update_at=NOW + 120 * MINUTE
    )

    assert (ticket.status, ticket.due_kind, ticket.due_at) == (Status.IN_ANALYSIS, DueKind.UPDATE, NOW + 120 * MINUTE)


def test_who_only_reads_neither_answers_nor_notes() -> None:
    ticket, reader = make_ticket(), make_reader()

    for refused_act in (
        lambda: actions.reply(ticket=ticket, text="x", by=reader, now=NOW, seen_version=1),
        lambda: actions.add_note(ticket=ticket, text="x", by=reader, now=NOW),
    ):
        with pytest.raises(Refused) as refused:
            refused_act()
        assert code_of(refused) == "read-only"


def test_an_answer_given_on_the_telephone_keeps_the_promise_and_mails_nothing() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()

    message = actions.add_message(
        ticket=ticket,
        text="Spiegato come fare.",
        now=NOW + MINUTE,
        channel=Channel.PHONE,
        author=Author.STAFF,
        by=agent,
    )

    assert (ticket.status, ticket.first_answered_at, ticket.due_at) == (Status.OPEN, NOW + MINUTE, None)
    assert (message.user, message.author_name) == (agent, "Giulia Rinaldi")
    assert not OutboundMail.objects.exists()
    with pytest.raises(Refused) as refused:
        actions.undo_reply(message=message, by=agent, now=NOW + MINUTE)
    assert code_of(refused) == "too-late"


# -- taking back -------------------------------------------------------------------------------------------------------
def standing(ticket: Ticket) -> dict[str, object]:
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return {name: value for name, value in row.items() if name not in ("version", "updated_at", "search")}


@pytest.mark.parametrize("then", ["keep", "wait", "solve"])
def test_an_answer_taken_back_in_time_never_leaves_and_everything_stands_as_before(then: actions.Then) -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    before = standing(ticket)
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="", base_version=1, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("a.txt", "text/plain", b"a"))
    message = actions.reply(ticket=ticket, text="Ops", by=agent, now=NOW + MINUTE, seen_version=1, then=then)

    restored = actions.undo_reply(message=message, by=agent, now=NOW + MINUTE + timedelta(seconds=9))

    assert standing(ticket) == before
    assert (restored.text, [file.name for file in restored.attachments.all()]) == ("Ops", ["a.txt"])
    assert OutboundMail.objects.get().state == OutboundState.CANCELLED
    assert ticket.messages.count() == 1


def test_after_ten_seconds_an_answer_stays() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    message = actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)

    with pytest.raises(Refused) as refused:
        actions.undo_reply(message=message, by=agent, now=NOW + timedelta(seconds=11))

    assert code_of(refused) == "too-late"
    assert OutboundMail.objects.get().state == OutboundState.QUEUED


def test_an_answer_that_is_being_sent_stays() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    message = actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)
    OutboundMail.objects.update(state=OutboundState.SENDING)

    with pytest.raises(Refused) as refused:
        actions.undo_reply(message=message, by=agent, now=NOW + timedelta(seconds=5))

    assert code_of(refused) == "too-late"
    assert ticket.messages.count() == 2


def test_only_the_author_takes_an_answer_back() -> None:
    ticket, agent = make_ticket(), make_user()
    message = actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)

    with pytest.raises(Refused) as refused:
        actions.undo_reply(message=message, by=make_user("Marco Bo"), now=NOW)

    assert code_of(refused) == "not-yours"


def test_what_the_customer_wrote_in_those_seconds_counts() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.reply(ticket=ticket, text="Prima", by=agent, now=NOW + MINUTE, seen_version=1)
    later = NOW + 5 * MINUTE
    message = actions.reply(ticket=ticket, text="Ok", by=agent, now=later, seen_version=2, then="solve")
    make_message(ticket, now=later + timedelta(seconds=3))

    actions.undo_reply(message=message, by=agent, now=later + timedelta(seconds=5))

    assert (ticket.status, ticket.due_at) == (Status.OPEN, later + timedelta(seconds=3, hours=1))


def test_a_status_changed_since_is_not_overrun() -> None:
    ticket, agent = make_ticket(), make_user()
    message = actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)
    actions.solve(ticket=ticket, by=make_user("Marco Bo"), now=NOW)

    with pytest.raises(Refused) as refused:
        actions.undo_reply(message=message, by=agent, now=NOW)

    assert code_of(refused) == "changed-since"


def test_what_was_begun_since_is_kept_after_the_text_taken_back() -> None:
    ticket, agent = make_ticket(), make_user()
    message = actions.reply(ticket=ticket, text="Primo.", by=agent, now=NOW, seen_version=1)
    actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="Secondo.", base_version=2, now=NOW)

    assert actions.undo_reply(message=message, by=agent, now=NOW).text == "Primo.\n\nSecondo."


# -- notes and bounces -------------------------------------------------------------------------------------------------
def test_a_note_moves_no_clock_and_counts_as_no_message() -> None:
    ticket, agent = make_ticket(), make_user()
    before = standing(ticket)

    actions.add_note(ticket=ticket, text="Il log dice memoria esaurita.", by=agent, now=NOW + MINUTE)

    assert standing(ticket) == before
    assert ticket.version == 1


def test_a_returned_mail_is_told_on_the_ticket() -> None:
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user()
    message = actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)

    actions.record_bounce(message=message, address="laura@doria.example", reason="550 unknown user", now=NOW + MINUTE)

    event = ticket.events.get(kind=EventKind.BOUNCED)
    assert event.data == {
        "message": str(message.public_id),
        "address": "laura@doria.example",
        "reason": "550 unknown user",
    }
