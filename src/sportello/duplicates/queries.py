"""Which tickets a request may belong to [one.problem]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextField, When
from django.db.models.functions import Left

from sportello.customers.models import Contact, Customer
from sportello.duplicates.rules import Known, Ranked, Report, rank, shipped_model
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
) -> list[Candidate]:
    """The customer's tickets on the desk, or solved within 30 days, that a text is likeliest about, best first; in one query.

    `text` is subject and new text together. Without a customer the contact's own tickets of no customer are compared. With a `reader` only
    what this contact may read: whatever is shown to customers gives one. `verdict` is that of looking at the service just now.
    """
    rows = _rows(customer, contact, now)
    if rows is None:
        return []
    if reader is not None:
        rows = rows.filter(pk__in=visible_to(reader).order_by().values("pk"))
    if exclude is not None:
        rows = rows.exclude(pk=exclude.pk)
    tickets = {row.pk: row for row in (_Row(*found) for found in rows.values_list(*_Row._fields)[:MOST])}
    report = Report(
        text=text,
        at=now,
        service=service.pk if service else None,
        sender=contact.pk if contact else None,
        verdict=verdict,
        names=_names(service.name if service else None),
    )
    ranked = rank(report, [_known(row) for row in tickets.values()], shipped_model())
    return [_candidate(one, tickets[one.known.key]) for one in ranked[:limit]]


def _rows(customer: Customer | None, contact: Contact | None, now: datetime) -> QuerySet[Ticket] | None:
    remembered = Q(status__in=ON_THE_DESK) | Q(updated_at__gte=now - REMEMBERED, solved_at__gte=now - REMEMBERED)
    rows = Ticket.objects.filter(remembered, merged_into=None, is_request=True)
    if customer is not None:
        rows = rows.filter(customer=customer)
    elif contact is not None:
        rows = rows.filter(contact=contact, customer=None)
    else:
        return None
    said = {"first_text": _customers_text("created_at", "pk"), "last_text": _customers_text("-created_at", "-pk")}
    return rows.annotate(**said).order_by("-updated_at")


def _customers_text(*order: str) -> Subquery:
    """The first or the last thing that the customer said."""
    said = Case(When(fresh_text="", then=F("text")), default=F("fresh_text"), output_field=TextField())
    theirs = Message.objects.filter(ticket=OuterRef("pk"), author=Author.CUSTOMER, is_automatic=False)
    return Subquery(theirs.order_by(*order).annotate(said=Left(said, READ)).values("said")[:1])


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
