"""Planned work on a service: the first answer is due after it, and everybody reads so from its first minute on [one.patience]."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from sportello.core.ids import public_id
from sportello.intake.notifications import acknowledge
from sportello.services.actions import Quiet, ServiceFields, change_service, set_quiet
from sportello.services.enums import ServiceKind
from sportello.services.models import Server, Service
from sportello.tickets import actions
from sportello.tickets.enums import Channel, EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.queries.public import visible_to
from sportello.tickets.sentences import sentence
from tests.factories import make_contact, make_mailbox, make_server, make_service, make_ticket, make_user

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
PROMISED = NOW + 10 * MINUTE
WORK = public_id()

pytestmark = pytest.mark.django_db


@pytest.fixture
def service() -> Service:
    return make_service("negozio.example", server=make_server("web3"))


def asked(service: Service, now: datetime = NOW) -> Ticket:
    return make_ticket(contact=make_contact(customer=service.customer), service=service, now=now)


def work(service: Service, begins: timedelta, ends: timedelta, *, now: datetime = NOW) -> None:
    """Planned for its server at `now`; both from NOW on."""
    set_quiet(source=WORK, quiet=Quiet([service.server], [], NOW + begins, NOW + ends), now=now)  # type: ignore[list-item]  # it has one


def move(service: Service, now: datetime, *, server: Server | None = None) -> None:
    fields = ServiceFields(kind=ServiceKind(service.kind), name=service.name, server=server or make_server("web9"))
    change_service(service=service, fields=fields, by=make_user(), now=now, address=None)


def told(ticket: Ticket) -> list[str]:
    with translation.override("en"):
        return [sentence(event) for event in ticket.events.exclude(kind=EventKind.OPENED).order_by("pk")]


def due(ticket: Ticket) -> datetime | None:
    """As the customer reads it."""
    return visible_to(ticket.contact).get(pk=ticket.pk).due_at


def test_from_its_first_minute_the_due_time_is_the_one_after_it_and_the_history_says_why(service: Service) -> None:
    ticket, other = asked(service), asked(make_service())
    work(service, 5 * MINUTE, 2 * HOUR)
    assert actions.stand_still(now=NOW + 4 * MINUTE) == 0
    assert [actions.stand_still(now=NOW + 5 * MINUTE) for _again in range(2)] == [1, 0]
    assert (due(ticket), due(other)) == (NOW + 2 * HOUR + 5 * MINUTE, PROMISED)
    assert told(ticket) == ["planned work on the service: the clock of the answer stands still until 03/04/2026 noon"]
    ticket.refresh_from_db()
    assert ["clock.planned_work", {"until": (NOW + 2 * HOUR).isoformat()}] in ticket.reasons


def test_a_job_that_slept_through_it_reckons_it_all_the_same(service: Service) -> None:
    before, meanwhile, after = asked(service), asked(service, NOW + HOUR), asked(service, NOW + 3 * HOUR)
    work(service, 5 * MINUTE, 2 * HOUR)
    actions.stand_still(now=NOW + 6 * HOUR)
    assert [due(each) for each in (before, meanwhile, after)] == [
        NOW + 2 * HOUR + 5 * MINUTE,
        NOW + 2 * HOUR + 10 * MINUTE,
        NOW + 3 * HOUR + 10 * MINUTE,
    ]


@pytest.mark.parametrize("looked", [HOUR + MINUTE, 6 * HOUR], ids=["at once", "after a sleep"])
@pytest.mark.parametrize("change", ["called off", "shortened", "prolonged", "put off"])
def test_changed_while_it_is_under_way_it_ends_when_it_really_ends(
    service: Service, change: str, looked: timedelta
) -> None:
    ticket = asked(service)
    work(service, timedelta(), 2 * HOUR)
    actions.stand_still(now=NOW + MINUTE)
    match change:
        case "called off":
            set_quiet(source=WORK, quiet=None, now=NOW + HOUR)
        case "shortened":
            work(service, timedelta(), HOUR + 30 * MINUTE, now=NOW + HOUR)
        case "prolonged":
            work(service, timedelta(), 3 * HOUR, now=NOW + HOUR)
        case "put off":
            work(service, 20 * HOUR, 21 * HOUR, now=NOW + HOUR)
    actions.stand_still(now=NOW + looked)
    ended = {"called off": HOUR, "shortened": HOUR + 30 * MINUTE, "prolonged": 3 * HOUR, "put off": HOUR}[change]
    assert due(ticket) == PROMISED + ended
    assert len(told(ticket)) == 2
    ticket.refresh_from_db()
    assert ticket.alarm_at == PROMISED + ended - 5 * MINUTE


def test_called_off_before_it_began_nothing_has_stood_still(service: Service) -> None:
    ticket = asked(service)
    work(service, 5 * MINUTE, 2 * HOUR)
    set_quiet(source=WORK, quiet=None, now=NOW + MINUTE)
    assert actions.stand_still(now=NOW + HOUR) == 0
    assert due(ticket) == PROMISED


def test_a_promise_that_was_broken_before_it_stays_broken_and_no_answer_is_owed_twice(service: Service) -> None:
    late, answered = asked(service, NOW - HOUR), asked(service)
    actions.reply(ticket=answered, text="Ecco.", by=make_user(), seen_version=answered.version, now=NOW + MINUTE)
    work(service, 5 * MINUTE, 2 * HOUR)
    actions.stand_still(now=NOW + 6 * MINUTE)
    late.refresh_from_db()
    answered.refresh_from_db()
    assert (due(late), late.first_due_at) == (NOW - 50 * MINUTE, NOW - 50 * MINUTE)
    assert (due(answered), answered.first_due_at) == (None, PROMISED)


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_receipt_written_in_a_window_named_the_time_before_it(service: Service, language: str) -> None:
    work(service, -MINUTE, 2 * HOUR, now=NOW - HOUR)
    contact = make_contact(customer=service.customer, language=language)
    ticket = make_ticket(contact=contact, service=service, mailbox=make_mailbox(), now=NOW, language=language)
    assert due(ticket) == NOW + 2 * HOUR + 10 * MINUTE
    assert told(ticket) == ["planned work on the service: the clock of the answer stands still until 03/04/2026 noon"]
    receipt = acknowledge(ticket=ticket, now=NOW)
    assert receipt is not None
    assert {"it": "12:10", "en": "12:10"}[language] in receipt.text
    assert {"it": "manutenzione programmata fino", "en": "Planned maintenance is under way"}[language] in receipt.text
    assert actions.stand_still(now=NOW + MINUTE) == 0


def test_the_receipt_names_no_work_that_does_not_put_the_answer_off(service: Service) -> None:
    work(service, 2 * HOUR, 3 * HOUR, now=NOW - HOUR)
    contact = make_contact(customer=service.customer)
    ticket = make_ticket(contact=contact, service=service, mailbox=make_mailbox(), now=NOW)
    receipt = acknowledge(ticket=ticket, now=NOW)
    assert receipt is not None
    assert "manutenzione" not in receipt.text


def test_the_next_answer_waits_for_the_end_of_the_work_and_what_was_promised_by_the_hour_does_not(
    service: Service,
) -> None:
    agent, again, analysed = make_user(), asked(service), asked(service)
    for ticket in (again, analysed):
        actions.reply(ticket=ticket, text="Ecco.", by=agent, seen_version=ticket.version, now=NOW + MINUTE)
    actions.add_message(
        ticket=again, text="Ancora no", contact=again.contact, channel=Channel.MAIL, now=NOW + 2 * MINUTE
    )
    actions.start_analysis(ticket=analysed, next_update_at=NOW + HOUR, by=agent, now=NOW + 2 * MINUTE)
    work(service, 5 * MINUTE, 2 * HOUR)
    actions.stand_still(now=NOW + 5 * MINUTE)
    assert due(again) == NOW + 2 * HOUR + 57 * MINUTE
    assert due(analysed) == NOW + HOUR


def test_a_person_lets_the_clock_run_and_takes_it_back(service: Service) -> None:
    ticket, agent = asked(service), make_user()
    work(service, timedelta(), 2 * HOUR)
    actions.stand_still(now=NOW + MINUTE)
    for _twice in range(2):
        actions.run_through_work(ticket=ticket, by=agent, now=NOW + 2 * MINUTE)
    assert actions.stand_still(now=NOW + 3 * MINUTE) == 0
    assert due(ticket) == PROMISED
    actions.fire_alarms(now=NOW + 5 * MINUTE)
    assert ticket.events.filter(kind=EventKind.ALARM_FIRED).count() == 1

    actions.stand_still_again(ticket=ticket, by=agent, now=NOW + 6 * MINUTE)
    assert due(ticket) == NOW + 2 * HOUR + 10 * MINUTE
    kinds = ticket.events.filter(user=agent).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["runs_through_work", "stands_still_again"]


def test_said_to_be_about_another_service_its_clock_never_stood_still(service: Service) -> None:
    ticket = asked(service)
    work(service, timedelta(), 2 * HOUR)
    actions.stand_still(now=NOW + MINUTE)
    other = make_service("altro.example", customer=ticket.customer)
    ticket.refresh_from_db()
    actions.set_service(ticket=ticket, service=other, by=make_user(), now=NOW + 2 * MINUTE)
    assert actions.stand_still(now=NOW + 3 * MINUTE) == 0
    assert due(ticket) == PROMISED


def test_moved_to_another_server_in_its_window_the_clock_went_on_standing_still(service: Service) -> None:
    ticket = asked(service)
    work(service, timedelta(), 2 * HOUR)
    actions.stand_still(now=NOW + MINUTE)
    move(service, NOW + HOUR)
    actions.stand_still(now=NOW + HOUR)
    assert due(ticket) == PROMISED + HOUR
    set_quiet(source=WORK, quiet=None, now=NOW + HOUR + MINUTE)
    actions.stand_still(now=NOW + 3 * HOUR)
    assert due(ticket) == PROMISED + HOUR


def test_moved_after_its_window_what_stood_still_stays(service: Service) -> None:
    ticket = asked(service)
    work(service, timedelta(), 2 * HOUR)
    actions.stand_still(now=NOW + MINUTE)
    move(service, NOW + 2 * HOUR + 5 * MINUTE)
    actions.stand_still(now=NOW + 3 * HOUR)
    assert due(ticket) == PROMISED + 2 * HOUR


def test_moved_onto_a_server_that_is_worked_on_it_stands_still_until_the_end(service: Service) -> None:
    work(service, timedelta(), 2 * HOUR)
    other = make_service("altro.example", server=make_server("web4"))
    ticket = asked(other, NOW + HOUR)
    move(other, NOW + HOUR, server=service.server)
    actions.stand_still(now=NOW + HOUR + MINUTE)
    assert due(ticket) == PROMISED + 2 * HOUR


def test_what_is_read_each_minute_does_not_grow_with_the_tickets(service: Service) -> None:
    counts = []
    work(service, timedelta(), 2 * HOUR)
    for number in (1, 4):
        for _ticket in range(number):
            asked(service)
        actions.stand_still(now=NOW + MINUTE)
        with CaptureQueriesContext(connection) as captured:
            actions.stand_still(now=NOW + 2 * MINUTE)
        counts.append(len(captured))
    assert counts == [3, 3]
