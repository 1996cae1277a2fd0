"""/health says what a monitor must know, and nothing that a stranger may not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from sportello.config import health
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, Purpose
from sportello.mail.models import Mailbox

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MAIL = b"From: anna@example.com\r\nTo: support@hosting.example\r\nSubject: Sito fermo\r\n\r\nAiuto\r\n"


def _job(*, status: str = "todo", due: timedelta | None = None, heartbeat: timedelta | None = None) -> None:
    """A job, due so long ago; begun by a worker that gave its last sign so long ago."""
    seconds = None if due is None else due.total_seconds()
    with connection.cursor() as cursor:
        worker = None if heartbeat is None else _worker(heartbeat)
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at, worker_id) "
            "VALUES ('x', 'y', %s, now() - make_interval(secs => %s), %s)",
            [status, seconds, worker],
        )


def _worker(heartbeat: timedelta) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s)) RETURNING id",
            [heartbeat.total_seconds()],
        )
        return int(cursor.fetchone()[0])


def _mail(age: timedelta) -> None:
    mailbox = Mailbox.objects.create(address="support@hosting.example", purpose=Purpose.SUPPORT, display_name="A")
    store_inbound(raw=MAIL, mailbox=mailbox, door=Door.LMTP, envelope_from="", envelope_to="", now=NOW - age)


def test_an_empty_house_is_well(client: Client) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {
        "database": True,
        "last_mail_seconds": None,
        "oldest_job_seconds": None,
        "stalled_jobs": 0,
        "failed_jobs": 0,
        "problems": [],
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("job", "problems"),
    [
        ({"due": timedelta(seconds=290)}, ()),
        ({"due": timedelta(seconds=310)}, ("jobs_wait",)),
        ({"due": timedelta(seconds=-3600)}, ()),
        ({"status": "doing", "due": timedelta(hours=2), "heartbeat": timedelta(seconds=20)}, ()),
        ({"status": "doing", "due": timedelta(hours=2), "heartbeat": timedelta(seconds=130)}, ("jobs_stalled",)),
        ({"status": "doing", "due": timedelta(hours=2)}, ("jobs_stalled",)),
        ({"status": "failed", "due": timedelta(hours=2)}, ()),
    ],
    ids=["soon", "waits", "later", "at work", "worker silent", "worker gone", "failed"],
)
def test_jobs_that_stand_still_are_a_problem(job: dict[str, Any], problems: tuple[str, ...]) -> None:
    _job(**job)
    assert health.examine(now=NOW).problems == problems


def test_what_failed_is_counted() -> None:
    _job(status="failed", due=timedelta(hours=2))
    assert health.examine(now=NOW).failed_jobs == 1


@pytest.mark.parametrize(("limit", "age", "problems"), [(0, 900, ()), (60, 59, ()), (60, 61, ("no_mail",))])
def test_silence_is_a_problem_when_a_limit_is_set(
    settings: Settings, limit: int, age: int, problems: tuple[str, ...]
) -> None:
    settings.MAIL_SILENCE_MINUTES = limit
    _mail(timedelta(minutes=age))
    found = health.examine(now=NOW)
    assert (found.last_mail_seconds, found.problems) == (age * 60, problems)


def test_a_problem_is_told_by_the_status(client: Client) -> None:
    _job(due=timedelta(hours=1))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["jobs_wait"])


def test_a_lost_database_is_an_answer_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = client.get("/health")
    monkeypatch.undo()
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database"])
