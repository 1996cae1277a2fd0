"""What next? The queue, its figures, and how the promise was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Min, OuterRef, Q, QuerySet

from sportello.accounts.models import User
from sportello.tickets.models import ON_THE_DESK, Tag, Ticket
from sportello.tickets.permissions import check_can_read
from sportello.triage.enums import DueKind, QueueGroup
from sportello.triage.rules import PRESALES, Kept, Promise, window_start
from sportello.triage.rules.promise import MONTH_DAYS, WEEK_DAYS

WINDOWS = {"today": 1, "week": WEEK_DAYS, "month": MONTH_DAYS}
OWN_COLUMNS = (
    "public_id",
    "number",
    "subject",
    "snippet",
    "status",
    "group",
    "due_at",
    "due_kind",
    "is_outage",
    "sender_verified",
    "language",
    "version",
    "updated_at",
    "customer_waits_since",
)
JOINED_COLUMNS = {
    "customer_name": "customer__name",
    "contact_name": "contact__name",
    "service_name": "service__name",
    "server_name": "service__server__name",
    "queue_slug": "queue__slug",
    "assignee_name": "assignee__name",
}


class Scope(StrEnum):
    """Whose tickets are shown."""

    ALL = "all"
    MINE = "mine"
    UNASSIGNED = "unassigned"
    TEAM = "team"
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """`queue` is the slug of one queue; empty for all of them. `tag` likewise is one tag's name."""

    scope: Scope = Scope.ALL
    queue: str = ""
    tag: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue, with all that is shown of it."""

    public_id: UUID
    number: int
    subject: str
    snippet: str
    status: str
    group: int
    due_at: datetime | None
    due_kind: str
    is_outage: bool
    sender_verified: bool
    language: str
    version: int
    updated_at: datetime
    customer_waits_since: datetime | None
    customer_name: str | None
    contact_name: str
    service_name: str | None
    server_name: str | None
    queue_slug: str
    assignee_name: str | None
    tag_names: list[str]

    @property
    def who(self) -> str:
        """The customer, or the person when nobody knows whose they are."""
        return self.customer_name or self.contact_name

    @property
    def initials(self) -> str:
        """Of the assignee; empty when nobody has it."""
        words = (self.assignee_name or "").split()
        return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many tickets are on the desk, by group and by whose they are."""

    outage: int
    waiting_for_us: int
    in_analysis: int
    answered: int
    waiting_customer: int
    mine: int
    unassigned: int
    team: int
    late: int
    next_due_at: datetime | None

    @property
    def total(self) -> int:
        return self.ours + self.answered + self.waiting_customer

    @property
    def ours(self) -> int:
        """Those that are the provider's turn: the figure beside the queue's name."""
        return self.outage + self.waiting_for_us + self.in_analysis


def on_the_desk(actor: User, *, filter: QueueFilter | None = None, limit: int = 200) -> list[QueueRow]:  # noqa: A002 - the word of the field
    """The queue in its order, in one query that reads one index: outages, by due time, analysis, answered, the customer's turn."""
    check_can_read(actor)
    chosen = filter or QueueFilter()
    rows = _filtered(Ticket.objects.filter(status__in=ON_THE_DESK), actor, chosen)
    ordered = rows.order_by("group", F("due_at").asc(nulls_last=True), "priority", "id")
    return [QueueRow(**row) for row in _with_names(ordered)[:limit]]


def group_sizes(actor: User, *, filter: QueueFilter | None = None) -> dict[int, int]:  # noqa: A002 - the word of the field
    """How many tickets each group of the filtered queue holds, whatever part of them is shown; groups without any are left out."""
    check_can_read(actor)
    rows = _filtered(Ticket.objects.filter(status__in=ON_THE_DESK), actor, filter or QueueFilter())
    return dict(rows.order_by("group").values_list("group").annotate(size=Count("id")))


def counts(actor: User, *, now: datetime) -> Counts:
    """The figures around the queue, in one query. Late are those whose answer or update is overdue."""
    check_can_read(actor)
    due = Q(due_kind__in=[DueKind.FIRST_RESPONSE, DueKind.NEXT_RESPONSE, DueKind.UPDATE])
    figures = Ticket.objects.filter(status__in=ON_THE_DESK).aggregate(
        outage=Count("id", filter=Q(group=QueueGroup.OUTAGE)),
        waiting_for_us=Count("id", filter=Q(group=QueueGroup.WAITING_FOR_US)),
        in_analysis=Count("id", filter=Q(group=QueueGroup.IN_ANALYSIS)),
        answered=Count("id", filter=Q(group=QueueGroup.ANSWERED)),
        waiting_customer=Count("id", filter=Q(group=QueueGroup.WAITING_CUSTOMER)),
        mine=Count("id", filter=Q(assignee=actor)),
        unassigned=Count("id", filter=Q(assignee=None)),
        team=Count("id", filter=_of_team(actor)),
        late=Count("id", filter=due & Q(due_at__lt=now)),
        next_due_at=Min("due_at", filter=due & Q(due_at__gte=now)),
    )
    return Counts(**figures)


def promise(now: datetime) -> Promise:
    """How the first answers were given, today, in 7 and in 30 days, in one read of one index.

    The same figures as `triage.rules.kept_promise`: a case counts on the day it was decided, which is when it was
    answered in time or else when it fell due; one still open in time does not count. Pre-sales are apart.
    """
    starts = {name: window_start(now, days, settings.TIME_ZONE) for name, days in WINDOWS.items()}
    kept = Q(first_answered_at__lte=F("first_due_at")) & Q(first_answered_at__lte=now)
    answered_late = Q(first_answered_at__gt=F("first_due_at")) | Q(first_answered_at__gt=now)
    missed = Q(first_due_at__lt=now) & (Q(first_answered_at=None) | answered_late)
    promised = Ticket.objects.filter(first_due_at__gte=starts["month"]).exclude(queue__slug=PRESALES)
    figures = promised.aggregate(
        **{
            f"kept_{name}": Count("first_due_at", filter=kept & Q(first_answered_at__gte=at))
            for name, at in starts.items()
        },
        **{
            f"missed_{name}": Count("first_due_at", filter=missed & Q(first_due_at__gte=at))
            for name, at in starts.items()
        },
    )
    return Promise(**{name: Kept(figures[f"kept_{name}"], figures[f"missed_{name}"]) for name in WINDOWS})


def _filtered(rows: QuerySet[Ticket], actor: User, chosen: QueueFilter) -> QuerySet[Ticket]:
    if chosen.queue:
        rows = rows.filter(queue__slug=chosen.queue)
    if chosen.tag:
        rows = rows.filter(tags__name=chosen.tag)
    match chosen.scope:
        case Scope.ALL:
            return rows
        case Scope.MINE:
            return rows.filter(assignee=actor)
        case Scope.UNASSIGNED:
            return rows.filter(assignee=None)
        case Scope.TEAM:
            return rows.filter(_of_team(actor))
        case Scope.FOLLOWED:
            return rows.filter(followers__user=actor)


def _of_team(actor: User) -> Q:
    """Given to the team, or to one of its members; nothing for who is in no team."""
    if actor.team_id is None:
        return Q(pk=None)
    return Q(team=actor.team_id) | Q(assignee__team=actor.team_id)


def _with_names(rows: QuerySet[Ticket]) -> QuerySet[Ticket, dict[str, Any]]:
    """The columns of QueueRow, those of other tables by their joins."""
    tags = Tag.objects.filter(tickets=OuterRef("pk")).order_by("name").values("name")
    columns: QuerySet[Ticket, dict[str, Any]] = rows.values(
        *OWN_COLUMNS,
        **{name: F(path) for name, path in JOINED_COLUMNS.items()},
        tag_names=ArraySubquery(tags),
    )
    return columns
