"""Where a contact finds words: in the subjects and the public messages of their own tickets. They have few rows, so all are asked."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value

from sportello.core.planning import planned_for_its_values
from sportello.customers.models import Contact
from sportello.tickets.models import Message, Ticket
from sportello.tickets.queries.public import readable_messages, visible_to
from sportello.tickets.queries.search.model import Found, Where
from sportello.tickets.queries.search.words import Asked

MESSAGES_A_TICKET = 2


@planned_for_its_values
def found_by_contact(contact: Contact, asked: Asked, limit: int) -> list[Found]:
    """The surest first. In three queries at most."""
    own, rows = visible_to(contact).order_by(), limit * MESSAGES_A_TICKET
    return [
        *_numbered(own, asked.number),
        *_saying(own, Where.SUBJECT, "pk", asked.words, rows),
        *_saying(readable_messages(contact), Where.MESSAGE, "ticket", asked.words, rows),
    ]


def _numbered(own: QuerySet[Ticket], number: int | None) -> Iterator[Found]:
    if number is not None:
        for ticket in own.filter(number=number).values_list("pk", flat=True):
            yield Found(ticket, Where.NUMBER, 0)


def _saying(
    rows: QuerySet[Ticket] | QuerySet[Message], where: Where, ticket: str, words: str, limit: int
) -> Iterator[Found]:
    """The newest by an expression, so that the planner reads the contact's rows and not all there are."""
    said = Func(
        F("search"),
        Func(Value(words), template="%(expressions)s::tsquery", output_field=TextField()),
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
    if words:
        for key, row in rows.filter(said).order_by((F("pk") + 0).desc()).values_list(ticket, "pk")[:limit]:
            yield Found(key, where, row)
