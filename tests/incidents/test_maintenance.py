"""Planned maintenance: told to those it hits, once each, and silent in its window [one.patience] [promise.delay]."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.models import Contact, Customer
from sportello.incidents.actions import propose
from sportello.incidents.enums import NoticeKind
from sportello.incidents.models import Maintenance
from sportello.incidents.planned.actions import Plan, call_off, change_maintenance, plan_maintenance, tell_maintenance
from sportello.incidents.planned.queries import in_maintenance
from sportello.incidents.planned.rules import Window, kind_for, notices, trouble
from sportello.mail.models import OutboundMail
from sportello.services.models import Server, Service
from sportello.tickets.actions import fire_alarms
from sportello.tickets.enums import EventKind
from tests.factories import make_contact, make_customer, make_mailbox, make_server, make_service, make_ticket, make_user

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
STARTS = NOW + 5 * DAY
PLANNED, CHANGED, REMINDER, CALLED_OFF = NoticeKind


# -- rules -------------------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("begins", "lasts", "hits", "wanted"),
    [
        (HOUR, HOUR, True, None),
        (-HOUR, 2 * HOUR, True, None),
        (HOUR, HOUR, False, "nothing-hit"),
        (HOUR, -MINUTE, True, "window-ends-first"),
        (HOUR, timedelta(), True, "window-ends-first"),
        (-2 * HOUR, HOUR, True, "window-past"),
        (HOUR, 15 * DAY, True, "window-too-long"),
    ],
)
def test_what_cannot_be_planned(begins: timedelta, lasts: timedelta, hits: bool, wanted: str | None) -> None:
    assert trouble(Window(NOW + begins, NOW + begins + lasts), hits_something=hits, now=NOW) == wanted


def test_a_reminder_comes_a_day_before_unless_it_was_planned_just_then() -> None:
    soon, later = (Window(NOW + days * DAY, NOW + days * DAY + HOUR) for days in (2, 3))
    assert list(notices(PLANNED, soon, NOW)) == [(PLANNED, NOW + 2 * MINUTE)]
    assert list(notices(CHANGED, later, NOW)) == [(CHANGED, NOW + 2 * MINUTE), (REMINDER, NOW + 2 * DAY)]
    assert list(notices(CALLED_OFF, later, NOW)) == [(CALLED_OFF, NOW + 2 * MINUTE)]


@pytest.mark.parametrize(
    ("kind", "was_told", "is_hit", "wanted"),
    [
        (CHANGED, False, True, PLANNED),
        (REMINDER, False, True, PLANNED),
        (CHANGED, True, True, CHANGED),
        (CHANGED, True, False, CALLED_OFF),
        (CALLED_OFF, True, True, CALLED_OFF),
        (CALLED_OFF, False, True, None),
        (CHANGED, False, False, None),
    ],
)
def test_each_person_is_told_what_is_news_to_them(
    kind: NoticeKind, was_told: bool, is_hit: bool, wanted: NoticeKind | None
) -> None:
    assert kind_for(kind, was_told=was_told, is_hit=is_hit) == wanted


# -- telling -----------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def web(db: None) -> Server:
    make_mailbox()
    return make_server("web-nascosto")


def a_plan(*servers: Server, **given: Any) -> Plan:
    values: dict[str, Any] = {
        "title_it": "Cambio dei dischi",
        "title_en": "New disks",
        "text_it": "I siti saranno fermi per mezz’ora.",
        "text_en": "Sites will be down for half an hour.",
        "starts_at": STARTS,
        "ends_at": STARTS + 2 * HOUR,
        "servers": servers,
    }
    return Plan(**{**values, **given})


def planned(*servers: Server, **given: Any) -> Maintenance:
    return plan_maintenance(plan=a_plan(*servers, **given), by=make_user(), now=NOW)


def change(maintenance: Maintenance, now: datetime, *servers: Server, **given: Any) -> None:
    plan = a_plan(*servers, **given)
    version = Maintenance.objects.get(pk=maintenance.pk).version
    change_maintenance(maintenance=maintenance, plan=plan, by=make_user(), now=now, address=None, seen_version=version)


def hit_contact(server: Server, name: str, *, language: str = "it") -> Contact:
    contact = make_contact(name, language=language, address=f"{name}@customer.example")
    make_service(f"{name}.example", customer=contact.customer, server=server)
    return contact


def mails() -> list[tuple[str, str]]:
    return list(OutboundMail.objects.order_by("pk").values_list("to_name", "subject"))


def told_since(count: int) -> list[tuple[str, str]]:
    return sorted(mails()[count:])


def test_everybody_hit_is_told_once_in_their_language(web: Server) -> None:
    anna, bob = hit_contact(web, "anna"), hit_contact(web, "bob", language="en")
    make_contact("altrove")
    agency = make_contact("agenzia")
    for customer in Customer.objects.filter(contacts__in=[anna, bob]):
        agency.memberships.create(customer=customer, since=NOW)
    make_contact("nessun diritto", customer=anna.customer)
    Contact.objects.filter(name="nessun diritto").update(may_open=False)
    planned(web)
    assert tell_maintenance(now=NOW + MINUTE) == 0
    assert tell_maintenance(now=NOW + 2 * MINUTE) == 3
    assert tell_maintenance(now=NOW + 3 * MINUTE) == 0
    it, en = "Manutenzione programmata: Cambio dei dischi", "Planned maintenance: New disks"
    assert told_since(0) == [("agenzia", it), ("anna", it), ("bob", en)]
    letter = OutboundMail.objects.get(to_name="bob")
    assert "Thursday 3 December 2026, from 10:00 to 12:00 (CET)" in letter.text
    assert "- bob.example" in letter.text
    assert "anna.example" not in letter.text
    assert "web-nascosto" not in letter.text
    agencys = OutboundMail.objects.get(to_name="agenzia").text
    assert ("- anna.example" in agencys, "- bob.example" in agencys) == (True, True)
    assert Maintenance.objects.get().announced_at == NOW + 2 * MINUTE


def test_who_wants_no_such_mail_gets_none_and_whoever_has_no_address_stops_nobody(web: Server) -> None:
    muted, silent, third = (hit_contact(web, name) for name in ("muta", "senza", "terza"))
    Contact.objects.filter(pk=muted.pk).update(muted=["planned"])
    silent.addresses.all().delete()
    planned(web)
    tell_maintenance(now=NOW + HOUR)
    assert mails() == [(third.name, "Manutenzione programmata: Cambio dei dischi")]


def test_hours_are_told_by_the_readers_own_clock_too(web: Server) -> None:
    contact = hit_contact(web, "lontana", language="en")
    Customer.objects.filter(contacts=contact).update(time_zone="America/New_York")
    planned(web)
    tell_maintenance(now=NOW + HOUR)
    text = OutboundMail.objects.get().text
    assert "from 04:00 to 06:00 (EST)" in text
    assert "from 10:00 to 12:00 (CET)" in text


def test_a_day_before_all_are_reminded_and_who_came_meanwhile_hears_of_it(web: Server) -> None:
    hit_contact(web, "anna")
    planned(web)
    tell_maintenance(now=NOW + HOUR)
    hit_contact(web, "nuova")
    tell_maintenance(now=STARTS - DAY - MINUTE)
    assert len(mails()) == 1
    tell_maintenance(now=STARTS - DAY)
    title = "Cambio dei dischi"
    assert told_since(1) == [
        ("anna", f"Promemoria di manutenzione programmata: {title}"),
        ("nuova", f"Manutenzione programmata: {title}"),
    ]


def test_a_new_window_is_told_again_and_a_text_that_was_put_right_is_not(web: Server) -> None:
    hit_contact(web, "anna")
    maintenance = planned(web)
    tell_maintenance(now=NOW + HOUR)
    change(maintenance, NOW + HOUR, web, text_it="I siti saranno fermi per un’ora.")
    tell_maintenance(now=NOW + 2 * HOUR)
    assert len(mails()) == 1
    change(maintenance, NOW + 2 * HOUR, web, starts_at=STARTS + DAY, ends_at=STARTS + DAY + HOUR)
    tell_maintenance(now=NOW + 3 * HOUR)
    assert told_since(1) == [("anna", "Manutenzione programmata, modificata: Cambio dei dischi")]
    tell_maintenance(now=STARTS - DAY)
    assert len(mails()) == 2
    tell_maintenance(now=STARTS)
    assert told_since(2) == [("anna", "Promemoria di manutenzione programmata: Cambio dei dischi")]


def test_who_is_not_hit_any_more_is_told_so_once(web: Server) -> None:
    other = make_server()
    hit_contact(web, "prima")
    hit_contact(other, "dopo")
    maintenance = planned(web)
    tell_maintenance(now=NOW + HOUR)
    change(maintenance, NOW + HOUR, other)
    tell_maintenance(now=NOW + 2 * HOUR)
    title = "Cambio dei dischi"
    assert told_since(1) == [("dopo", f"Manutenzione programmata: {title}"), ("prima", f"Annullata: {title}")]
    tell_maintenance(now=STARTS)
    assert told_since(3) == [("dopo", f"Promemoria di manutenzione programmata: {title}")]


def test_what_is_put_right_within_two_minutes_nobody_hears_of(web: Server) -> None:
    hit_contact(web, "anna")
    maintenance = planned(web)
    change(maintenance, NOW + MINUTE, web, ends_at=STARTS + HOUR)
    tell_maintenance(now=NOW + 2 * MINUTE)
    assert mails() == []
    tell_maintenance(now=NOW + 3 * MINUTE)
    assert mails() == [("anna", "Manutenzione programmata: Cambio dei dischi")]
    called_off = planned(web)
    call_off(maintenance=called_off, by=make_user(), now=NOW + MINUTE, address=None)
    tell_maintenance(now=STARTS)
    assert [subject for _name, subject in mails()].count("Annullata: Cambio dei dischi") == 0


def test_called_off_is_told_to_those_who_knew_and_ends_the_silence(web: Server) -> None:
    contact = hit_contact(web, "anna")
    service = Service.objects.get(customer=contact.customer)
    maintenance = planned(web)
    tell_maintenance(now=NOW + HOUR)
    hit_contact(web, "nuova")
    assert in_maintenance(service, STARTS)
    call_off(maintenance=maintenance, by=make_user(), now=NOW + 2 * HOUR, address=None)
    tell_maintenance(now=NOW + 3 * HOUR)
    assert told_since(1) == [("anna", "Annullata: Cambio dei dischi")]
    assert not in_maintenance(service, STARTS)
    with pytest.raises(Refused, match="finita"):
        change(maintenance, NOW + 4 * HOUR, web)


def test_portions_are_small_and_nobody_is_left_out_or_told_twice(web: Server) -> None:
    customer = make_customer()
    make_service(customer=customer, server=web)
    for number in range(45):
        make_contact(f"c{number}", customer=customer)
    planned(web)
    assert tell_maintenance(now=NOW + HOUR) == 45
    assert tell_maintenance(now=NOW + HOUR) == 0
    assert len({name for name, _subject in mails()}) == len(mails()) == 45


def test_what_is_over_is_told_to_nobody(web: Server) -> None:
    hit_contact(web, "anna")
    planned(web)
    tell_maintenance(now=STARTS + DAY)
    assert mails() == []


# -- the window --------------------------------------------------------------------------------------------------------------------------
def test_the_window_is_that_of_the_service_and_of_its_server(web: Server) -> None:
    on_it, alone, other = make_service(server=web), make_service(server=None), make_service()
    planned(web, services=[alone])
    at = {"before": STARTS - MINUTE, "begin": STARTS, "end": STARTS + 2 * HOUR}
    seen = {name: [in_maintenance(each, moment) for each in (on_it, alone, other)] for name, moment in at.items()}
    assert seen == {"before": [False] * 3, "begin": [True, True, False], "end": [False] * 3}


def test_in_its_window_no_alarm_rings_and_the_first_answer_is_due_after_it(web: Server) -> None:
    service, other = make_service(server=web), make_service()
    planned(web, starts_at=NOW, ends_at=NOW + HOUR)
    opened = NOW + MINUTE
    ours, theirs = (
        make_ticket(contact=make_contact(customer=each.customer), service=each, now=opened) for each in (service, other)
    )
    for minutes in (6, 9, 11, 30, 59):
        fire_alarms(now=opened + minutes * MINUTE)
    ours.refresh_from_db()
    assert ours.events.filter(kind=EventKind.ALARM_FIRED).count() == 0
    assert theirs.events.filter(kind=EventKind.ALARM_FIRED).count() == 3
    assert ours.due_at == NOW + HOUR + 10 * MINUTE
    fire_alarms(now=NOW + HOUR + 11 * MINUTE)
    assert [event.data["step"] for event in ours.events.filter(kind=EventKind.ALARM_FIRED)] == ["missed"]


def test_alarms_ask_once_for_all_their_services_whether_they_are_worked_on(web: Server) -> None:
    counts = []
    for number in (1, 3):
        for _ticket in range(number):
            service = make_service(server=web)
            make_ticket(contact=make_contact(customer=service.customer), service=service, now=NOW)
        with CaptureQueriesContext(connection) as captured:
            fire_alarms(now=NOW + MINUTE * 6)
        counts.append(len([query for query in captured if "quietwindow" in query["sql"]]))
    assert counts == [1, 1]


# -- the desk ----------------------------------------------------------------------------------------------------------------------------
def test_it_is_planned_changed_and_called_off_on_the_desk(web: Server) -> None:
    client, form = Client(), entered(web)
    client.force_login(make_user(language="en"))
    refused = client.post(reverse("desk:new-maintenance"), {**form, "services": "nothing.example"})
    assert (refused.status_code, "No service is called" in refused.content.decode()) == (422, True)
    earlier = {**form, "ends_at": "2020-01-01T00:00"}
    assert "It must end after it begins." in client.post(reverse("desk:new-maintenance"), earlier).content.decode()
    made = client.post(reverse("desk:new-maintenance"), form)
    row = Maintenance.objects.get()
    assert made["Location"] == reverse("desk:maintenance", args=[row.public_id])
    page = client.get(made["Location"]).content.decode()
    assert "to come" in page
    assert "Called off" not in page
    change_page = reverse("desk:edit-maintenance", args=[row.public_id])
    assert 'value="New disks"' in client.get(change_page).content.decode()
    stale = client.post(change_page, {**form, "version": "7"})
    assert "Somebody has changed it meanwhile" in stale.content.decode()
    client.post(change_page, {**form, "title_en": "Newer disks", "version": "1"})
    assert Maintenance.objects.get().title_en == "Newer disks"
    client.post(reverse("desk:call-off-maintenance", args=[row.public_id]))
    assert "Newer disks" in client.get(reverse("desk:maintenances")).content.decode()
    assert Maintenance.objects.get().cancelled_at is not None


def entered(server: Server) -> dict[str, str]:
    starts = clock.now() + DAY
    return {
        "title_it": "Cambio dei dischi",
        "title_en": "New disks",
        "text_it": "Fermi.",
        "text_en": "Down.",
        "servers": str(server.pk),
        "services": "",
        "is_public": "on",
        "version": "",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + DAY:%Y-%m-%dT%H:%M}",
    }


def test_the_list_asks_as_often_whatever_there_is(web: Server) -> None:
    client, counts = Client(), []
    client.force_login(make_user())
    client.get(reverse("desk:maintenances"))
    for _more in range(3):
        planned(web)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("desk:maintenances"))
        counts.append(len(captured))
    assert len(set(counts)) == 1


def test_in_its_window_what_customers_write_is_not_proposed_as_an_outage(web: Server) -> None:
    for number in range(3):
        contact = hit_contact(web, f"c{number}")
        service = Service.objects.get(customer=contact.customer)
        make_ticket("Il sito non si apre", contact=contact, service=service, now=NOW)
    maintenance = planned(web, starts_at=NOW, ends_at=NOW + HOUR)
    assert propose(now=NOW + MINUTE) == 0
    call_off(maintenance=maintenance, by=make_user(), now=NOW + MINUTE, address=None)
    assert propose(now=NOW + 2 * MINUTE) == 1
