"""/health says what a monitor must know, and to strangers only whether all is well."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django.fixtures import Settings

from sportello.accounts.enums import Act, Role
from sportello.accounts.models import AuditEntry
from sportello.core.errors import Refused
from sportello.intake.actions import refuse_held
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door, InboundState, OutboundKind, OutboundState
from sportello.mail.models import InboundMail, OutboundMail
from sportello.watch import actions, beating, failures, queries
from sportello.watch.enums import Cause, Work
from sportello.watch.models import Pulse
from sportello.watch.rules import Problem
from sportello.watch.words import in_english
from tests.factories import make_mailbox, make_user
from tests.factories.jobs import make_failed_job
from tests.ports import free_port

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MAIL = b"From: anna@example.com\r\nTo: support@hosting.example\r\nSubject: Sito fermo\r\n\r\nAiuto\r\n"
TOKEN = "a-token-for-monitoring"


def _words(now: datetime | None = None) -> list[str]:
    found = queries.examine(now=now or datetime.now(UTC))
    return [str(problem.cause) for problem in found.problems]


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
    store_inbound(raw=MAIL, mailbox=make_mailbox(), door=Door.LMTP, envelope_from="", envelope_to="", now=NOW - age)


def _outbound(state: OutboundState, *, due: timedelta, words: str = "", sent: timedelta | None = None) -> OutboundMail:
    now = datetime.now(UTC)
    return OutboundMail.objects.create(
        mailbox=make_mailbox(f"m{OutboundMail.objects.count()}@hosting.example"),
        kind=OutboundKind.REPLY,
        message_id=f"<{OutboundMail.objects.count()}@hosting.example>",
        to="anna@example.com",
        subject="x",
        text="x",
        created_at=now - due,
        not_before=now - due,
        state=state,
        last_answer=words,
        next_attempt_at=now + timedelta(hours=1) if state == OutboundState.DEFERRED else None,
        sent_at=None if sent is None else now - sent,
    )


def _processes(**silent: int) -> None:
    """One process of each kind, began ten minutes ago, with its last sign so many seconds ago."""
    for work in Work:
        seconds = silent.get(work.name.lower(), 1)
        actions.beat(work=work, node="a", process="1@1", trouble="", figures={})
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE watch_pulse SET began_at = now() - interval '10 minutes', beat_at = now() - make_interval(secs => %s) WHERE work = %s",
                [seconds, work],
            )


def test_strangers_learn_only_whether_all_is_well(client: Client) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert "no-store" in answer["Cache-Control"]
    _job(due=timedelta(hours=1))
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (503, {"status": "failing"})
    assert client.get("/metrics").status_code == 404


def test_the_token_opens_details_and_figures(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    _job(due=timedelta(hours=1))
    answer = client.get("/health", headers={"authorization": f"Bearer {TOKEN}"}).json()
    assert answer["problems"] == ["jobs_wait"]
    assert answer["causes"][0]["sentence"].startswith("Work waits longer than it should.")
    figures = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'sportello_problem{cause="jobs_wait"} 1.0' in figures
    assert "sportello_healthy 0.0" in figures
    for wrong in ("", "Bearer ", f"Bearer {TOKEN}x", TOKEN):
        assert client.get("/metrics", headers={"authorization": wrong}).status_code == 404
        assert client.get("/health", headers={"authorization": wrong}).json() == {"status": "failing"}


def test_two_nodes_with_different_secret_keys_are_noticed(settings: Settings) -> None:
    """What one signs, the other refused, and nobody was told why."""
    _processes()
    ours = settings.SECRET_KEY
    settings.SECRET_KEY = "of-another-machine-" * 3
    actions.beat(work=Work.WEB, node="b", process="2@2", trouble="", figures={})
    assert [(problem.cause, problem.where) for problem in queries.examine(now=datetime.now(UTC)).problems] == [
        ("keys_differ", "b")
    ]
    settings.SECRET_KEY = ours
    actions.beat(work=Work.WEB, node="b", process="2@2", trouble="", figures={})
    assert _words() == []


@pytest.mark.parametrize(
    ("job", "problems"),
    [
        ({"due": timedelta(seconds=80)}, []),
        ({"due": timedelta(seconds=100)}, ["jobs_wait"]),
        ({"due": timedelta(seconds=-3600)}, []),
        ({"status": "doing", "due": timedelta(hours=2), "heartbeat": timedelta(seconds=20)}, []),
        ({"status": "doing", "due": timedelta(hours=2), "heartbeat": timedelta(seconds=70)}, ["jobs_stalled"]),
        ({"status": "doing", "due": timedelta(hours=2)}, ["jobs_stalled"]),
        ({"status": "failed", "due": timedelta(hours=2)}, []),
    ],
    ids=["soon", "waits", "later", "at work", "worker silent", "worker gone", "failed"],
)
def test_r28_jobs_that_stand_still_are_a_problem(job: dict[str, Any], problems: list[str]) -> None:
    _job(**job)
    assert _words() == problems


def test_work_that_failed_within_the_hour_is_a_problem_with_its_name(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN
    make_failed_job("mail.deliver", ago=timedelta(minutes=50))
    make_failed_job("mail.deliver", ago=timedelta(minutes=3))
    make_failed_job("long.ago", ago=timedelta(minutes=61))
    answer = client.get("/health", headers={"authorization": f"Bearer {TOKEN}"}).json()
    assert (answer["problems"], answer["failed_jobs"]) == (["jobs_failed"], 3)
    assert [cause["task"] for cause in answer["causes"]] == ["mail.deliver"]
    assert answer["causes"][0]["sentence"].startswith("Work has failed for good. (mail.deliver) See")
    figures = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'sportello_problem{cause="jobs_failed"} 1.0' in figures
    assert 'sportello_jobs_failed{task="mail.deliver"} 2.0' in figures


def test_an_administrator_does_failed_work_again_or_sets_it_aside_and_health_is_well() -> None:
    admin, agent = make_user(role=Role.ADMIN), make_user()
    job, given_up = (make_failed_job(task, ago=timedelta(minutes=3)) for task in ("mail.deliver", "mail.fetch"))
    sibling = make_failed_job("clock.sweep", ago=timedelta(minutes=3), lock="clock.sweep")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('x', 'y', 'clock.sweep')"
        )
    assert _words() == ["jobs_failed"] * 3
    with pytest.raises(Refused) as refusal:
        failures.do_again(task="mail.deliver", by=agent, now=NOW, address=None)
    assert refusal.value.code == "admin-only"
    assert failures.do_again(task="mail.deliver", by=admin, now=NOW, address=None) == 1
    assert failures.do_again(task="clock.sweep", by=admin, now=NOW, address=None) == 1
    assert failures.set_aside(task="mail.fetch", by=admin, now=NOW, address=None) == 1
    assert failures.set_aside(task="mail.fetch", by=admin, now=NOW, address=None) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status FROM procrastinate_jobs WHERE id = ANY(%s)", [[job, given_up, sibling]])
        assert cursor.fetchall() == [(job, "todo")]
    assert "jobs_failed" not in _words()
    assert AuditEntry.objects.filter(act__in=(Act.JOBS_AGAIN, Act.JOBS_SET_ASIDE), actor=admin).count() == 3


@pytest.mark.parametrize(("limit", "age", "problems"), [(0, 900, []), (60, 59, []), (60, 61, ["no_mail"])])
def test_silence_is_a_problem_when_a_limit_is_set(
    settings: Settings, limit: int, age: int, problems: list[str]
) -> None:
    settings.MAIL_SILENCE_MINUTES = limit
    _mail(timedelta(minutes=age))
    assert _words(NOW) == problems


def test_a_mail_that_could_not_be_filed_is_a_problem_until_somebody_has_looked_at_it() -> None:
    """A fault found: it was a figure in a column at the side, and health was well."""
    _mail(timedelta(hours=2))
    InboundMail.objects.update(state=InboundState.FAILED, processed_at=NOW - timedelta(hours=1))
    assert queries.examine(now=NOW).problems == (Problem(Cause.MAILS_FAILED, NOW - timedelta(hours=1)),)
    refuse_held(inbound=InboundMail.objects.get(), by=make_user(), now=NOW)
    assert _words(NOW) == []


def test_r28_every_process_is_missed_when_it_gives_no_sign() -> None:
    _processes()
    assert _words() == []
    _processes(worker=50)
    assert _words() == ["worker"]
    _processes(live=50, door=50)
    assert _words() == ["live", "mail_door"]
    _processes(web=50, worker=50, live=50, door=50)
    assert _words() == ["database_unwritable"]


def test_a_desk_that_was_stopped_is_not_blamed_on_the_disk_of_its_database() -> None:
    """A fault found: after `systemctl stop` the doctor, which is no process of the desk, said that nobody succeeds in writing."""
    _processes(web=50, worker=50, live=50, door=50)
    found = queries.examine(now=datetime.now(UTC), by_a_process=False).problems
    assert [str(problem.cause) for problem in found] == ["web", "live", "worker", "mail_door"]


def test_a_kind_of_process_that_was_never_there_is_missed_once_the_house_has_settled() -> None:
    _processes()
    Pulse.objects.filter(work=Work.WORKER).delete()
    assert _words() == ["worker"]
    Pulse.objects.update(began_at=datetime.now(UTC) - timedelta(seconds=20))
    assert _words() == []


def test_a_machine_that_was_taken_away_is_forgotten_where_others_do_its_work() -> None:
    _processes(worker=7200)
    actions.beat(work=Work.WORKER, node="b", process="1@1", trouble="", figures={})
    assert _words() == []


def test_what_one_process_sees_is_everybodys_problem() -> None:
    _processes()
    actions.beat(work=Work.WORKER, node="a", process="1@1", trouble="files_full", figures={})
    Pulse.objects.filter(work=Work.WEB).update(clock_ahead=-7.5)
    assert _words() == ["clock", "files_full"]


def test_two_processes_of_a_machine_that_see_the_same_name_it_once() -> None:
    _processes()
    for work in (Work.WEB, Work.WORKER):
        actions.beat(work=work, node="a", process="1@1", trouble="files_unwritable", figures={})
    assert _words() == ["files_unwritable"]


def test_r28_a_mail_server_that_takes_nothing_is_a_problem_and_one_slow_recipient_is_not() -> None:
    waiting = _outbound(OutboundState.DEFERRED, due=timedelta(seconds=90), words="Connection refused")
    assert _words() == ["outbox"]
    _outbound(OutboundState.SENT, due=timedelta(seconds=20), sent=timedelta(seconds=10))
    assert _words() == []
    OutboundMail.objects.filter(pk=waiting.pk).update(not_before=datetime.now(UTC) - timedelta(hours=5))
    assert _words() == ["outbox"]


def test_a_backup_too_old_or_missing_is_a_problem_where_one_is_configured(settings: Settings) -> None:
    assert _words() == []
    settings.BACKUP_MAX_HOURS, settings.HAS_BACKUP_STORE = 26, True
    assert _words() == ["backup"]
    now = datetime.now(UTC)
    actions.note_backup(snapshot="abc", moment=now - timedelta(hours=25), rows=1, files=1, now=now)
    assert _words() == []
    actions.note_backup(snapshot="abc", moment=now - timedelta(hours=27), rows=1, files=1, now=now)
    assert _words() == ["backup"]


def test_a_desk_of_which_nobody_takes_a_backup_is_told_after_its_first_day(settings: Settings) -> None:
    """A fault found: without a store there was no limit either, and a desk without any backup was healthy for ever."""
    begun = make_user().created_at
    settings.HAS_BACKUP_STORE = False
    said = []
    for hours, limit in ((23, 26), (25, 26), (25, 0)):
        settings.BACKUP_MAX_HOURS = limit
        said.append(_words(begun + timedelta(hours=hours)))
    assert said == [[], ["no_backup"], []]
    settings.BACKUP_MAX_HOURS = 26
    later = begun + timedelta(hours=25)
    actions.note_backup(snapshot="of another machine", moment=later, rows=1, files=1, now=later)
    assert _words(later) == []


def test_r25_a_backup_that_failed_is_told_at_once_and_until_there_is_a_good_one(settings: Settings) -> None:
    """A fault found: it was told when the last good one was 26 hours old."""
    settings.BACKUP_MAX_HOURS, settings.HAS_BACKUP_STORE = 26, True
    now = datetime.now(UTC)
    actions.note_failed_backup(why="the disk is full", now=now)
    assert _words() == ["backup", "backup_failed"]
    actions.note_backup(snapshot="abc", moment=now, rows=1, files=1, now=now)
    assert _words() == []
    actions.note_failed_backup(why="the disk is full", now=now)
    assert _words() == ["backup_failed"]


def test_r25_a_backup_that_does_not_come_back_on_trial_is_told_until_one_does(settings: Settings) -> None:
    settings.BACKUP_MAX_HOURS = 0
    now = datetime.now(UTC)
    actions.note_restore(snapshot="abc", moment=now, seconds=12, now=now)
    assert _words() == []
    actions.note_failed_restore(why="The restored table x is not the one that was saved", now=now)
    assert _words() == ["restore_failed"]
    actions.note_restore(snapshot="abc", moment=now, seconds=12, now=now)
    assert _words() == []


def test_r25_a_database_that_a_restore_has_half_filled_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA sportello_restore")
    assert _words() == ["restoring"]


def test_r12_a_database_that_sorts_otherwise_than_its_indexes_is_named() -> None:
    """Where its rules have a version at all: "C" has none."""
    actual = (
        "SELECT count(pg_database_collation_actual_version(oid)) FROM pg_database WHERE datname = current_database()"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_database SET datcollversion = 'of another machine' WHERE datname = current_database()"
        )
        cursor.execute(actual)
        (has_one,) = cursor.fetchone()
    assert _words() == ["collation"] * has_one


def test_a_lost_database_is_an_answer_too(client: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.METRICS_TOKEN = TOKEN
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
    answer = client.get("/health", headers={"authorization": f"Bearer {TOKEN}"})
    monkeypatch.undo()
    assert (answer.status_code, answer.json()["problems"]) == (503, ["database"])


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Called, the database is away until the test ends."""
    monkeypatch.setattr(queries, "_last_look", queries._LastLook())

    def lose() -> None:
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")

    return lose


@pytest.mark.django_db(transaction=True)
def test_r04_a_database_that_went_away_while_its_disk_was_full_is_named_so(lost: Callable[[], None]) -> None:
    """A fault found: a server whose write-ahead log finds no room ends itself, and health said that it does not answer."""
    _processes(web=1, live=1, worker=1)
    actions.beat(work=Work.DOOR, node="a", process="1@1", trouble=Cause.DATABASE_FULL, figures={})
    assert _words() == ["database_full"]
    lost()
    assert _words() == ["database_full"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("needed", "said"), [(0, "database"), (1 << 60, "database_full")])
def test_r04_an_embedded_database_that_is_away_is_called_full_where_its_disk_is(
    lost: Callable[[], None],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    needed: int,
    said: str,
) -> None:
    settings.EMBEDDED_DATABASE = tmp_path
    monkeypatch.setattr(queries, "WAL_SEGMENT_BYTES", needed)
    lost()
    assert _words() == [said]


@pytest.mark.django_db(transaction=True)
def test_r04_a_page_process_that_heard_of_a_full_disk_says_so_although_it_can_write_no_sign(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "disk_is_full", lambda: True)
    assert _words() == ["database_full"]


@pytest.mark.django_db(transaction=True)
def test_a_database_that_does_not_answer_in_time_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_FACTS", "SELECT pg_sleep(30) -- %(now)s %(stalled)s")
    monkeypatch.setattr(queries, "ASKED_SECONDS", 1)
    assert _words() == ["database_slow"]


def test_r28_a_database_that_can_only_be_read_is_named() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert _words() == ["database_read_only"]


def test_rows_of_processes_that_ended_here_are_cleared_away() -> None:
    mine = actions.process_name()
    actions.beat(work=Work.WORKER, node="a", process="999999@1", trouble="", figures={})
    actions.beat(work=Work.WORKER, node="b", process="999999@1", trouble="", figures={})
    actions.beat(work=Work.WORKER, node="a", process=mine, trouble="", figures={})
    assert sorted(Pulse.objects.values_list("node", "process")) == [("a", mine), ("b", "999999@1")]


def test_since_when_a_process_is_silent_is_the_same_at_every_look() -> None:
    _processes(worker=50)
    looks = [queries.examine(now=datetime.now(UTC)).problems for _ in range(3)]
    assert looks == [(Problem(Cause.WORKER, Pulse.objects.get(work=Work.WORKER).beat_at, "a"),)] * 3


@pytest.mark.parametrize(("together", "said"), [(True, "sportello up"), (False, "systemctl restart sportello@worker")])
def test_what_to_do_about_a_silent_process_fits_how_it_was_started(
    together: bool, said: str, settings: Settings
) -> None:
    settings.TOGETHER = together
    assert said in in_english(Cause.WORKER)[1]
    assert "sportello backup" in in_english(Cause.BACKUP)[1]


@pytest.mark.parametrize("proof", [beating.greets, beating.answers])
def test_a_healthy_start_warns_of_nothing_and_a_process_that_does_not_come_up_does(
    proof: Callable[[str, int], beating.Proof], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: the first look came before the process listened, and every first start logged two warnings."""
    listens = proof("127.0.0.1", free_port())
    warned = []
    for may_take in (beating.COMES_UP_SECONDS, 0.0):
        monkeypatch.setattr(beating, "COMES_UP_SECONDS", may_take)
        assert not listens()
        warned.append([record.levelname for record in caplog.records if record.levelno >= logging.WARNING])
    assert warned == [[], ["WARNING"]]
