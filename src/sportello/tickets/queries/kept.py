"""How the promise of the first answer was kept, day by day, and where it was not [promise.first]."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Case, Count, DateField, DateTimeField, F, Q, QuerySet, When
from django.db.models.functions import Cast, Trunc

from sportello.accounts.models import User
from sportello.core.paging import Page, Place, instant, page_of
from sportello.core.replica import may_lag
from sportello.tickets.enums import Verdict
from sportello.tickets.models import Rating, Ticket
from sportello.tickets.permissions import check_can_read
from sportello.triage.rules import PRESALES, Kept, window_start
from sportello.triage.rules.promise import MONTH_DAYS

NEWEST = 20


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    kept: Kept


@may_lag
def promise_days(*, now: datetime) -> list[Day]:
    """The last thirty local days, today last, in one query; a day without a case has nothing kept and nothing missed.

    A case counts on the day it was decided, as in `promise`: when it was answered in time, or else when it fell due.
    """
    decided = Case(
        When(_in_time(now), then=F("first_answered_at")), default=F("first_due_at"), output_field=DateTimeField()
    )
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = (
        _cases(now)
        .annotate(day=Cast(Trunc(decided, "day", tzinfo=zone), DateField()))
        .order_by()
        .values("day")
        .annotate(kept=Count("pk", filter=_in_time(now)), missed=Count("pk", filter=~_in_time(now)))
    )
    found = {row["day"]: Kept(row["kept"], row["missed"]) for row in rows}
    today = now.astimezone(zone).date()
    days = (today - timedelta(days=ago) for ago in reversed(range(MONTH_DAYS)))
    return [Day(day, found.get(day, Kept(0, 0))) for day in days]


@may_lag
def missed(user: User, *, place: Place, now: datetime) -> Page[Ticket]:
    """The tickets of the last thirty days whose first answer came late or is overdue, those due last first."""
    check_can_read(user)
    rows = _cases(now).exclude(_in_time(now)).select_related("customer", "contact", "assignee").defer("search")
    return page_of(rows, key="first_due_at", read=instant, place=place)


@dataclass(frozen=True, slots=True)
class Opinions:
    """What customers said of the help in thirty days: how often each verdict, and the newest that come with words."""

    good: int
    partly: int
    bad: int
    newest: list[Rating]

    @property
    def count(self) -> int:
        return self.good + self.partly + self.bad


@may_lag
def opinions(user: User, *, now: datetime) -> Opinions:
    """In two queries."""
    check_can_read(user)
    recent = Rating.objects.filter(at__gte=window_start(now, MONTH_DAYS, settings.TIME_ZONE))
    counted = recent.aggregate(**{verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in Verdict})
    said = recent.exclude(text="").select_related("contact", "ticket").defer("ticket__search").order_by("-at", "-pk")
    return Opinions(**counted, newest=list(said[:NEWEST]))


def _cases(now: datetime) -> QuerySet[Ticket]:
    """Those decided within thirty days: due before now, or answered in time before it was due."""
    start = window_start(now, MONTH_DAYS, settings.TIME_ZONE)
    recent = Ticket.objects.filter(first_due_at__gte=start).exclude(queue__slug=PRESALES)
    return recent.filter((_in_time(now) & Q(first_answered_at__gte=start)) | Q(first_due_at__lt=now))


def _in_time(now: datetime) -> Q:
    return Q(first_answered_at__isnull=False, first_answered_at__lte=F("first_due_at")) & Q(first_answered_at__lte=now)
