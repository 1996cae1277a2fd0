"""How the promise was kept: figures, days, and what was late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.core import clock
from sportello.core.paging import Place
from sportello.desk.promise import bars_of
from sportello.tickets.models import Ticket
from sportello.tickets.queries import promise
from sportello.tickets.queries.kept import Day, missed, promise_days
from sportello.triage.models import Queue
from sportello.triage.rules import PRESALES, Kept
from tests.factories import make_ticket, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 4, 11, tzinfo=UTC)


def _case(due: datetime, answered: datetime | None, subject: str = "Richiesta") -> Ticket:
    """A ticket whose first answer was due and given then, whatever its queue promises."""
    ticket = make_ticket(subject, now=due - timedelta(minutes=10))
    Ticket.objects.filter(pk=ticket.pk).update(first_due_at=due, first_answered_at=answered)
    return ticket


def _days(now: datetime) -> dict[date, Kept]:
    return {one.day: one.kept for one in promise_days(now=now) if one.kept != Kept(0, 0)}


@pytest.fixture
def agent() -> Client:
    client = Client()
    client.force_login(make_user(language="en"))
    return client


def test_a_case_counts_on_the_local_day_on_which_it_was_decided() -> None:
    before_midnight = datetime(2026, 3, 2, 22, 50, tzinfo=UTC)  # 23:50 in Rome
    _case(before_midnight + timedelta(minutes=20), before_midnight)
    _case(before_midnight + timedelta(minutes=20), before_midnight + timedelta(minutes=15))
    _case(before_midnight, before_midnight + timedelta(minutes=15))
    assert _days(NOW) == {date(2026, 3, 2): Kept(1, 1), date(2026, 3, 3): Kept(1, 0)}


def test_what_is_still_open_in_time_counts_nowhere_and_what_is_overdue_is_late() -> None:
    _case(NOW + timedelta(minutes=3), None)
    _case(NOW - timedelta(minutes=3), None)
    assert _days(NOW) == {date(2026, 3, 4): Kept(0, 1)}


def test_thirty_days_are_shown_and_add_up_to_the_figures() -> None:
    for ago in range(0, 40, 3):
        due = NOW - timedelta(days=ago, minutes=5)
        _case(due, due - timedelta(minutes=1) if ago % 2 else due + timedelta(minutes=1))
    days, figures = promise_days(now=NOW), promise(NOW)
    assert [one.day for one in days] == [date(2026, 3, 4) - timedelta(days=ago) for ago in reversed(range(30))]
    assert sum(one.kept.kept for one in days) == figures.month.kept
    assert sum(one.kept.missed for one in days) == figures.month.missed
    assert days[-1].kept == figures.today


def test_only_what_was_late_is_listed_and_the_last_first() -> None:
    _case(NOW - timedelta(days=2), NOW - timedelta(days=2, minutes=1), "in tempo")
    _case(NOW - timedelta(days=2), NOW - timedelta(days=1), "tardi")
    _case(NOW - timedelta(hours=1), None, "senza risposta")
    _case(NOW - timedelta(days=40), None, "antico")
    late = missed(make_user(), place=Place(), now=NOW).rows
    assert [ticket.subject for ticket in late] == ["senza risposta", "tardi"]


def test_bars_are_parts_of_the_highest_day() -> None:
    day = date(2026, 3, 4)
    bars = bars_of([Day(day, Kept(3, 1)), Day(day, Kept(1, 0)), Day(day, Kept(0, 0))])
    assert [(bar.left, bar.kept_top, bar.kept_height, bar.missed_top, bar.missed_height) for bar in bars] == [
        (0, 25, 75, 0, 25),
        (10, 75, 25, 75, 0),
        (20, 100, 0, 100, 0),
    ]


def test_the_page_tells_percentages_with_their_counts(agent: Client) -> None:
    now = clock.now()
    _case(now - timedelta(minutes=1), now - timedelta(minutes=2))
    _case(now - timedelta(minutes=1), now - timedelta(minutes=2))
    late = _case(now - timedelta(minutes=1), None, "Senza risposta")
    page = agent.get(reverse("desk:promise")).content.decode()
    assert "66%" in page
    assert "2 of 3 in time" in page
    assert reverse("desk:ticket", args=[late.public_id]) in page
    assert "style=" not in page


def test_an_empty_house_has_no_percentage(agent: Client) -> None:
    page = agent.get(reverse("desk:promise")).content.decode()
    assert "no case yet" in page
    assert "No answer was due in the last 30 days." in page


def test_the_page_asks_the_database_no_more_for_three_than_for_one(agent: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            agent.get(reverse("desk:promise"))
        return len(seen)

    now = clock.now()
    _case(now - timedelta(minutes=1), None)
    queries()
    one = queries()
    _case(now - timedelta(minutes=2), None)
    _case(now - timedelta(minutes=3), None)
    assert queries() == one


def test_questions_before_buying_are_no_part_of_the_promise() -> None:
    """A fault found: the days and the list of what was late counted pre-sales, the figures above them did not."""
    ticket = _case(NOW - timedelta(hours=1), None)
    Ticket.objects.filter(pk=ticket.pk).update(queue=Queue.objects.get(slug=PRESALES))
    assert promise(NOW).today == Kept(0, 0)
    assert _days(NOW) == {}
    assert list(missed(make_user(), place=Place(), now=NOW).rows) == []
