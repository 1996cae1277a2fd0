"""The ladder: five minutes left, two minutes left, missed; and who hears it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from threading import Thread
from typing import ClassVar

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from sportello.core import reach
from sportello.mail.enums import OutboundKind
from sportello.mail.models import OutboundMail
from sportello.tickets import actions
from sportello.tickets.enums import Channel, EventKind
from sportello.tickets.models import Ticket
from sportello.triage.enums import AlarmStep
from tests.factories import NOW, make_contact, make_mailbox, make_ticket, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def rung(ticket: Ticket) -> list[str]:
    return [event.data["step"] for event in ticket.events.filter(kind=EventKind.ALARM_FIRED).order_by("pk")]


def fire(ticket: Ticket, *moments: datetime) -> None:
    for moment in moments:
        actions.fire_alarms(now=moment)
    ticket.refresh_from_db()


def test_each_step_rings_once_at_its_time() -> None:
    ticket = make_ticket()

    fire(ticket, NOW + 4 * MINUTE)
    assert rung(ticket) == []

    fire(ticket, *(NOW + n * MINUTE / 4 for n in range(60)))
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT, AlarmStep.TWO_MINUTES_LEFT, AlarmStep.MISSED]
    assert ticket.alarm_at is None


def test_after_a_sleep_only_the_latest_step_rings() -> None:
    ticket = make_ticket()

    fire(ticket, NOW + timedelta(hours=8))

    assert rung(ticket) == [AlarmStep.MISSED]


def test_r20_after_six_hours_of_sleep_each_overdue_ticket_rings_once_and_then_never_again() -> None:
    tickets = [make_ticket(now=NOW + n * 8 * MINUTE) for n in range(40)]
    awake = NOW + timedelta(hours=6)
    for n in range(20):
        actions.fire_alarms(now=awake + n * MINUTE / 4)
    assert [rung(ticket) for ticket in tickets] == [[AlarmStep.MISSED]] * len(tickets)


def test_r18_a_clock_that_jumps_rings_nothing_early_and_nothing_twice() -> None:
    ticket = make_ticket()
    hour, day = timedelta(hours=1), timedelta(days=1)
    fire(ticket, NOW - day, NOW - hour, NOW + 4 * MINUTE, NOW - hour)
    assert rung(ticket) == []
    fire(ticket, NOW + 6 * MINUTE, NOW - day, NOW + 6 * MINUTE)
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT]
    fire(ticket, NOW + day, NOW - day, NOW + 9 * MINUTE, NOW + day)
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT, AlarmStep.MISSED]


def test_many_alarms_at_once_are_told_in_small_transactions() -> None:
    """After a sleep 1,650 were due: two hundred with their mails in one transaction were told to nobody for minutes."""
    mailbox = make_mailbox()
    make_user()
    tickets = [make_ticket(mailbox=mailbox) for _ in range(60)]
    with CaptureQueriesContext(connection) as asked:
        assert actions.fire_alarms(now=NOW + timedelta(hours=8)) == 60
    assert sum("FOR NO KEY UPDATE" in query["sql"] for query in asked) == 2
    assert [rung(ticket) for ticket in tickets] == [[AlarmStep.MISSED]] * 60
    assert OutboundMail.objects.filter(kind=OutboundKind.ALARM).count() == 2


def test_an_answered_ticket_is_silent_and_a_new_due_time_has_a_new_ladder() -> None:
    ticket = make_ticket()
    fire(ticket, NOW + 6 * MINUTE)
    actions.reply(ticket=ticket, text="Ok", by=make_user(), now=NOW + 7 * MINUTE, seen_version=1)
    fire(ticket, NOW + 30 * MINUTE)
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT]

    actions.add_message(ticket=ticket, text="E?", now=NOW + 31 * MINUTE, channel=Channel.MAIL, contact=ticket.contact)
    fire(ticket, NOW + 86 * MINUTE)
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT, AlarmStep.FIVE_MINUTES_LEFT]


def test_an_answer_taken_back_does_not_ring_again_what_has_rung() -> None:
    ticket, agent = make_ticket(), make_user()
    fire(ticket, NOW + 6 * MINUTE)
    message = actions.reply(ticket=ticket, text="Ops", by=agent, now=NOW + 7 * MINUTE, seen_version=1)
    actions.undo_reply(message=message, by=agent, now=NOW + 7 * MINUTE)

    fire(ticket, NOW + 7.5 * MINUTE)
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT]
    fire(ticket, NOW + 8 * MINUTE)
    assert rung(ticket) == [AlarmStep.FIVE_MINUTES_LEFT, AlarmStep.TWO_MINUTES_LEFT]


def test_the_assignee_is_mailed_two_minutes_before_and_not_earlier(settings: Settings) -> None:
    settings.ALARM_MAIL = "turno@provider.example"
    ticket, agent = make_ticket(mailbox=make_mailbox()), make_user(email="giulia@provider.example")
    actions.assign(ticket=ticket, to=agent, by=None, now=NOW)

    fire(ticket, NOW + 5 * MINUTE)
    assert not OutboundMail.objects.exists()

    fire(ticket, NOW + 8 * MINUTE)
    mails = OutboundMail.objects.order_by("to")
    assert [(mail.to, mail.kind, mail.automatic) for mail in mails] == [
        ("giulia@provider.example", OutboundKind.ALARM, True),
        ("turno@provider.example", OutboundKind.ALARM, True),
    ]
    assert str(ticket.number) in mails[0].subject


def test_the_webhook_is_told_only_when_it_is_too_late_and_only_if_there_is_one(settings: Settings) -> None:
    ticket = make_ticket()
    settings.ALARM_WEBHOOK_URL = "https://alarm.example/hook"

    fire(ticket, NOW + 8 * MINUTE)
    assert not ProcrastinateJob.objects.filter(task_name="sportello.tickets.post_alarm").exists()

    fire(ticket, NOW + 10 * MINUTE)
    job = ProcrastinateJob.objects.get(task_name="sportello.tickets.post_alarm")
    assert job.args == {"ticket_id": ticket.pk, "step": "missed", "due_at": (NOW + 10 * MINUTE).isoformat()}


class Hook(BaseHTTPRequestHandler):
    """A duty officer's program: keeps what it was told."""

    told: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    answer: ClassVar[int] = 204

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.append((dict(self.headers), body))
        self.send_response(self.answer)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Silence."""


@pytest.fixture
def hook(settings: Settings) -> Iterator[type[Hook]]:
    server = HTTPServer(("127.0.0.1", 0), Hook)
    Hook.told.clear()
    Hook.answer = 204
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.ALARM_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/hook"
    settings.ALARM_WEBHOOK_NETWORKS = (ip_network("127.0.0.0/8"),)
    settings.ALARM_WEBHOOK_SECRET = "sale"
    yield Hook
    server.shutdown()
    thread.join()
    server.server_close()


def test_s41_the_webhook_gets_what_a_duty_officer_needs_signed(hook: type[Hook]) -> None:
    ticket = make_ticket(contact=make_contact("Laura"))

    actions.post_alarm(ticket=ticket, step="missed", due_at="2026-03-04T10:02:00+00:00")

    ((headers, body),) = hook.told
    told = json.loads(body)
    assert (told["alarm"], told["number"], told["subject"]) == ("missed", ticket.number, ticket.subject)
    assert told["address"].endswith(f"/desk/tickets/{ticket.public_id}")
    assert headers["X-Sportello-Signature"].startswith("sha256=")


def test_a_webhook_that_fails_is_tried_again(hook: type[Hook]) -> None:
    hook.answer = 500

    with pytest.raises(reach.Unreachable, match="500"):
        actions.post_alarm(ticket=make_ticket(), step="missed", due_at="2026-03-04T10:02:00+00:00")


def test_s41_a_webhook_inside_the_network_is_refused_unless_allowed(hook: type[Hook], settings: Settings) -> None:
    settings.ALARM_WEBHOOK_NETWORKS = ()

    with pytest.raises(reach.NotAllowed):
        actions.post_alarm(ticket=make_ticket(), step="missed", due_at="2026-03-04T10:02:00+00:00")
    assert hook.told == []
