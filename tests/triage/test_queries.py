"""Queues as rows become queues as rules take them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from sportello.triage import queries
from sportello.triage.models import Queue
from sportello.triage.rules import Span, Targets, add_working
from tests.factories import make_queue

pytestmark = pytest.mark.django_db


def test_support_is_open_day_and_night() -> None:
    targets, hours = queries.clock_of(make_queue("support"))

    assert targets == Targets(first_response=10, next_response=60, update=240)
    assert hours.is_always_open


def test_presales_keeps_office_hours_and_italian_holidays() -> None:
    targets, hours = queries.clock_of(make_queue("presales"))

    assert targets.first_response == 60
    assert hours.spans_on(date(2026, 3, 4)) == (Span(time(9), time(18)),)
    assert hours.spans_on(date(2026, 3, 7)) == ()
    assert hours.spans_on(date(2026, 12, 25)) == ()


def test_a_day_closed_by_the_provider_is_closed() -> None:
    queue = make_queue("presales")
    queue.calendar.closed_on = [date(2026, 8, 14)]

    _, hours = queries.clock_of(queue)

    assert hours.spans_on(date(2026, 8, 14)) == ()
    friday = datetime(2026, 8, 14, 8, 0, tzinfo=UTC)
    assert add_working(friday, friday.resolution, hours) > datetime(2026, 8, 17, tzinfo=UTC)


def test_no_such_queue() -> None:
    with pytest.raises(Queue.DoesNotExist):
        queries.queue_by_slug("nowhere")
