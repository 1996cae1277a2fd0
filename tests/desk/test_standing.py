"""The standing alarm: what keeps mail from flowing is said on every page until it is mended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import strip_tags
from procrastinate.contrib.django import app

from sportello.accounts.enums import Role
from sportello.core import clock
from sportello.desk.house import health
from sportello.desk.standing import troubles
from sportello.mail.enums import ImapMode
from sportello.mail.models import ImapAccount, Mailbox, SelfTest
from sportello.mail.queries.standing import MailStanding, mail_standing
from sportello.watch.actions import note_backup, note_failed_backup, note_failed_restore, note_restore
from sportello.watch.enums import Cause
from sportello.watch.queries import examine, now_standing
from sportello.watch.rules import Problem
from tests.factories import make_mailbox, make_user

pytestmark = pytest.mark.django_db
LOST = "Our own test mail does not come back"


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture(autouse=True)
def _no_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def _test(mailbox: Mailbox, started: datetime, *, arrived: bool) -> None:
    SelfTest.objects.create(mailbox=mailbox, started_at=started, arrived_at=started if arrived else None)


def _ago(now: datetime, minutes: int) -> datetime:
    return now - timedelta(minutes=minutes)


def _said(now: datetime) -> list[str]:
    return [trouble.words for trouble in troubles(_found(mail_standing(now=now), now))]


def _found(standing: MailStanding, now: datetime) -> tuple[Problem, ...]:
    return now_standing(standing, (), now=now)


def _standing(**since: datetime) -> MailStanding:
    nothing: dict[str, Any] = {
        "last_mail_at": None,
        "oldest_job_at": None,
        "test_lost_since": None,
        "imap_failing_since": None,
    }
    return MailStanding(held=0, held_since=None, decide_by=None, failed=0, **{**nothing, **since})


# -- our own test mail ---------------------------------------------------------------------------------------------------
def test_a_test_that_is_on_its_way_is_no_trouble(now: datetime) -> None:
    mailbox = make_mailbox()
    _test(mailbox, _ago(now, 7), arrived=True)
    _test(mailbox, _ago(now, 2), arrived=False)
    assert _said(now) == []


def test_trouble_began_with_the_first_test_that_was_lost(now: datetime) -> None:
    mailbox = make_mailbox()
    _test(mailbox, _ago(now, 17), arrived=True)
    _test(mailbox, _ago(now, 12), arrived=False)
    _test(mailbox, _ago(now, 7), arrived=False)
    assert mail_standing(now=now).test_lost_since == _ago(now, 12)


def test_a_later_test_that_came_back_ends_the_trouble(now: datetime) -> None:
    mailbox = make_mailbox()
    _test(mailbox, _ago(now, 12), arrived=False)
    _test(mailbox, _ago(now, 7), arrived=True)
    assert _said(now) == []


def test_one_mailbox_that_works_does_not_hide_another_that_does_not(now: datetime) -> None:
    _test(make_mailbox(), _ago(now, 7), arrived=True)
    _test(make_mailbox(), _ago(now, 7), arrived=False)
    assert len(_said(now)) == 1


def test_a_mailbox_that_was_closed_troubles_nobody(now: datetime) -> None:
    mailbox = make_mailbox()
    _test(mailbox, _ago(now, 7), arrived=False)
    Mailbox.objects.update(is_active=False)
    assert _said(now) == []


# -- jobs, IMAP, silence -------------------------------------------------------------------------------------------------
def test_a_job_that_is_due_and_that_nobody_does_is_seen(now: datetime) -> None:
    app.configure_task("sportello.mail.deliver", schedule_at=_ago(now, 9)).defer(outbound_id=1)
    app.configure_task("sportello.mail.deliver", schedule_at=now + timedelta(hours=1)).defer(outbound_id=2)
    standing = mail_standing(now=now)
    assert standing.oldest_job_at == _ago(now, 9)
    assert [trouble.since for trouble in troubles(_found(standing, now))] == [_ago(now, 9)]


def test_a_job_that_waits_for_a_moment_is_no_trouble(now: datetime) -> None:
    assert _found(_standing(oldest_job_at=_ago(now, 1)), now) == ()


def test_an_account_that_cannot_be_fetched_is_seen_unless_it_is_switched_off(now: datetime) -> None:
    columns = {
        "mailbox": make_mailbox(),
        "host": "imap.example",
        "username": "info",
        "secret": "INFO",
        "since": date(2026, 1, 1),
    }
    account = ImapAccount.objects.create(**columns, failing_since=_ago(now, 30))
    assert mail_standing(now=now).imap_failing_since == _ago(now, 30)
    ImapAccount.objects.filter(pk=account.pk).update(mode=ImapMode.OFF)
    assert mail_standing(now=now).imap_failing_since is None


def test_silence_is_trouble_only_where_somebody_says_how_long_it_may_last(now: datetime, settings: Any) -> None:
    standing = _standing(last_mail_at=_ago(now, 90))
    settings.MAIL_SILENCE_MINUTES = 0
    assert _found(standing, now) == ()
    settings.MAIL_SILENCE_MINUTES = 60
    assert _found(standing, now) == (Problem(Cause.NO_MAIL, _ago(now, 90)),)


def test_a_desk_without_any_mail_yet_is_silent_since_it_was_begun(settings: Any) -> None:
    settings.MAIL_SILENCE_MINUTES = 60
    begun = make_user().created_at
    for minutes, problems in ((59, ()), (61, (Problem(Cause.NO_MAIL, begun),))):
        at = begun + timedelta(minutes=minutes)
        assert _found(mail_standing(now=at), at) == problems


@pytest.mark.parametrize("seconds", [59, 61, 89, 91, 119, 121])
def test_the_desk_finds_a_problem_in_the_very_second_in_which_health_does(seconds: int, now: datetime) -> None:
    """A fault found: for half a minute health was bad, and the settings said that mail flows."""
    since = now - timedelta(seconds=seconds)
    app.configure_task("sportello.mail.deliver", schedule_at=since).defer(outbound_id=1)
    ImapAccount.objects.create(mailbox=make_mailbox(), host="imap.example", username="info", secret="INFO", since=date(2026, 1, 1),
                               failing_since=since)  # fmt: skip
    of_health = [problem.cause for problem in examine(now=now).problems]
    assert len(of_health) == (seconds > 60) + (seconds > 90)
    assert [problem.cause for problem in health(now=now).problems] == of_health


# -- what health has found ------------------------------------------------------------------------------------------------
def test_each_cause_is_said_once_with_its_machines_and_its_beginning(now: datetime) -> None:
    full, silent = Cause.FILES_FULL, Cause.WORKER
    with translation.override("en"):
        found = troubles(
            [
                Problem(silent, _ago(now, 3), "web-1"),
                Problem(full, None, "web-1"),
                Problem(silent, _ago(now, 5), "web-2"),
                Problem(full, None, "web-1"),
            ]
        )
    assert [(trouble.where, trouble.since) for trouble in found] == [
        ("web-1, web-2", _ago(now, 5)),
        ("web-1", None),
    ]
    assert found[0].words.startswith("Mails are not being read or sent: a worker gives no sign. Start it:")


def test_work_that_failed_is_told_by_its_name_to_administrators_alone() -> None:
    failed = [
        Problem(Cause.JOBS_FAILED, None, task="mail.deliver"),
        Problem(Cause.JOBS_FAILED, None, task="mail.fetch"),
    ]
    assert [trouble.where for trouble in troubles(failed)] == ["mail.deliver, mail.fetch"]
    assert troubles(failed, administers=False) == []


def test_what_a_page_has_read_itself_takes_the_place_of_what_was_found_at_the_last_look(now: datetime) -> None:
    latest = (Problem(Cause.JOBS_WAIT, _ago(now, 5)), Problem(Cause.FILES_FULL, None, "web-1"))
    assert now_standing(_standing(), latest, now=now) == latest[1:]
    restoring = (Problem(Cause.RESTORING),)
    assert now_standing(_standing(oldest_job_at=_ago(now, 5)), restoring, now=now) == restoring


def test_the_settings_say_what_the_banner_says_and_never_that_all_is_well_beside_it(now: datetime) -> None:
    house = replace(health(now=now), problems=(Problem(Cause.FILES_UNWRITABLE, None, "web-2"),))
    with translation.override("en"):
        page = render_to_string("desk/settings/health.html", {"health": house})
    assert "The file store cannot be written to" in page
    assert "web-2" in page
    assert "Mail flows" not in page


def test_the_settings_say_how_the_backup_stands(now: datetime, settings: Any) -> None:
    """A fault found: nothing on the desk told whether there is a good one."""

    def said() -> str:
        with translation.override("en"):
            page = render_to_string("desk/settings/health.html", {"health": health(now=now)})
        return " ".join(strip_tags(page.replace("<", " <")).split())

    settings.BACKUP_MAX_HOURS, settings.HAS_BACKUP_STORE = 26, False
    assert "Backup none is set up Set SPORTELLO_BACKUP_REPOSITORY" in said()
    settings.HAS_BACKUP_STORE = True
    assert "Backup none yet Run sportello backup" in said()
    settings.BACKUP_MAX_HOURS = 0
    assert "Backup left to others" in said()
    note_backup(snapshot="abc", moment=_ago(now, 60), rows=1, files=7, missing=2, now=now)
    assert "Backup there is a good one the last good one of" in said()
    assert "7 files not whole 2 were missing in the file store" in said()
    assert said().endswith("never restored on trial: run sportello restore --test, or enable its timer")
    note_failed_backup(why="the disk is full", now=now)
    assert ": the disk is full" in said()
    note_restore(snapshot="abc", moment=_ago(now, 60), seconds=75, now=now)
    assert said().endswith(", in 75 seconds")
    note_failed_restore(why="no room", now=now)
    assert said().endswith(": no room")


# -- on the desk ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("role", "advice"), [(Role.ADMIN, "What is wrong?"), (Role.AGENT, "Tell an administrator.")])
def test_every_page_of_the_desk_says_it(now: datetime, role: Role, advice: str) -> None:
    client = Client()
    client.force_login(make_user(role=role, language="en"))
    _test(make_mailbox(), _ago(now, 7), arrived=False)
    for name in ("desk:queue", "desk:mails", "desk:customers"):
        page = client.get(reverse(name)).content.decode()
        assert LOST in page
        assert advice in page
    assert LOST in client.get(reverse("desk:figures")).content.decode()


def test_a_house_in_order_says_nothing(now: datetime) -> None:
    client = Client()
    client.force_login(make_user(role=Role.ADMIN, language="en"))
    assert LOST not in client.get(reverse("desk:queue")).content.decode()
    assert "Mail flows, and nothing waits" in client.get(reverse("desk:settings")).content.decode()
