"""Which tickets a request may belong to [one.problem]."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    When,
)
from django.db.models.functions import Left

from sportello.core.statements import Columns
from sportello.customers.models import Contact, Customer
from sportello.duplicates.rules import LEAST, Known, Ranked, Report, rank, shipped_model
from sportello.duplicates.similar import Solved, similar_solved
from sportello.services.models import Service
from sportello.tickets.enums import Author
from sportello.tickets.models import ON_THE_DESK, Message, Ticket
from sportello.tickets.queries import visible_to

__all__ = ["Candidate", "Solved", "candidates_for", "similar_solved"]

REMEMBERED = timedelta(days=30)
"""For how long after it was solved a ticket may be the one."""
MOST = 40
"""Tickets of a customer that are compared, those last written in first."""
READ = 600
"""Characters of each text."""
NO_TICKET = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that a request may belong to. `probability` is the model's; `features` are what it was judged by."""

    ticket_id: int
    public_id: UUID
    number: int
    subject: str
    status: str
    due_at: datetime | None
    score: float
    probability: float
    features: Mapping[str, float]


class _Row(NamedTuple):
    """A ticket as it is compared; the names are those of the columns."""

    pk: int
    public_id: UUID
    number: int
    subject: str
    status: str
    due_at: datetime | None
    updated_at: datetime
    contact: int
    service: int | None
    service__name: str | None
    verdict: str
    first_text: str | None
    last_text: str | None


def candidates_for(
    *,
    customer: Customer | None,
    text: str,
    service: Service | None = None,
    contact: Contact | None = None,
    now: datetime,
    limit: int = 3,
    exclude: Ticket | None = None,
    reader: Contact | None = None,
    verdict: str = "",
    worth: float = LEAST,
) -> list[Candidate]:
    """The customer's tickets on the desk, or solved within 30 days, that a text is likeliest about, best first; in one query.

    Those that it is hardly about (LEAST) are left out or stand at the end: nobody is ever asked about them.

    `text` is subject and new text together. Without a customer the contact's own tickets of no customer are compared. With a `reader` only
    what this contact may read: whatever is shown to customers gives one. `verdict` is that of looking at the service just now. None at all, unless
    one may be as probable as `worth`, for whom the others only count beside it.
    """
    besides = exclude.pk if exclude else NO_TICKET
    found = _found(customer, contact, reader, (now - REMEMBERED, besides))
    tickets = {row.pk: row for row in (_Row(*columns) for columns in found)}
    report = Report(
        text=text,
        at=now,
        service=service.pk if service else None,
        sender=contact.pk if contact else None,
        verdict=verdict,
        names=_names(service.name if service else None),
    )
    ranked = rank(report, [_known(row) for row in tickets.values()], shipped_model(), least=LEAST, worth=worth)
    return [_candidate(one, tickets[one.known.key]) for one in ranked[:limit]]


class _Since(Func):
    """An instant that the server's plans know nothing of: as few tickets are solved after it, each mail would have a plan of its own (ADR 20)."""

    template = "(SELECT %(expressions)s::timestamptz)"
    output_field = DateTimeField()


class _Whose(Func):
    """A customer or contact of whom they know as little: most have fewer tickets than the average."""

    template = "(SELECT %(expressions)s::bigint)"
    output_field = BigIntegerField()


def _compared(rows: QuerySet[Ticket], since: Any, besides: Any) -> QuerySet[Ticket, tuple[Any, ...]]:
    """Those of these tickets that are on the desk or were solved since then, and the texts that they are compared by."""
    remembered = Q(status__in=ON_THE_DESK) | Q(updated_at__gte=_Since(since), solved_at__gte=_Since(since))
    chosen = rows.filter(remembered, merged_into=None, is_request=True).exclude(pk=besides)
    said = {"first_text": _customers_text("created_at", "pk"), "last_text": _customers_text("-created_at", "-pk")}
    return chosen.annotate(**said).order_by("-updated_at").values_list(*_Row._fields)[:MOST]


def _customers_text(*order: str) -> Subquery:
    """The first or the last thing that the customer said."""
    said = Case(When(fresh_text="", then=F("text")), default=F("fresh_text"), output_field=TextField())
    theirs = Message.objects.filter(ticket=OuterRef("pk"), author=Author.CUSTOMER, is_automatic=False)
    return Subquery(theirs.order_by(*order).annotate(said=Left(said, READ)).values("said")[:1])


_OF_CUSTOMER = Columns(
    lambda customer, since, besides: _compared(Ticket.objects.filter(customer=_Whose(customer)), since, besides)
)
_OF_CONTACT = Columns(
    lambda contact, since, besides: _compared(
        Ticket.objects.filter(contact=_Whose(contact), customer=None), since, besides
    )
)


def _found(
    customer: Customer | None, contact: Contact | None, reader: Contact | None, given: tuple[datetime, int]
) -> Iterable[tuple[Any, ...]]:
    """For every mail by a statement that is put together once; what a `reader` may read is put together for them."""
    if reader is not None:
        theirs = Ticket.objects.filter(customer=customer, **({} if customer else {"contact": contact}))
        return _compared(theirs.filter(pk__in=visible_to(reader).order_by().values("pk")), *given)
    if customer is not None:
        return _OF_CUSTOMER(customer.pk, *given)
    return _OF_CONTACT(contact.pk, *given) if contact is not None else []


def _known(row: _Row) -> Known:
    said = dict.fromkeys([row.subject, row.first_text, row.last_text])
    return Known(
        key=row.pk,
        text="\n".join(filter(None, said)),
        at=row.updated_at,
        is_open=row.status in ON_THE_DESK,
        service=row.service,
        sender=row.contact,
        verdict=row.verdict,
        names=_names(row.service__name),
    )


def _names(service: str | None) -> frozenset[str]:
    """What everybody calls the service."""
    return frozenset({service.lower().removeprefix("www.")}) if service else frozenset()


def _candidate(ranked: Ranked, row: _Row) -> Candidate:
    return Candidate(
        ticket_id=row.pk,
        public_id=row.public_id,
        number=row.number,
        subject=row.subject,
        status=row.status,
        due_at=row.due_at,
        score=ranked.score,
        probability=ranked.probability,
        features=ranked.features,
    )
