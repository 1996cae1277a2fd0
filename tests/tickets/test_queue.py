"""What next? The order of the queue, its filters, its figures, and what it costs to read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.tickets import actions, queries
from sportello.tickets.models import Ticket
from sportello.tickets.queries import QueueFilter, Scope
from tests.factories import (
    NOW,
    make_contact,
    make_customer,
    make_message,
    make_queue,
    make_server,
    make_service,
    make_ticket,
    make_user,
)

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def subjects(rows: list[queries.QueueRow]) -> list[str]:
    return [row.subject for row in rows]


def test_outages_then_by_due_time_then_analysis_then_the_answered_then_the_customers_turn() -> None:
    agent = make_user()
    names = ["attesa", "analisi", "senza scadenza", "dopo", "prima", "giù"]
    tickets = {name: make_ticket(name, now=NOW) for name in names}
    tickets["dopo"] = make_ticket("molto dopo", now=NOW + MINUTE)
    actions.wait_for_customer(ticket=tickets["attesa"], by=agent, now=NOW)
    actions.reply(ticket=tickets["senza scadenza"], text="Ok", by=agent, now=NOW, seen_version=1)
    actions.reply(ticket=tickets["analisi"], text="Ok", by=agent, now=NOW, seen_version=1)
    actions.start_analysis(ticket=tickets["analisi"], next_update_at=NOW + MINUTE, by=agent, now=NOW)
    actions.set_outage(ticket=tickets["giù"], on=True, by=agent, now=NOW)

    assert subjects(queries.on_the_desk(agent)) == [
        "giù",
        "dopo",
        "prima",
        "molto dopo",
        "analisi",
        "senza scadenza",
        "attesa",
    ]


def test_a_row_has_all_that_is_shown() -> None:
    agent, customer = make_user("Giulia Rinaldi"), make_customer("Ceramiche Doria Srl")
    service = make_service("ceramichedoria.it", customer=customer, server=make_server("web-12"))
    ticket = make_ticket(contact=make_contact("Laura", customer=customer), service=service)
    actions.take(ticket=ticket, by=agent, now=NOW)
    for tag in ("posta", "Negozio"):
        actions.add_tag(ticket=ticket, name=tag, by=agent, now=NOW)

    row = queries.on_the_desk(agent)[0]

    assert (row.who, row.service_name, row.server_name) == ("Ceramiche Doria Srl", "ceramichedoria.it", "web-12")
    assert (row.assignee_name, row.initials, row.tag_names) == ("Giulia Rinaldi", "GR", ("negozio", "posta"))
    assert (row.queue_slug, row.due_kind, row.due_at) == ("support", "first_response", NOW + 10 * MINUTE)


def test_a_stranger_is_shown_by_their_own_name() -> None:
    make_ticket(contact=make_contact("Nessuno Noto", unknown=True))

    assert queries.on_the_desk(make_user())[0].who == "Nessuno Noto"


def test_mine_unassigned_followed_presales_and_tagged() -> None:
    agent = make_user()
    mine, free, followed, presales = (make_ticket(name) for name in ("mio", "libero", "seguito", "prevendita"))
    actions.take(ticket=mine, by=agent, now=NOW)
    actions.take(ticket=followed, by=make_user("Marco Bo"), now=NOW)
    actions.follow(ticket=followed, by=agent, now=NOW)
    actions.set_queue(ticket=presales, queue=make_queue("presales"), by=agent, now=NOW)
    actions.add_tag(ticket=free, name="dns", by=agent, now=NOW)

    def shown(**chosen: str) -> list[str]:
        scope = Scope(chosen.pop("scope", "all"))
        return subjects(queries.on_the_desk(agent, filter=QueueFilter(scope=scope, **chosen)))

    assert shown(scope="mine") == ["mio"]
    assert shown(scope="unassigned", queue="support") == ["libero"]
    assert shown(scope="followed") == ["seguito"]
    assert shown(queue="presales") == ["prevendita"]
    assert shown(tag="dns") == ["libero"]
    assert shown(scope="team") == []


def test_the_figures_around_the_queue() -> None:
    agent = make_user()
    mine, late, waiting = make_ticket(), make_ticket(now=NOW - 11 * MINUTE), make_ticket()
    actions.take(ticket=mine, by=agent, now=NOW)
    actions.wait_for_customer(ticket=waiting, by=agent, now=NOW)
    actions.set_outage(ticket=late, on=True, by=agent, now=NOW)

    counts = queries.counts(agent, now=NOW)

    assert (counts.outage, counts.waiting_for_us, counts.in_analysis, counts.waiting_customer) == (1, 1, 0, 1)
    assert (counts.mine, counts.unassigned, counts.team, counts.late, counts.total, counts.ours) == (1, 2, 0, 1, 3, 2)
    assert counts.next_due_at == NOW + 10 * MINUTE


def test_of_very_many_late_tickets_it_is_known_that_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are counted for every page of the desk, and on a bad day would be what it waits for."""
    monkeypatch.setattr(queries.desk, "LATE_COUNTED", 1)
    agent = make_user()
    make_ticket(now=NOW - 11 * MINUTE)
    one = queries.counts(agent, now=NOW)
    for _ in range(2):
        make_ticket(now=NOW - 11 * MINUTE)
    many = queries.counts(agent, now=NOW)
    assert [(found.late, found.more_are_late) for found in (one, many)] == [(1, False), (2, True)]


def test_what_is_answered_and_still_open_is_apart_and_not_in_the_red_figure() -> None:
    agent, ticket = make_user(), make_ticket()
    actions.reply(ticket=ticket, text="Ok", by=agent, now=NOW, seen_version=1)
    counts = queries.counts(agent, now=NOW)
    assert (ticket.group, counts.answered, counts.waiting_for_us, counts.ours, counts.total) == (4, 1, 0, 0, 1)

    make_message(ticket, now=NOW + MINUTE)

    counts = queries.counts(agent, now=NOW)
    assert (ticket.group, counts.answered, counts.ours) == (2, 0, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_is_one_query_and_so_are_its_figures(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    agent = make_user()
    for _ in range(rows):
        ticket = make_ticket(service=None)
        actions.add_tag(ticket=ticket, name="dns", by=agent, now=NOW)
    with django_assert_num_queries(1):
        assert len(queries.on_the_desk(agent)) == rows
    with django_assert_num_queries(1):
        queries.counts(agent, now=NOW)
    with django_assert_num_queries(1):
        queries.promise(NOW)


def test_who_left_sees_nothing() -> None:
    with pytest.raises(Refused):
        queries.on_the_desk(make_user(is_active=False))


def test_with_twenty_thousand_tickets_queue_and_promise_are_read_from_their_indexes() -> None:
    """Most are closed, two thousand are on the desk. The queue's read must not sort, and the promise's look at the last month of two years only."""
    agent, contact = make_user(), make_contact()
    _many(contact, 20_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")

    with CaptureQueriesContext(connection) as captured:
        assert len(queries.on_the_desk(agent, limit=20)) == 100
    queue = _plan(captured[0]["sql"], "ANALYZE, COSTS OFF, TIMING OFF")
    with CaptureQueriesContext(connection) as captured:
        queries.promise(NOW)
    promise = _plan(captured[0]["sql"], "COSTS OFF")

    assert "Index Scan using ticket_order" in queue
    assert "Sort" not in queue[queue.index("Limit") :].split("SubPlan")[0]
    assert "ticket_promise" in promise
    assert "Seq Scan on tickets_ticket" not in queue + promise


def _plan(statement: str, options: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ({options}) {statement}")
        return "\n".join(row[0] for row in cursor.fetchall())


def _many(contact: Contact, amount: int) -> None:
    queue = make_queue()
    Ticket.objects.bulk_create(
        (
            Ticket(
                number=1_000_000 + n,
                subject=f"Richiesta {n}",
                queue=queue,
                channel="mail",
                status="open" if n % 10 == 0 else "closed",
                customer=contact.customer,
                contact=contact,
                opened_at=NOW,
                updated_at=NOW,
                group=1 + n // 10 % 5 if n % 10 == 0 else None,
                due_at=NOW + n * MINUTE / 60,
                first_due_at=NOW - timedelta(hours=n),
                first_answered_at=NOW - timedelta(hours=n, minutes=n % 3 - 1),
            )
            for n in range(amount)
        ),
        batch_size=2000,
    )
