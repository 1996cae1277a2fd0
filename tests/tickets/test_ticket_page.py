"""What the page of one ticket reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from sportello.accounts.models import User
from sportello.tickets import actions, queries
from sportello.tickets.enums import DraftKind, FollowerRole, LinkKind
from sportello.tickets.models import Ticket
from sportello.tickets.queries import Entry
from tests.factories import NOW, make_contact, make_customer, make_mailbox, make_message, make_ticket, make_user

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def told(entries: Sequence[Entry]) -> list[str]:
    return [
        entry.message.text if entry.kind == "message" else entry.note.text if entry.kind == "note" else entry.event.kind
        for entry in entries
    ]


def test_messages_notes_and_events_are_one_story_in_order() -> None:
    ticket, agent = make_ticket(text="Aiuto"), make_user()
    actions.take(ticket=ticket, by=agent, now=NOW + SECOND)
    actions.add_note(ticket=ticket, text="Memoria finita", by=agent, now=NOW + 2 * SECOND)
    actions.reply(ticket=ticket, text="Fatto", by=agent, now=NOW + 3 * SECOND, seen_version=1, then="solve")
    make_message(ticket, text="Grazie", now=NOW + 4 * SECOND)

    assert told(queries.timeline(agent, ticket)) == ["Aiuto", "taken", "Memoria finita", "Fatto", "Grazie", "reopened"]


def test_files_and_mails_stand_by_what_they_belong_to() -> None:
    agent, customer = make_user(), make_customer()
    contact = make_contact(customer=customer, address="laura@doria.example")
    follower = make_contact("Marco", customer=customer, address="marco@doria.example")
    ticket = make_ticket(contact=contact, mailbox=make_mailbox())
    actions.accept_copy(ticket=ticket, contact=follower, by=agent, now=NOW)
    actions.add_note(
        ticket=ticket, text="n", by=agent, now=NOW, attachments=[actions.NewFile("log.txt", "text/plain", b"l")]
    )
    actions.reply(
        ticket=ticket,
        text="r",
        by=agent,
        now=NOW + SECOND,
        seen_version=1,
        attachments=[actions.NewFile("guida.pdf", "application/pdf", b"p")],
    )
    draft = actions.save_draft(ticket=ticket, by=agent, kind=DraftKind.REPLY, text="", base_version=2, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("non ancora.txt", "text/plain", b"d"))

    entries = queries.timeline(agent, ticket)

    files = {entry.kind: [file.name for file in entry.attachments] for entry in entries if entry.kind != "event"}
    mails = [[mail.to for mail in entry.mails] for entry in entries if entry.kind == "message"]
    assert files == {"note": ["log.txt"], "message": ["guida.pdf"]}
    assert mails == [[], ["laura@doria.example", "marco@doria.example"]]


def busy_ticket(agent: User, rounds: int) -> Ticket:
    ticket = make_ticket(mailbox=make_mailbox())
    for number in range(rounds):
        file = actions.NewFile(f"{number}.txt", "text/plain", b"%d" % number)
        actions.add_note(ticket=ticket, text="n", by=agent, now=NOW, attachments=[file])
        actions.reply(ticket=ticket, text=f"r{number}", by=agent, now=NOW, seen_version=99)
        make_message(ticket)
        other = make_ticket(contact=ticket.contact)
        actions.link(source=ticket, target=other, by=agent, now=NOW)
    return ticket


@pytest.mark.parametrize("rounds", [1, 3])
def test_a_long_story_costs_as_many_queries_as_a_short_one(
    rounds: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agent = make_user()
    public_id = busy_ticket(agent, rounds).public_id
    with django_assert_num_queries(1):
        ticket = queries.ticket_for(agent, public_id)
        assert ticket is not None
        assert (ticket.contact.name, ticket.queue.policy.first_response, ticket.customer is not None) == (
            "Laura Doria",
            10,
            True,
        )
    with django_assert_num_queries(5):
        entries = queries.timeline(agent, ticket)
        names = [entry.message.author_name for entry in entries if entry.kind == "message" and entry.message.user_id]
        assert names == ["Giulia Rinaldi"] * rounds
    with django_assert_num_queries(1):
        assert len(queries.other_tickets(agent, ticket)) == rounds
    with django_assert_num_queries(1):
        assert len([(link.source.number, link.target.number) for link in queries.links_of(agent, ticket)]) == rounds
    with django_assert_num_queries(1):
        assert [row.role for row in queries.followers_of(agent, ticket)] == [FollowerRole.REQUESTER]


def test_no_such_ticket() -> None:
    assert queries.ticket_for(make_user(), uuid4()) is None


def test_other_tickets_are_the_customers_newest_first_and_a_strangers_only_their_own() -> None:
    agent, customer = make_user(), make_customer()
    first, second = (make_ticket(contact=make_contact(customer=customer), now=NOW + n * SECOND) for n in range(2))
    ticket = make_ticket(contact=make_contact(customer=customer), now=NOW + 2 * SECOND)
    stranger = make_ticket(contact=make_contact(unknown=True))
    make_ticket(contact=make_contact(unknown=True))

    assert queries.other_tickets(agent, ticket) == [second, first]
    assert queries.other_tickets(agent, stranger) == []


def test_who_is_there_and_who_writes() -> None:
    ticket, anna, marco = make_ticket(), make_user("Anna Re"), make_user("Marco Bo")
    actions.be_present(ticket=ticket, by=anna, writing=False, now=NOW)
    actions.be_present(ticket=ticket, by=marco, writing=True, now=NOW + 20 * SECOND)

    here = queries.present(ticket, NOW + 25 * SECOND)
    assert [(one.user.name, one.writing) for one in here] == [("Marco Bo", True), ("Anna Re", False)]

    assert [one.user.name for one in queries.present(ticket, NOW + 31 * SECOND)] == ["Marco Bo"]
    actions.leave(ticket=ticket, by=marco)
    assert queries.present(ticket, NOW + 31 * SECOND) == []


def test_joined_tickets_can_be_found_to_be_taken_apart() -> None:
    agent, contact = make_user(), make_contact()
    source, target = make_ticket(contact=contact), make_ticket(contact=contact)
    merge = actions.merge(source=source, target=target, by=agent, now=NOW)

    assert queries.merges_of(agent, target) == queries.merges_of(agent, source) == [merge]
    actions.undo_merge(merge=merge, by=agent, now=NOW)
    assert queries.merges_of(agent, target) == []


def test_links_are_seen_from_both_sides_and_can_go() -> None:
    agent, one, two = make_user(), make_ticket(), make_ticket()
    actions.link(source=one, target=two, by=agent, now=NOW)
    actions.link(source=one, target=two, by=agent, now=NOW)

    (link,) = queries.links_of(agent, two)
    assert (link.source, link.target, link.kind) == (one, two, LinkKind.RELATED)
    actions.unlink(link=link, by=agent, now=NOW)
    assert queries.links_of(agent, one) == []
