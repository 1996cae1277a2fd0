"""The wall: what a customer can reach, and what never comes through."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.mail.models import OutboundMail
from sportello.tickets import actions, queries
from sportello.tickets.enums import Channel, DraftKind
from sportello.tickets.models import Attachment, Ticket
from sportello.tickets.queries.public import readable_messages
from tests.factories import (
    NOW,
    copies_of,
    make_contact,
    make_customer,
    make_mailbox,
    make_message,
    make_service,
    make_ticket,
    make_user,
)
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db
SECRET = "segretissimo"


def ticket_with_secrets(contact: Contact) -> Ticket:
    """A note, a note's file, a draft and its file, all with a word that must never be seen outside."""
    agent = make_user()
    ticket = make_ticket(contact=contact, mailbox=make_mailbox())
    file = actions.NewFile(f"{SECRET}.txt", "text/plain", SECRET.encode())
    actions.add_note(ticket=ticket, text=f"Nota: {SECRET}", by=agent, now=NOW, attachments=[file])
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text=SECRET, base_version=1, now=NOW)
    actions.attach_to_draft(draft=draft, file=file)
    return ticket


def test_nothing_internal_reaches_a_customers_reader() -> None:
    contact = make_contact()
    ticket = ticket_with_secrets(contact)

    messages = queries.public_messages(contact, ticket.pk)

    assert [message.text for message in messages] == [ticket.messages.get().text]
    assert queries.search_public(contact, SECRET) == []
    for file in Attachment.objects.all():
        assert queries.attachment_for(contact, file.public_id) is None
    assert len(queries.search(make_user(), SECRET)) == 1


def test_nothing_internal_is_mailed() -> None:
    contact = make_contact()
    ticket = ticket_with_secrets(contact)

    actions.reply(ticket=ticket, text="Tutto a posto.", by=make_user("Marco Bo"), now=NOW, seen_version=1)

    mail = OutboundMail.objects.get()
    assert SECRET not in f"{mail.text}{mail.html}{mail.subject}"
    assert mail.attachments == []


def test_one_customer_sees_nothing_of_another() -> None:
    ours, theirs = make_ticket(), make_ticket()
    file = actions.NewFile("a.txt", "text/plain", b"a")
    message = actions.add_message(
        ticket=theirs, text="parola", now=NOW, channel=Channel.MAIL, contact=theirs.contact, attachments=[file]
    )

    assert list(queries.visible_to(ours.contact)) == [ours]
    assert queries.ticket_of_contact(ours.contact, theirs.public_id) is None
    assert queries.public_messages(ours.contact, theirs.pk) == []
    assert queries.attachment_for(ours.contact, message.attachments.get().public_id) is None
    assert queries.search_public(ours.contact, "parola") == []
    assert queries.search_public(ours.contact, f"#{theirs.number}") == []


def test_a_colleague_sees_a_ticket_only_once_accepted_and_until_removed() -> None:
    customer, agent = make_customer(), make_user()
    requester, colleague = make_contact(customer=customer), make_contact("Marco", customer=customer)
    ticket = make_ticket(contact=requester)
    assert not queries.visible_to(colleague).exists()

    actions.note_copy(ticket=ticket, contact=colleague, now=NOW)
    assert not queries.visible_to(colleague).exists()
    assert not queries.is_rightful_sender(ticket, colleague.addresses.get().address)

    actions.accept_copy(ticket=ticket, contact=colleague, by=agent, now=NOW)
    assert list(queries.visible_to(colleague)) == [ticket]
    assert queries.is_rightful_sender(ticket, colleague.addresses.get().address)

    actions.remove_contact(ticket=ticket, contact=colleague, by=agent, now=NOW)
    assert not queries.visible_to(colleague).exists()


def _everything_of(contact: Contact, ticket: Ticket) -> list[bool]:
    """Whether a contact reaches a ticket, by each of the readers there are."""
    return [
        queries.visible_to(contact).filter(pk=ticket.pk).exists(),
        ticket.pk in {row.pk for row in queries.newest_of(contact, start=0, limit=50)},
        queries.public_ticket(contact, ticket.public_id) is not None,
        queries.ticket_of_contact(contact, ticket.public_id) is not None,
        bool(queries.public_messages(contact, ticket.pk)),
        bool(queries.search_public(contact, f"#{ticket.number}")),
        bool(readable_messages(contact).filter(ticket=ticket)),
        queries.is_rightful_sender(ticket, contact.addresses.get().address),
    ]


NOTHING, ALL = [False] * 8, [True] * 8


def test_whoever_sees_all_of_a_customer_sees_it_in_every_way_and_of_no_other() -> None:
    ticket, of_another = make_ticket(), make_ticket()
    colleague = make_contact("Marco", customer=ticket.customer)
    assert _everything_of(colleague, ticket) == NOTHING
    for sees_all, seen in ((True, ALL), (False, NOTHING)):
        Contact.objects.filter(pk=colleague.pk).update(sees_all=sees_all)
        assert _everything_of(colleague, ticket) == seen
        assert _everything_of(colleague, of_another) == NOTHING


def test_somebody_of_another_customer_sees_what_they_were_let_see_and_nothing_once_that_is_over() -> None:
    ticket, agency = make_ticket(), make_contact("Nora")
    assert ticket.customer
    membership = agency.memberships.create(customer=ticket.customer, since=NOW)
    own = make_ticket(contact=agency, service=make_service(customer=ticket.customer))
    stays = make_ticket(contact=agency)
    assert (own.customer, stays.customer) == (ticket.customer, agency.customer)
    assert (_everything_of(agency, ticket), _everything_of(agency, own)) == (NOTHING, ALL)
    agency.memberships.update(sees_all=True)
    assert (_everything_of(agency, ticket), _everything_of(agency, own)) == (ALL, ALL)
    membership.delete()
    assert (_everything_of(agency, ticket), _everything_of(agency, own)) == (NOTHING, NOTHING)
    assert _everything_of(agency, stays) == ALL


def test_a_stranger_sees_their_own_and_none_of_other_strangers() -> None:
    mine, others = make_ticket(contact=make_contact(unknown=True)), make_ticket(contact=make_contact(unknown=True))
    Contact.objects.filter(pk=mine.contact.pk).update(sees_all=True)
    assert _everything_of(mine.contact, mine) == ALL
    assert _everything_of(mine.contact, others) == NOTHING


def test_an_answer_shows_once_it_can_no_longer_be_taken_back() -> None:
    now, ticket, agent = clock.now(), make_ticket(mailbox=make_mailbox()), make_user()
    actions.reply(ticket=ticket, text="Appena scritto", by=agent, now=now, seen_version=1)
    actions.reply(ticket=ticket, text="Da un po'", by=agent, now=now - timedelta(seconds=15), seen_version=2)

    texts = [message.text for message in queries.public_messages(ticket.contact, ticket.pk)]

    assert "Da un po'" in texts
    assert "Appena scritto" not in texts
    assert queries.search_public(ticket.contact, "appena") == []


def test_a_file_of_ones_own_message_can_be_had() -> None:
    ticket = make_ticket()
    file = actions.NewFile("foto.png", "image/png", b"x")
    message = actions.add_message(
        ticket=ticket, text="Ecco", now=NOW, channel=Channel.PORTAL, contact=ticket.contact, attachments=[file]
    )
    attachment = message.attachments.get()

    assert queries.attachment_for(ticket.contact, attachment.public_id) == attachment
    assert queries.attachment_for(make_user(), attachment.public_id) == attachment


@pytest.mark.parametrize("rows", [1, 3])
def test_a_conversation_is_one_query(rows: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    ticket = make_ticket()
    for number in range(rows - 1):
        make_message(ticket, text=f"{number}")

    contact = ticket.contact
    with django_assert_num_queries(1):
        assert len(queries.public_messages(contact, ticket.pk)) == rows


def test_the_written_reads_of_the_customers_pages_say_what_visible_to_says() -> None:
    """Own, followed, in copy, joined and somebody else's; and messages that can and cannot be taken back."""
    customer, agent, now = make_customer(), make_user(), clock.now()
    contact, colleague = make_contact(customer=customer), make_contact(customer=customer)
    own, followed, copied, _others = (make_ticket(contact=each) for each in (contact, colleague, colleague, colleague))
    joined = make_ticket(contact=contact)
    for ticket in (followed, copied):
        actions.note_copy(ticket=ticket, contact=contact, now=NOW)
    actions.accept_copy(ticket=followed, contact=contact, by=agent, now=NOW)
    actions.merge(source=joined, target=own, by=agent, now=NOW)
    own.refresh_from_db()
    actions.reply(ticket=own, text="Appena scritto", by=agent, now=now, seen_version=own.version)

    visible = queries.visible_to(contact)
    assert {one.public_id for one in queries.newest_of(contact, start=0, limit=10)} == {
        own.public_id,
        followed.public_id,
    }
    for ticket in Ticket.objects.all():
        shown = queries.public_ticket(contact, ticket.public_id)
        assert (shown is not None) == visible.filter(pk=ticket.pk, merged_into=None).exists()
        readable = readable_messages(contact).filter(ticket=ticket).order_by("created_at", "id")
        assert [one.public_id for one in queries.public_messages(contact, ticket.pk)] == [
            one.public_id for one in readable
        ]


def test_a_customers_list_is_read_off_whatever_years_of_tickets_there_are() -> None:
    """Two faults found: half of everybody's 100,000 tickets were read to find the 26 of one customer, whose last words were old; and all 19,000 of
    an agency to show its newest, a third of a second.
    """
    agency = make_contact()
    Contact.objects.filter(pk=agency.pk).update(sees_all=True)
    own, *others = make_ticket(contact=agency), *(make_ticket() for _ in range(20))
    for ticket in (own, *others):
        actions.close(ticket=ticket, by=None, now=NOW)
    still_open = make_ticket(contact=agency)
    Ticket.objects.bulk_create([*copies_of(own, 400), *(each for other in others for each in copies_of(other, 20))])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        assert [one.pk for one in queries.open_of(agency, limit=26)] == [still_open.pk]
    assert rows_touched(asked) < 20
    with CaptureQueriesContext(connection) as asked:
        assert len(queries.newest_of(agency, start=4, limit=4)) == 4
    assert rows_touched(asked) < 50, "eight of each way to see one, and four in the end"
