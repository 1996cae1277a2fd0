"""The jobs: found by the worker under their names, each doing its one thing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django import app
from pytest_django import Settings

from sportello.core import clock
from sportello.tickets import actions, tasks
from sportello.tickets.enums import EventKind, Status
from tests.factories import make_ticket, make_user

pytestmark = pytest.mark.django_db


def test_alarms_and_closing_are_planned() -> None:
    planned = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}

    assert planned["sportello.tickets.fire_alarms"] == "* * * * * */15"
    assert planned["sportello.tickets.close_solved"] == "*/10 * * * *"


def test_the_alarm_job_rings_what_is_late_by_the_clock() -> None:
    ticket = make_ticket(now=clock.now() - timedelta(minutes=6))

    tasks.fire_alarms(timestamp=0)

    assert ticket.events.filter(kind=EventKind.ALARM_FIRED).count() == 1


@pytest.mark.parametrize(("days", "status"), [(7, Status.CLOSED), (9, Status.SOLVED), (0, Status.SOLVED)])
def test_solved_tickets_close_after_the_days_that_were_set(days: int, status: Status, settings: Settings) -> None:
    settings.CLOSE_SOLVED_DAYS = days
    ticket = make_ticket()
    actions.solve(ticket=ticket, by=make_user(), now=clock.now() - timedelta(days=8))

    tasks.close_solved(timestamp=0)

    ticket.refresh_from_db()
    assert ticket.status == status


def test_a_job_whose_row_is_gone_does_nothing() -> None:
    tasks.make_preview(attachment_id=0)
    tasks.post_alarm(ticket_id=0, step="missed", due_at="2026-03-04T10:02:00+00:00")
