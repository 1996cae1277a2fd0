"""What next? The queue as an agent sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sportello.accounts.models import User
from sportello.core import clock
from sportello.desk import queue
from sportello.tickets import actions, queries
from sportello.tickets.models import Ticket
from tests.desk.reading import find, only, page, parsed, text_of, texts
from tests.factories import make_contact, make_customer, make_queue, make_server, make_service, make_ticket, make_user

pytestmark = pytest.mark.django_db


def seen(client: Client, query: str = "") -> Any:
    return page(client, f"/desk/{query}")


def groups(queue_page: Any) -> dict[str, list[str]]:
    """The subjects in each group, as they stand on the page."""
    return {text_of(only(group, "h2")): texts(group, "[data-part=open]") for group in find(queue_page, ".group")}


def test_outages_come_first_then_by_due_time_then_analysis_then_those_who_wait_for_the_customer(
    desk: Client, agent: User
) -> None:
    now = clock.now()
    later, sooner = make_ticket("Later", now=now), make_ticket("Sooner", now=now - timedelta(minutes=8))
    down, analysed, waiting = (
        make_ticket("Down", now=now),
        make_ticket("Analysed", now=now),
        make_ticket("Waiting", now=now),
    )
    actions.set_outage(ticket=down, on=True, by=agent, now=now)
    actions.reply(ticket=analysed, text="Guardiamo.", by=agent, now=now, seen_version=analysed.version)
    actions.start_analysis(ticket=analysed, next_update_at=now + timedelta(hours=2), by=agent, now=now)
    actions.wait_for_customer(ticket=waiting, by=agent, now=now)
    assert groups(seen(desk)) == {
        "Service entirely down": ["Down"],
        "Waiting for us": ["Sooner", "Later"],
        "In analysis": ["Analysed"],
        "Waiting for the customer": ["Waiting"],
    }
    assert (later.group, sooner.group) == (2, 2)


def test_a_row_says_what_is_due_who_asks_and_about_what(desk: Client) -> None:
    customer = make_customer("Ceramiche Doria Srl")
    service = make_service("ceramichedoria.example", customer=customer, server=make_server("web-12"))
    make_ticket(
        "Errore 500", contact=make_contact(customer=customer), service=service, now=clock.now() - timedelta(minutes=11)
    )
    row = only(seen(desk), ".row")
    assert text_of(only(row, "time.due.late")).startswith("−01:0")
    assert text_of(only(row, ".row-due small")) == "first answer"
    assert texts(row, ".row-who span") == ["Ceramiche Doria Srl", "ceramichedoria.example · web-12"]
    assert text_of(only(row, ".take")) == "take"


def test_pre_sales_and_unverified_senders_are_marked_as_such(desk: Client) -> None:
    ticket = make_ticket("Quanto costa?", queue=make_queue("presales"), now=clock.now())
    Ticket.objects.filter(pk=ticket.pk).update(sender_verified=False)
    assert texts(seen(desk), ".row .chip") == ["sender not verified", "pre-sales"]


@pytest.mark.parametrize("name", ["show", "open", "queue", "tag"])
def test_a_nul_in_the_queues_address_is_no_error_of_ours(desk: Client, name: str) -> None:
    assert desk.get("/desk/", {name: "sup\x00port"}).status_code == 200


def test_the_queue_can_be_narrowed_to_ones_own_the_unassigned_and_one_queue(desk: Client, agent: User) -> None:
    now = clock.now()
    mine, _free = make_ticket("Mine", now=now), make_ticket("Free", now=now)
    make_ticket("Sales", queue=make_queue("presales"), now=now)
    actions.take(ticket=mine, by=agent, now=now)
    assert groups(seen(desk, "?show=mine")) == {"Waiting for us": ["Mine"]}
    assert groups(seen(desk, "?show=unassigned"))["Waiting for us"] == ["Free", "Sales"]
    assert groups(seen(desk, "?queue=presales")) == {"Waiting for us": ["Sales"]}


def test_a_filter_keeps_the_other_one(desk: Client) -> None:
    mine = next(link for link in find(seen(desk, "?queue=presales"), ".filters a") if text_of(link).startswith("Mine"))
    assert mine.get("href") == "?show=mine&queue=presales"


@pytest.mark.parametrize(
    "query", ["?show=%00&queue='&open=9&tag=<script>", "?show=mine&show=all&open=-1", "?queue=" + "x" * 4000]
)
def test_nonsense_in_the_address_shows_an_ordinary_page(desk: Client, query: str) -> None:
    make_ticket("Errore", now=clock.now())
    assert find(only(seen(desk, query), "#page"), "script") == []


def test_an_empty_desk_says_that_nobody_waits(desk: Client) -> None:
    assert "Nobody is waiting" in text_of(only(seen(desk), ".empty"))


def test_an_empty_filter_leads_back_to_the_whole_queue(desk: Client) -> None:
    make_ticket("Errore", now=clock.now())
    assert only(seen(desk, "?show=mine"), ".empty a").get("href") == "/desk/"


def test_an_overfull_group_shows_some_counts_all_and_opens_on_request(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "ROWS_A_GROUP", 2)
    for number in range(5):
        make_ticket(f"Request {number}", now=clock.now())
    first = seen(desk)
    assert len(find(first, ".row")) == 2
    assert "5 · by due time" in text_of(only(first, ".group header"))
    more = only(first, ".more a")
    assert text_of(more) == "Show 3 more"
    assert len(find(seen(desk, more.get("href").partition("#")[0]), ".row")) == 5


def test_the_count_of_a_group_is_right_even_beyond_what_is_read(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "MOST_ROWS", 2)
    for number in range(4):
        make_ticket(f"Request {number}", now=clock.now())
    assert "4 · by due time" in text_of(only(seen(desk), ".group header"))


def test_a_row_that_is_kept_changes_with_what_it_shows_and_with_the_clock(
    desk: Client, agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    ticket = make_ticket("Before", now=now)
    first = only(seen(desk), ".row")
    assert (text_of(only(first, "time")), text_of(only(first, ".row-title a"))) == ("09:59", "Before")
    Ticket.objects.filter(pk=ticket.pk).update(subject="After", assignee=agent)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=4, seconds=1))
    second = only(seen(desk), ".row")
    assert (text_of(only(second, "time")), text_of(only(second, ".row-title a"))) == ("05:59", "After")
    assert not find(second, ".take")


def test_taking_a_row_leads_back_to_the_same_view_of_the_queue(desk: Client, agent: User) -> None:
    ticket = make_ticket("Errore", now=clock.now())
    response = desk.post(f"/desk/tickets/{ticket.public_id}/take", {"next": "/desk/?show=unassigned"})
    assert response.headers["Location"] == "/desk/?show=unassigned"
    ticket.refresh_from_db(fields=["assignee"])
    assert ticket.assignee == agent


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/desk/", "//evil.example/desk/", "/portal/", "/desk\\evil.example", "javascript:x"],
)
def test_no_form_leads_away_from_the_desk(desk: Client, elsewhere: str) -> None:
    ticket = make_ticket("Errore", now=clock.now())
    response = desk.post(f"/desk/tickets/{ticket.public_id}/take", {"next": elsewhere})
    assert response.headers["Location"] == f"/desk/tickets/{ticket.public_id}/"


def test_a_refused_act_becomes_a_sentence_on_the_next_page(desk: Client) -> None:
    ticket = make_ticket("Errore", now=clock.now())
    actions.take(ticket=ticket, by=make_user("Marco Bassi"), now=clock.now())
    answer = desk.post(f"/desk/tickets/{ticket.public_id}/take", follow=True)
    assert "Marco Bassi" in text_of(only(parsed(answer.content), "#messages"))


def test_who_may_only_read_is_offered_no_button(reader: Client) -> None:
    make_ticket("Errore", now=clock.now())
    assert find(seen(reader), ".take") == []


def test_foreign_text_in_a_row_is_never_html(desk: Client) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    make_ticket(hostile, text=hostile, contact=make_contact(hostile, unknown=True), now=clock.now())
    row = only(seen(desk), ".row")
    assert find(row, "img") == []
    assert text_of(row).count(hostile) == 3


def test_the_page_asks_as_many_questions_for_one_row_as_for_thirty(
    desk: Client, agent: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_ticket("First", now=clock.now())
    desk.get("/desk/")
    with django_assert_num_queries(8):
        desk.get("/desk/")
    for number in range(29):
        ticket = make_ticket(f"Request {number}", now=clock.now())
        actions.add_tag(ticket=ticket, name=f"tag {number % 3}", by=agent, now=clock.now())
    with django_assert_num_queries(8):
        desk.get("/desk/")


def test_what_an_open_page_asks_for_again_has_the_list_the_figures_and_the_count(desk: Client) -> None:
    make_ticket("Errore", now=clock.now() - timedelta(minutes=11))
    fragment = page(desk, "/desk/now")
    assert texts(fragment, "[data-part=open]") == ["Errore"]
    assert "1 late" in text_of(only(fragment, "#figures"))
    assert text_of(only(fragment, "#count-queue.hot")) == "1"
    assert find(fragment, "nav.rail") == []


def test_of_very_many_late_tickets_the_frame_says_that_there_are_more(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries.desk, "LATE_COUNTED", 1)
    for _ in range(3):
        make_ticket(now=clock.now() - timedelta(hours=1))
    assert "more than 1 late" in text_of(only(page(desk, "/desk/"), "#figures"))


def test_the_promise_of_today_stands_on_every_page(desk: Client, agent: User) -> None:
    now = clock.now()
    for age in (5, 5, 5, 20):
        ticket = make_ticket("Errore", now=now - timedelta(minutes=age))
        actions.reply(ticket=ticket, text=f"Risposta {age}", by=agent, now=now, seen_version=ticket.version)
    assert "First answers in time: 75% today" in text_of(only(page(desk, "/desk/search"), "#figures"))


@pytest.mark.parametrize(
    ("step", "words"), [("two_minutes_left", "Two minutes left to answer"), ("missed", "The answer is late")]
)
def test_an_alarm_is_told_with_the_way_to_the_ticket(desk: Client, step: str, words: str) -> None:
    ticket = make_ticket("Errore", now=clock.now())
    told = desk.get(f"/desk/tickets/{ticket.public_id}/alarm/now?step={step}").content.decode()
    assert words in told
    assert f"/desk/tickets/{ticket.public_id}/" in told


def test_an_early_alarm_of_a_ticket_that_somebody_has_is_told_to_them_alone(desk: Client) -> None:
    ticket = make_ticket("Errore", now=clock.now())
    actions.take(ticket=ticket, by=make_user("Marco Bassi"), now=clock.now())
    address = f"/desk/tickets/{ticket.public_id}/alarm/now"
    assert desk.get(f"{address}?step=two_minutes_left").status_code == 204
    assert desk.get(f"{address}?step=missed").status_code == 200
    assert desk.get(f"{address}?step=nonsense").status_code == 204
