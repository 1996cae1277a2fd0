"""What next? The queue, its figures, and how the promise was kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from sportello.accounts.models import User
from sportello.tickets.permissions import check_can_read
from sportello.triage.enums import QueueGroup
from sportello.triage.rules import PRESALES, Kept, Promise, window_start
from sportello.triage.rules.promise import MONTH_DAYS, WEEK_DAYS

GLANCE_SECONDS = 60
"""What was decided before the minute, or whatever this says, is read once in it."""
LATE_COUNTED = 99
"""So many late tickets are counted for every page of the desk; of more it is known that there are more."""
FOR_EVER = datetime.max.replace(tzinfo=UTC)
WINDOWS = {"today": 1, "week": WEEK_DAYS, "month": MONTH_DAYS}

# The queue, its figures and the kept promise are read for every page of the desk. Their SQL stands here in full: to have it put together by the ORM
# for each page took longer than the database needs to answer. Only what a filter asks for is part of its statement, so that the plan can be kept.
_ON_THE_DESK = "ticket.status IN ('new', 'open', 'in_analysis', 'waiting')"
_IN_QUEUE = "ticket.queue_id = (SELECT id FROM triage_queue WHERE slug = %(queue)s)"
_TAGGED = """EXISTS (SELECT FROM tickets_ticket_tags tagged JOIN tickets_tag tag ON tag.id = tagged.tag_id
                      WHERE tagged.ticket_id = ticket.id AND tag.name = %(tag)s)"""
_IN_SCOPE = {
    "all": "true",
    "mine": "ticket.assignee_id = %(actor)s",
    "unassigned": "ticket.assignee_id IS NULL",
    "followed": """EXISTS (SELECT FROM tickets_follower follower
                            WHERE follower.ticket_id = ticket.id AND follower.user_id = %(actor)s)""",
    "team": """(ticket.team_id = %(team)s OR ticket.assignee_id IN (SELECT id FROM accounts_user WHERE team_id = %(team)s))""",
}
_RANKED = (
    "((ticket.due_at AT TIME ZONE 'UTC') - (ticket.ahead * interval '1 minute'))"  # as the index ticket_order has it
)
# Each group is read from the index that has its order, and only as far as it is shown.
_ROWS = """
    SELECT ticket.public_id, ticket.number, ticket.subject, ticket.snippet, ticket.status, ticket."group", ticket.due_at, ticket.due_kind,
           ticket.is_outage, ticket.in_incident, ticket.sender_verified, customer.name, contact.name, service.name, server.name, queue.slug,
           assignee.name, ticket.overrule, ticket.reasons::text,
           ARRAY(SELECT tag.name FROM tickets_ticket_tags tagged JOIN tickets_tag tag ON tag.id = tagged.tag_id
                  WHERE tagged.ticket_id = ticket.id ORDER BY tag.name)
      FROM unnest(%(groups)s::smallint[], %(limits)s::int[]) AS wanted("group", rows),
           LATERAL (SELECT ticket.* FROM tickets_ticket ticket WHERE ticket."group" = wanted."group" AND {chosen}
                     ORDER BY {ranked} NULLS LAST, ticket.priority, ticket.tie, ticket.id LIMIT wanted.rows) ticket
      JOIN customers_contact contact ON contact.id = ticket.contact_id
      JOIN triage_queue queue ON queue.id = ticket.queue_id
      LEFT JOIN customers_customer customer ON customer.id = ticket.customer_id
      LEFT JOIN services_service service ON service.id = ticket.service_id
      LEFT JOIN services_server server ON server.id = service.server_id
      LEFT JOIN accounts_user assignee ON assignee.id = ticket.assignee_id
     ORDER BY ticket."group", {ranked} NULLS LAST, ticket.priority, ticket.tie, ticket.id
"""
_SIZES = """SELECT ticket."group", count(*) FROM tickets_ticket ticket WHERE {chosen} GROUP BY 1"""
# Counted from tallies, which triggers keep, and from the index of what is due: however many tickets are open, few rows are read.
_DUE_TO_CUSTOMERS = f"{_ON_THE_DESK} AND ticket.due_kind IN ('first_response', 'next_response', 'update')"
_FIGURES = f"""
    SELECT coalesce(sum(number) FILTER (WHERE "group" = 1), 0), coalesce(sum(number) FILTER (WHERE "group" = 2), 0),
           coalesce(sum(number) FILTER (WHERE "group" = 3), 0), coalesce(sum(number) FILTER (WHERE "group" = 4), 0),
           coalesce(sum(number) FILTER (WHERE "group" = 5), 0),
           coalesce(sum(number) FILTER (WHERE assignee_id = %(actor)s), 0), coalesce(sum(number) FILTER (WHERE assignee_id IS NULL), 0),
           coalesce(sum(number) FILTER (WHERE team_id = %(team)s
                                           OR assignee_id IN (SELECT id FROM accounts_user WHERE team_id = %(team)s)), 0),
           (SELECT count(*) FROM (SELECT FROM tickets_ticket ticket WHERE {_DUE_TO_CUSTOMERS} AND due_at < %(now)s LIMIT %(counted)s + 1) late),
           (SELECT min(due_at) FROM tickets_ticket ticket WHERE {_DUE_TO_CUSTOMERS} AND due_at >= %(now)s)
      FROM tickets_tally
"""  # noqa: S608 - conditions of our own
# A case counts on the day it was decided: when it was answered in time, or else when it fell due; one still open in time does not count. The
# bounds are hidden from the planner (ADR 20), and two of them say that few rows lie between.
_PROMISE = """
    SELECT count(*) FILTER (WHERE is_kept AND decided_at >= %(today)s), count(*) FILTER (WHERE NOT is_kept AND decided_at >= %(today)s),
           count(*) FILTER (WHERE is_kept AND decided_at >= %(week)s), count(*) FILTER (WHERE NOT is_kept AND decided_at >= %(week)s),
           count(*) FILTER (WHERE is_kept AND decided_at >= %(month)s), count(*) FILTER (WHERE NOT is_kept AND decided_at >= %(month)s)
      FROM (SELECT is_kept, CASE WHEN is_kept THEN first_answered_at ELSE first_due_at END AS decided_at
              FROM (SELECT first_due_at, first_answered_at,
                           coalesce(first_answered_at <= least(first_due_at, %(now)s), false) AS is_kept
                      FROM tickets_ticket
                     WHERE first_due_at >= (SELECT %(month)s::timestamptz) AND first_due_at < (SELECT %(end)s::timestamptz)
                       AND queue_id NOT IN (SELECT id FROM triage_queue WHERE slug = %(presales)s)) one
             WHERE is_kept OR first_due_at < %(now)s) decided
     WHERE decided_at < %(until)s
"""


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
    in_incident: bool
    sender_verified: bool
    customer_name: str | None
    contact_name: str
    service_name: str | None
    server_name: str | None
    queue_slug: str
    assignee_name: str | None
    overrule: str
    reasons: str
    """As JSON: why it stands where it stands."""
    tag_names: tuple[str, ...]

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
    def more_are_late(self) -> bool:
        """Whether there are more than are counted; `late` is then one more than LATE_COUNTED."""
        return self.late > LATE_COUNTED

    @property
    def by_group(self) -> dict[int, int]:
        """As `group_sizes` of the whole queue; also the groups without any."""
        return {
            QueueGroup.OUTAGE: self.outage,
            QueueGroup.WAITING_FOR_US: self.waiting_for_us,
            QueueGroup.IN_ANALYSIS: self.in_analysis,
            QueueGroup.ANSWERED: self.answered,
            QueueGroup.WAITING_CUSTOMER: self.waiting_customer,
        }

    @property
    def total(self) -> int:
        return self.ours + self.answered + self.waiting_customer

    @property
    def ours(self) -> int:
        """Those that are the provider's turn: the figure beside the queue's name."""
        return self.outage + self.waiting_for_us + self.in_analysis


def on_the_desk(
    actor: User,
    *,
    filter: QueueFilter | None = None,  # noqa: A002 - the word of the field
    limit: int = 200,
    longer: Mapping[int, int] | None = None,
) -> list[QueueRow]:
    """The queue in its order, in one query: outages, by due time, analysis, answered, the customer's turn.

    Of each group the first `limit` rows; of those in `longer` as many as stand there.
    """
    check_can_read(actor)
    limits = {int(group): limit for group in QueueGroup} | dict(longer or {})
    wanted = {"groups": list(limits), "limits": list(limits.values())}
    rows = _read_chosen(_ROWS, actor, filter, wanted)
    return [QueueRow(*(*row[:-1], tuple(row[-1]))) for row in rows]


def group_sizes(actor: User, *, filter: QueueFilter | None = None) -> dict[int, int]:  # noqa: A002 - the word of the field
    """How many tickets each group of the filtered queue holds, whatever part of them is shown; groups without any are left out."""
    check_can_read(actor)
    return dict(_read_chosen(_SIZES, actor, filter, {}))


def counts(actor: User, *, now: datetime) -> Counts:
    """The figures around the queue, in one query. Late are those whose answer or update is overdue, at most one more than LATE_COUNTED."""
    check_can_read(actor)
    (figures,) = _read(_FIGURES, {"actor": actor.pk, "team": actor.team_id, "now": now, "counted": LATE_COUNTED})
    return Counts(*figures)


def promise(now: datetime) -> Promise:
    """How the first answers were given, today, in 7 and in 30 days, in one read of one index.

    The same figures as `triage.rules.kept_promise`. Pre-sales are apart.
    """
    starts = {name: window_start(now, days, settings.TIME_ZONE) for name, days in WINDOWS.items()}
    figures = _kept(now, **starts)
    return Promise(Kept(*figures[:2]), Kept(*figures[2:4]), Kept(*figures[4:]))


def promise_at_a_glance(now: datetime) -> Promise:
    """The same for every page: what is decided in this minute is of this instant, what was before it may be a minute old in this process.

    However many first answers a day has, a page reads those of a minute.
    """
    starts = {name: window_start(now, days, settings.TIME_ZONE) for name, days in WINDOWS.items()}
    minute = datetime.fromtimestamp(int(now.timestamp()) // GLANCE_SECONDS * GLANCE_SECONDS, UTC)
    since = max(minute, starts["today"])
    kept, missed, *_rest = _kept(now, **dict.fromkeys(WINDOWS, since))
    before = decided_before(since, **starts)
    return Promise(*(Kept(kept + one.kept, missed + one.missed) for one in before))


@lru_cache(maxsize=1)
def decided_before(instant: datetime, **starts: datetime) -> tuple[Kept, ...]:
    """Since each start, without what is decided at `instant` itself. It changes seldom: when a ticket is found to be no request."""
    figures = _kept(instant, until=instant, **starts)
    return tuple(Kept(*pair) for pair in zip(figures[::2], figures[1::2], strict=True))


def _kept(now: datetime, *, until: datetime = FOR_EVER, **starts: datetime) -> tuple[int, ...]:
    """Kept and missed since each start and before `until`, at `now`."""
    (figures,) = _read(_PROMISE, {"now": now, "until": until, "end": FOR_EVER, "presales": PRESALES, **starts})
    return figures


def _read_chosen(
    query: str, actor: User, chosen: QueueFilter | None, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    wanted = chosen or QueueFilter()
    conditions = [
        _ON_THE_DESK,
        _IN_SCOPE[wanted.scope],
        *([_IN_QUEUE] if wanted.queue else []),
        *([_TAGGED] if wanted.tag else []),
    ]
    values = {"actor": actor.pk, "team": actor.team_id, "queue": wanted.queue, "tag": wanted.tag}
    return _read(query.format(chosen=" AND ".join(conditions), ranked=_RANKED), {**values, **parameters})


def _read(query: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
