"""The kept promise in SQL says what the rule says."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.tickets import queries
from sportello.tickets.models import Ticket
from sportello.tickets.queries import desk
from sportello.triage.rules import Kept, kept_promise
from sportello.triage.rules.promise import Case
from tests.factories import NOW, make_contact, make_queue
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db


def cases(seed: int) -> list[Case]:
    """Promises around every border there is: midnight, 7 and 30 days, the due time itself, the present instant."""
    random = Random(seed)  # noqa: S311 - not for secrets
    borders = [
        timedelta(days=-days, hours=hours) for days in (0, 1, 6, 7, 29, 30, 31) for hours in (-13, -11, -10, 0, 2)
    ]
    found = []
    for _ in range(150):
        due = NOW + random.choice(borders) + timedelta(minutes=random.randint(-30, 30))
        late = timedelta(minutes=random.choice([-600, -9, -1, 0, 1, 30, 2000]))
        found.append(Case(due, due + late if random.random() < 0.8 else None))
    return found


def store(cases: list[Case]) -> None:
    queue, contact = make_queue(), make_contact()
    Ticket.objects.bulk_create(
        Ticket(
            number=2_000_000 + number,
            subject="x",
            queue=queue,
            channel="mail",
            contact=contact,
            opened_at=NOW,
            updated_at=NOW,
            first_due_at=case.due,
            first_answered_at=case.answered_at,
        )
        for number, case in enumerate(cases)
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("glance", [1, 60, 3600, 10**10])
def test_the_figures_are_those_of_the_rule(seed: int, glance: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where what was decided before the minute, and what in it, are read apart."""
    monkeypatch.setattr(desk, "GLANCE_SECONDS", glance)
    store(cases(seed))

    for now in (NOW, NOW - timedelta(hours=10), datetime.fromisoformat("2026-03-29T00:30:00+00:00")):
        assert queries.promise(now) == kept_promise(cases(seed), now, settings.TIME_ZONE)
        assert queries.promise_at_a_glance(now) == queries.promise(now)


def test_at_a_glance_this_minute_is_of_this_instant_and_what_was_before_it_is_read_once_in_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(desk, "GLANCE_SECONDS", 60)
    minute = NOW.replace(second=0, microsecond=0)
    store([])
    assert queries.promise_at_a_glance(minute).month.percentage is None

    answered = Case(minute + timedelta(hours=1), minute + timedelta(seconds=10))
    fallen_due = Case(minute + timedelta(seconds=20), None)
    store([answered, fallen_due, Case(minute - timedelta(minutes=1), None), Case(minute - timedelta(days=3), None)])

    seen = queries.promise_at_a_glance(minute + timedelta(seconds=30))
    assert (seen.today, seen.month) == (Kept(1, 1), Kept(1, 1))
    assert queries.promise_at_a_glance(minute + timedelta(minutes=1)) == queries.promise(minute + timedelta(minutes=1))


def test_a_page_reads_the_first_answers_of_a_minute_and_not_those_of_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "GLANCE_SECONDS", 60)
    minute = NOW.replace(second=0, microsecond=0)
    store([Case(minute - timedelta(minutes=30), None)] * 200)
    queries.promise_at_a_glance(minute)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("ANALYZE tickets_ticket")

    with CaptureQueriesContext(connection) as captured:
        queries.promise_at_a_glance(minute + timedelta(seconds=30))

    assert rows_touched(captured) < 100


def test_presales_has_a_promise_of_its_own_and_is_not_counted() -> None:
    store([Case(NOW - timedelta(hours=1), None)])
    Ticket.objects.update(queue=make_queue("presales"))

    assert queries.promise(NOW).month.percentage is None


def test_a_ticket_that_was_promised_nothing_does_not_count() -> None:
    store([])

    assert queries.promise(NOW).month.percentage is None
