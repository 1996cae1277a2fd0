"""One problem, one ticket: joined, taken apart again to the letter, and split."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.db import models

from sportello.core.errors import Refused
from sportello.tickets import actions, queries
from sportello.tickets.enums import Channel, DraftKind, EventKind, FollowerRole, LinkKind, Status
from sportello.tickets.models import Attachment, Follower, Message, Note, Ticket
from sportello.triage.rules import Kept
from tests.factories import NOW, make_contact, make_customer, make_message, make_ticket, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
GROWS = {"version", "updated_at"}


def all_rows(model: type[models.Model], leaving_out: Iterable[str] = ()) -> list[dict[str, Any]]:
    rows = model._default_manager.order_by("pk").values()
    return [{name: value for name, value in row.items() if name not in leaving_out} for row in rows]


def everything() -> list[list[dict[str, Any]]]:
    """All rows that a merge may touch, but for what only grows."""
    return [all_rows(Ticket, GROWS), *(all_rows(model) for model in (Message, Note, Attachment, Follower))]


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def two_tickets() -> tuple[Ticket, Ticket]:
    """Two of one customer's, by two people, with notes and files."""
    customer, agent = make_customer(), make_user()
    source = make_ticket("Di nuovo errore", contact=make_contact("Marco", customer=customer), now=NOW)
    target = make_ticket("Errore 500", contact=make_contact("Laura", customer=customer), now=NOW + 2 * MINUTE)
    for ticket in (source, target):
        note = actions.NewFile("log.txt", "text/plain", ticket.subject.encode())
        actions.add_note(
            ticket=ticket, text=f"nota su {ticket.subject}", by=agent, now=NOW + 3 * MINUTE, attachments=[note]
        )
    return source, target


# -- joining -----------------------------------------------------------------------------------------------------------
def test_joining_neither_loses_a_promise_nor_counts_it_twice() -> None:
    source, target = two_tickets()

    actions.merge(source=source, target=target, by=make_user(), now=NOW + 4 * MINUTE)

    assert (source.first_due_at, target.first_due_at, target.due_at) == (None, NOW + 10 * MINUTE, NOW + 10 * MINUTE)
    assert queries.promise(NOW + 60 * MINUTE).today == Kept(0, 1)


def test_a_promise_broken_before_the_joining_stays_broken() -> None:
    source, target = two_tickets()
    actions.reply(ticket=target, text="Ok", by=make_user(), now=NOW + 5 * MINUTE, seen_version=1)

    actions.merge(source=source, target=target, by=make_user(), now=NOW + 11 * MINUTE)

    assert queries.promise(NOW + 60 * MINUTE).today == Kept(1, 1)


def test_joined_the_whole_conversation_is_in_one_place() -> None:
    source, target = two_tickets()

    actions.merge(source=source, target=target, by=make_user(), now=NOW + 4 * MINUTE)

    agent = make_user()
    said = [entry.message.author_name for entry in queries.timeline(agent, target) if entry.kind == "message"]
    assert said == ["Marco", "Laura"]
    assert (target.public_count, target.notes.count(), target.attachments.count()) == (2, 2, 2)
    assert (source.status, source.merged_into, source.public_count) == (Status.CLOSED, target, 0)
    assert [row.number for row in queries.on_the_desk(agent)] == [target.number]


def test_who_asked_twice_waits_as_long_as_the_first_time() -> None:
    source, target = two_tickets()
    actions.reply(ticket=target, text="Guardo.", by=make_user(), now=NOW + 3 * MINUTE, seen_version=1, then="wait")

    actions.merge(source=source, target=target, by=make_user(), now=NOW + 4 * MINUTE)

    assert target.status == Status.OPEN
    assert target.customer_waits_since == NOW
    assert target.due_at == NOW + 60 * MINUTE


def test_an_outage_joined_makes_an_outage() -> None:
    source, target = two_tickets()
    actions.set_outage(ticket=source, on=True, by=make_user(), now=NOW)

    actions.merge(source=source, target=target, by=make_user(), now=NOW)

    assert target.is_outage


def test_both_people_can_read_what_was_joined() -> None:
    source, target = two_tickets()

    actions.merge(source=source, target=target, by=make_user(), now=NOW)

    for contact in (source.contact, target.contact):
        assert queries.ticket_of_contact(contact, target.public_id) == target
        assert len(queries.public_messages(contact, target.pk)) == 2
    assert queries.ticket_of_contact(source.contact, source.public_id) == target


def test_mail_to_the_joined_ticket_finds_the_living_one() -> None:
    source, target = two_tickets()
    actions.merge(source=source, target=target, by=make_user(), now=NOW)

    assert queries.thread_for(reference=str(source.public_id), message_ids=[]) == target
    assert queries.is_rightful_sender(target, source.contact.addresses.get().address.upper())


def test_s48_two_customers_are_never_mixed() -> None:
    with pytest.raises(Refused) as refused:
        actions.merge(source=make_ticket(), target=make_ticket(), by=make_user(), now=NOW)

    assert code_of(refused) == "other-customer"


def test_s48_two_strangers_are_not_the_same_because_neither_is_known() -> None:
    one, two = (make_ticket(contact=make_contact(unknown=True)) for _ in range(2))

    with pytest.raises(Refused) as refused:
        actions.merge(source=one, target=two, by=make_user(), now=NOW)

    assert code_of(refused) == "other-customer"


def test_a_ticket_is_not_joined_to_itself_and_not_twice() -> None:
    source, target = two_tickets()
    with pytest.raises(Refused) as refused:
        actions.merge(source=source, target=source, by=make_user(), now=NOW)
    assert code_of(refused) == "itself"

    actions.merge(source=source, target=target, by=make_user(), now=NOW)
    with pytest.raises(Refused) as refused:
        actions.merge(source=source, target=target, by=make_user(), now=NOW)
    assert code_of(refused) == "merged"


def test_nothing_is_done_to_a_ticket_that_lives_on_in_another() -> None:
    source, target = two_tickets()
    actions.merge(source=source, target=target, by=make_user(), now=NOW)

    for act in (
        lambda: actions.take(ticket=source, by=make_user(), now=NOW),
        lambda: actions.reopen(ticket=source, by=make_user(), now=NOW),
        lambda: make_message(source),
        lambda: actions.reply(ticket=source, text="x", by=make_user(), now=NOW, seen_version=9),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert code_of(refused) == "merged"


@pytest.mark.parametrize("stands", [Status.OPEN, Status.WAITING, Status.IN_ANALYSIS])
def test_a_solved_ticket_is_taken_up_again_for_one_that_is_not(stands: Status) -> None:
    """An answered request that was still being worked on went from the desk with the solved one that it was joined to, its promised update too."""
    source, target = two_tickets()
    agent = make_user()
    actions.reply(ticket=target, text="Fatto", by=agent, now=NOW + 4 * MINUTE, seen_version=1, then="solve")
    then: Any = "wait" if stands is Status.WAITING else "keep"
    actions.reply(ticket=source, text="Vediamo", by=agent, now=NOW + 5 * MINUTE, seen_version=1, then=then)
    if stands is Status.IN_ANALYSIS:
        actions.start_analysis(ticket=source, next_update_at=NOW + 60 * MINUTE, by=agent, now=NOW + 5 * MINUTE)
    before, due = everything(), (source.due_at, source.due_kind)

    merge = actions.merge(source=source, target=target, by=agent, now=NOW + 6 * MINUTE)
    assert (target.status, target.solved_at, (target.due_at, target.due_kind)) == (stands, None, due)
    actions.undo_merge(merge=merge, by=agent, now=NOW + 7 * MINUTE)
    assert everything() == before


# -- undoing -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("target_status", ["new", "answered", "waiting", "solved", "analysis"])
def test_undone_everything_is_as_it_was_to_the_letter(target_status: str) -> None:
    source, target = two_tickets()
    agent, at = make_user(), NOW + 5 * MINUTE
    if target_status == "analysis":
        actions.start_analysis(ticket=target, next_update_at=None, by=agent, now=at)
    elif target_status != "new":
        then: Any = {"answered": "keep", "waiting": "wait", "solved": "solve"}[target_status]
        actions.reply(ticket=target, text="Ok", by=agent, now=at, seen_version=1, then=then)
    before = everything()

    merge = actions.merge(source=source, target=target, by=agent, now=NOW + 12 * MINUTE)
    assert everything() != before
    actions.undo_merge(merge=merge, by=agent, now=NOW + 13 * MINUTE)

    assert everything() == before


def test_what_was_said_since_stays_with_the_target() -> None:
    source, target = two_tickets()
    agent = make_user()
    merge = actions.merge(source=source, target=target, by=agent, now=NOW + 4 * MINUTE)
    actions.reply(ticket=target, text="Ecco.", by=agent, now=NOW + 5 * MINUTE, seen_version=9)
    make_message(target, now=NOW + 6 * MINUTE)

    actions.undo_merge(merge=merge, by=agent, now=NOW + 7 * MINUTE)
    source.refresh_from_db()
    target.refresh_from_db()

    assert (source.status, source.merged_into_id, source.public_count) == (Status.NEW, None, 1)
    assert source.due_at == NOW + 10 * MINUTE
    assert (target.public_count, target.customer_waits_since) == (3, NOW + 6 * MINUTE)
    assert not queries.visible_to(source.contact).filter(pk=target.pk).exists()


def test_a_customer_who_wrote_while_they_were_joined_still_waits_after_the_undo() -> None:
    source, target = two_tickets()
    agent = make_user()
    actions.reply(ticket=target, text="Ok", by=agent, now=NOW + 3 * MINUTE, seen_version=1, then="solve")
    merge = actions.merge(source=source, target=target, by=agent, now=NOW + 4 * MINUTE)
    make_message(target, contact=target.contact, now=NOW + 5 * MINUTE)

    actions.undo_merge(merge=merge, by=agent, now=NOW + 6 * MINUTE)
    target.refresh_from_db()

    assert (target.status, target.customer_waits_since) == (Status.OPEN, NOW + 5 * MINUTE)


def test_a_joining_is_undone_once_and_from_the_outside_in() -> None:
    source, target = two_tickets()
    last = make_ticket(contact=target.contact)
    agent = make_user()
    first = actions.merge(source=source, target=target, by=agent, now=NOW)
    second = actions.merge(source=target, target=last, by=agent, now=NOW)

    with pytest.raises(Refused) as refused:
        actions.undo_merge(merge=first, by=agent, now=NOW)
    assert code_of(refused) == "merged"

    actions.undo_merge(merge=second, by=agent, now=NOW)
    actions.undo_merge(merge=first, by=agent, now=NOW)
    with pytest.raises(Refused) as refused:
        actions.undo_merge(merge=first, by=agent, now=NOW)
    assert code_of(refused) == "undone"
    assert [ticket.messages.count() for ticket in (source, target, last)] == [1, 1, 1]


def test_both_tickets_tell_of_it() -> None:
    source, target = two_tickets()
    merge = actions.merge(source=source, target=target, by=make_user(), now=NOW)
    actions.undo_merge(merge=merge, by=make_user(), now=NOW)

    assert source.events.get(kind=EventKind.MERGED).data["number"] == target.number
    assert target.events.get(kind=EventKind.MERGED_IN).data["number"] == source.number
    assert source.events.filter(kind=EventKind.MERGE_UNDONE).count() == 1
    assert target.events.filter(kind=EventKind.MERGE_UNDONE).count() == 1


def test_a_draft_stays_with_its_ticket() -> None:
    source, target = two_tickets()
    agent = make_user()
    draft = actions.save_draft(ticket=source, by=agent, kind=DraftKind.REPLY, text="…", base_version=1, now=NOW)
    actions.attach_to_draft(draft=draft, file=actions.NewFile("a", "text/plain", b"a"))

    actions.merge(source=source, target=target, by=agent, now=NOW)

    assert source.attachments.get().draft == draft


# -- splitting ---------------------------------------------------------------------------------------------------------
def test_a_message_about_something_else_becomes_a_ticket_with_its_own_clock() -> None:
    ticket, agent = make_ticket(), make_user()
    actions.reply(ticket=ticket, text="Fatto.", by=agent, now=NOW + MINUTE, seen_version=1)
    file = actions.NewFile("f.txt", "text/plain", b"f")
    message = actions.add_message(
        ticket=ticket,
        text="E la fattura?",
        now=NOW + 5 * MINUTE,
        channel=Channel.MAIL,
        contact=ticket.contact,
        attachments=[file],
    )

    new = actions.split(ticket=ticket, message=message, subject="Fattura", by=agent, now=NOW + 6 * MINUTE)

    assert (new.subject, new.snippet, new.customer) == ("Fattura", "E la fattura?", ticket.customer)
    assert (new.opened_at, new.due_at) == (NOW + 5 * MINUTE, NOW + 15 * MINUTE)
    assert [file.name for file in new.attachments.all()] == ["f.txt"]
    assert (ticket.public_count, ticket.customer_waits_since, ticket.due_at) == (2, None, None)
    assert new.links_out.get().kind == LinkKind.SPLIT
    assert new.followers.get().role == FollowerRole.REQUESTER
    assert ["ticket.split", {"number": ticket.number}] in new.reasons


def test_a_message_already_answered_starts_a_new_clock_when_split() -> None:
    ticket, agent = make_ticket(), make_user()
    second = make_message(ticket, now=NOW + MINUTE)
    actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW + 2 * MINUTE, seen_version=2)

    new = actions.split(ticket=ticket, message=second, subject="", by=agent, now=NOW + 30 * MINUTE)

    assert (new.subject, new.due_at) == (ticket.subject, NOW + 40 * MINUTE)


def test_neither_the_only_message_nor_one_of_ours_is_split_off() -> None:
    ticket, agent = make_ticket(), make_user()
    with pytest.raises(Refused) as refused:
        actions.split(ticket=ticket, message=ticket.messages.get(), subject="x", by=agent, now=NOW)
    assert code_of(refused) == "only-message"

    answer = actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)
    with pytest.raises(Refused) as refused:
        actions.split(ticket=ticket, message=answer, subject="x", by=agent, now=NOW)
    assert code_of(refused) == "not-customers"
