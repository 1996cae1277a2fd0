"""Statements put together once read and write what the ORM does."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models.functions import Length
from django.test.utils import CaptureQueriesContext

import sportello
from sportello.core.statements import Columns, Reading, insert, insert_new, update
from sportello.customers.models import ContactAddress
from sportello.mail.models import Mailbox
from sportello.tickets.actions.opening import NUMBERED, open_ticket
from sportello.tickets.enums import Channel
from sportello.tickets.models import Tag, Ticket
from tests.factories import NOW, make_contact, make_mailbox, make_queue

pytestmark = pytest.mark.django_db
_LOCK = re.compile(r"select_for_update\(((?:[^()]|\([^()]*\))*)\)")


def test_a_reading_gives_the_orms_rows_with_what_is_joined_to_them() -> None:
    reading = Reading(
        lambda address, limit: ContactAddress.objects.select_related("contact__customer").filter(
            address=address, pk__gt=limit, is_primary=True
        )
    )
    contact, stranger = make_contact(), make_contact(unknown=True)
    for known in (contact, stranger):
        owned = known.addresses.get()
        with CaptureQueriesContext(connection) as asked:
            found = reading.first(owned.address, 0)
            assert found is not None
            assert (found, found.contact, found.contact.customer) == (owned, known, known.customer)
        assert len(asked) == 1
    assert reading(contact.addresses.get().address, 2**40) == []
    assert reading.first("nobody@example", 0) is None


def test_a_reading_converts_what_the_orm_converts() -> None:
    mailbox = make_mailbox()
    Mailbox.objects.filter(pk=mailbox.pk).update(aliases=["a@b.example", "c'd@e.example"])
    ticket = ticket_of(mailbox)
    Ticket.objects.filter(pk=ticket.pk).update(pauses=[["x", None]], reasons=[["a", {"b": 1}]])
    found = Reading(lambda pk: Ticket.objects.select_related("mailbox").defer("search").filter(pk=pk)).first(ticket.pk)
    assert found is not None
    assert found.mailbox is not None
    assert (found.pauses, found.reasons, found.mailbox.aliases) == (
        [["x", None]],
        [["a", {"b": 1}]],
        ["a@b.example", "c'd@e.example"],
    )


def test_what_is_the_same_each_time_stands_in_the_statement_whatever_is_in_it() -> None:
    """The server's plan for any values then knows as much as one made for these."""
    for subject in ("100 % 'so' %s \\", "other"):
        Tag.objects.create(name=subject)
    reading = Reading(lambda pk: Tag.objects.filter(pk__gte=pk, name="100 % 'so' %s \\", name__contains="%"))
    with CaptureQueriesContext(connection) as asked:
        assert [tag.name for tag in reading(0)] == ["100 % 'so' %s \\"]
    assert "'100 % ''so'' %s" in asked[0]["sql"]
    assert reading(2**40) == []


def test_what_is_there_already_is_not_inserted_again() -> None:
    insert_new(Tag(name="a"), Tag(name="b"))
    insert_new(Tag(name="b"), Tag(name="c"))
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["a", "b", "c"]


def test_an_inserted_row_takes_one_planned_statement_whatever_is_in_it() -> None:
    """The driver counts a larger number, and one that is missing, as another statement: of rows with many columns each would be planned anew."""
    mailbox = make_mailbox()
    for count, solved in [(1, None), (70_000, None), (1, NOW), (70_000, NOW)] * 3:
        ticket = ticket_of(mailbox, public_count=count, solved_at=solved)
        assert Ticket.objects.values_list("public_count", "solved_at").get(pk=ticket.pk) == (count, solved)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'INSERT INTO \"tickets_ticket\"%'"
        )
        assert cursor.fetchone() == (1,)


def test_no_statement_of_a_request_has_more_values_than_the_driver_remembers() -> None:
    """A statement of more than fifty it reads anew each time, to put $1 in the place of %s."""
    given: list[int] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        given.append(len(params or ()))
        return execute(sql, params, many, context)

    contact, mailbox, queue = make_contact(), make_mailbox(), make_queue()
    with connection.execute_wrapper(count):
        ticket = open_ticket(
            subject="a", text="b", contact=contact, queue=queue, channel=Channel.MAIL, mailbox=mailbox, now=NOW
        )
    assert 20 < max(given) <= 50
    columns = [field.attname for field in Ticket._meta.concrete_fields if field.attname != "search"]
    fresh = Ticket.objects.get(pk=ticket.pk)
    assert [getattr(ticket, name) for name in columns] == [getattr(fresh, name) for name in columns]


def ticket_of(mailbox: Mailbox, **values: Any) -> Ticket:
    contact = make_contact()
    ticket = Ticket(
        subject="100% \\ 'so'", queue=make_queue(), channel=Channel.MAIL, contact=contact, customer=contact.customer,
        mailbox=mailbox, opened_at=NOW, updated_at=NOW + timedelta(microseconds=1), reasons=[["a", {"b": [1, None]}]], **values,
    )  # fmt: skip
    insert(ticket, given=NUMBERED)
    return ticket


def test_an_inserted_row_is_what_it_was_said_to_be() -> None:
    ticket = ticket_of(make_mailbox())
    fresh = Ticket.objects.get(pk=ticket.pk)
    names = [field.attname for field in Ticket._meta.concrete_fields if not field.generated]
    assert {name: getattr(ticket, name) for name in names} == {name: getattr(fresh, name) for name in names}
    assert fresh.search


def test_several_rows_get_their_own_keys_and_are_known_to_be_saved() -> None:
    tags = [Tag(name=name) for name in ("b", "a", "c")]
    insert(*tags)
    assert [Tag.objects.get(name=tag.name).pk for tag in tags] == [tag.pk for tag in tags]
    tags[0].name = "d"
    tags[0].save()
    assert Tag.objects.count() == 3


def test_the_databases_rules_hold() -> None:
    insert(Tag(name="a"))
    with pytest.raises(IntegrityError):
        insert(Tag(name="a"))


def test_an_update_writes_the_columns_named_and_no_other() -> None:
    mailbox = make_mailbox()
    mailbox.aliases, mailbox.display_name, mailbox.position = ["x@y.example"], "Neu", 7
    assert update(mailbox, "aliases", "display_name")
    fresh = Mailbox.objects.get(pk=mailbox.pk)
    assert (fresh.aliases, fresh.display_name, fresh.position) == (["x@y.example"], "Neu", 0)
    Mailbox.objects.all().delete()
    assert not update(mailbox, "aliases")


def test_columns_come_in_their_order_and_converted_with_what_is_reckoned_among_them() -> None:
    reading = Columns(
        lambda number, text: (
            Ticket.objects.filter(pk=number, subject__startswith=text)
            .annotate(length=Length("subject"))
            .values_list("subject", "length", "reasons", "mailbox__address", "pk")
        )
    )
    ticket = ticket_of(make_mailbox())
    Ticket.objects.filter(pk=ticket.pk).update(reasons=[["a", {"b": 1}]])
    assert ticket.mailbox is not None
    expected = ("100% \\ 'so'", 11, [["a", {"b": 1}]], ticket.mailbox.address, ticket.pk)
    assert reading(ticket.pk, "100% ") == [expected]
    assert reading(ticket.pk, "100_") == reading(ticket.pk + 1, "100% ") == []


def test_a_lock_of_a_row_leaves_its_key_free() -> None:
    """A row held whole lets nobody point at it: whoever answered a ticket waited for whoever held its person, who waited for the ticket."""
    sources = {file: file.read_text("utf-8") for file in Path(sportello.__file__).parent.rglob("*.py")}
    locks = [(file.name, found) for file, source in sources.items() for found in _LOCK.findall(source)]
    assert len(locks) > 50
    assert [lock for lock in locks if "no_key=True" not in lock[1]] == []
