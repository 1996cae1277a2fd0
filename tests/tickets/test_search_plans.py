"""What a search touches: counted in the plans that PostgreSQL has run, on tables that are filled, so that no clock is needed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.accounts.models import User
from sportello.customers.models import Customer
from sportello.tickets import queries
from sportello.tickets.models import Ticket
from sportello.tickets.queries.search import Hit, Where, finding
from tests.factories import NOW, make_contact, make_customer, make_ticket, make_user
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db

TICKETS = 3000
MESSAGES = 4  # a ticket
FILL = (
    """
    INSERT INTO tickets_ticket (public_id, number, subject, queue_id, channel, status, contact_id, language, is_outage, sender_verified, is_request,
                                reasons, opened_at, updated_at, pauses, priority, due_kind, alarm_step, snippet, public_count, version)
    SELECT gen_random_uuid(), 500000 + n, 'Richiesta ' || n, queue_id, channel, 'closed', contact_id, 'it', false, true, true,
           '[]', opened_at, opened_at + make_interval(secs => n), '[]', 2, '', '', '', %(messages)s, 1
      FROM tickets_ticket CROSS JOIN generate_series(1, %(tickets)s) n WHERE id = %(ticket)s
    """,
    """
    INSERT INTO tickets_message (public_id, ticket_id, author, author_name, channel, text, fresh_text, html, sanitiser_version, extra, is_automatic,
                                 is_unverified, created_at)
    SELECT gen_random_uuid(), ticket.id, 'customer', '', 'mail',
           CASE WHEN (ticket.id + turn) %% 3 = 0 THEN 'La posta del dominio' ELSE 'La stampante' END || ' parola' || ticket.id,
           '', '', 0, '{}', false, false, ticket.opened_at
      FROM tickets_ticket ticket CROSS JOIN generate_series(1, %(messages)s) turn WHERE ticket.number > 500000
    """,
    """
    INSERT INTO customers_customer (public_id, name, code, is_active, created_at)
    SELECT gen_random_uuid(), 'Officina ' || md5(n::text), 'M' || n, true, now() FROM generate_series(1, %(tickets)s) n
    """,
    "ANALYZE tickets_ticket",
    "ANALYZE tickets_message",
    "ANALYZE customers_customer",
)


@pytest.fixture
def agent() -> User:
    """Beside a desk of some thousand tickets."""
    ticket = make_ticket("Prima richiesta", text="y")
    with connection.cursor() as cursor:
        for statement in FILL:
            cursor.execute(statement, {"ticket": ticket.pk, "tickets": TICKETS, "messages": MESSAGES})
        cursor.execute(
            "SET LOCAL enable_seqscan = off"
        )  # as on tables so large that to read them whole is out of the question
    return make_user()


def test_common_words_read_no_more_rows_than_they_need(agent: User) -> None:
    """A fault found: words that stand in every third message had every ticket and message read."""
    hits, rows = searched(agent, "posta dominio")
    assert len(hits) == 30
    assert rows < 2 * finding.LATEST + TICKETS // 10


def test_a_rare_word_is_found_by_the_index_of_words(agent: User) -> None:
    """Behind the latest rows of three sources nothing is gone through from row to row."""
    middle = Ticket.objects.get(number=500_000 + TICKETS // 2)
    hits, rows = searched(agent, f"parola{middle.pk}")
    assert [hit.number for hit in hits] == [middle.number]
    assert rows < 3 * finding.LATEST + 100


def test_a_word_of_late_that_is_found_nowhere_before_is_not_looked_for_in_every_row(
    agent: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault found: the word of a new outage stands in many of the latest messages, and all those before were read for more of it."""
    monkeypatch.setattr(finding, "_FOUND", finding.statement(latest=50, further=200))
    for number in range(10):
        make_ticket(f"Guasto {number}", text="y")
    hits, rows = searched(agent, "guasto")
    assert len(hits) == 10
    assert rows < 3 * (50 + 200) + 100


def test_names_are_found_by_their_index(agent: User) -> None:
    """A fault found: every name was read for every word."""
    ticket = make_ticket("Errore", text="y", contact=make_contact(customer=make_customer("Panificio Zorzi Srl")))
    hits, rows = searched(agent, "panificio zorz")
    assert [hit.number for hit in hits] == [ticket.number]
    assert rows < 3 * finding.LATEST + finding.NAMED_LATEST + 100


def test_tickets_of_a_name_are_not_sought_among_everybodys_newest(agent: User) -> None:
    """A fault found: of 100,000 tickets all were gone through for the 28 that a domain had, since the planner had expected more of them."""
    contact = make_contact(customer=make_customer("Panificio Zorzi Srl"))
    old = [make_ticket("Errore", text="y", contact=contact) for _ in range(40)]
    Ticket.objects.filter(pk__in=[one.pk for one in old]).update(updated_at=NOW - timedelta(days=300))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        cursor.execute("SET LOCAL enable_sort = off")
    hits, rows = searched(agent, "panificio zorz")
    assert {hit.number for hit in hits} <= {one.number for one in old}
    assert len(hits) == 30
    assert rows < 3 * finding.LATEST + finding.NAMED_LATEST + 300


def test_a_whole_name_is_found_however_many_share_a_part_of_it(agent: User) -> None:
    """A fault found: of a word that stands in thousands of names only the newest were kept, and the older could not be found by both words."""
    customer = Customer.objects.order_by("id").filter(code__startswith="M")[0]
    ticket = make_ticket("Errore", text="y", contact=make_contact(customer=customer))
    hits, _rows = searched(agent, customer.name)
    assert [(hit.number, hit.where) for hit in hits] == [(ticket.number, Where.CUSTOMER)]


def test_what_is_asked_for_each_time_is_planned_once(agent: User) -> None:
    """A fault found: the names of a search, and the promise of a page, were planned anew each time, since plans for any values looked dearer."""
    due = NOW - timedelta(days=1)
    Ticket.objects.update(first_due_at=due, first_answered_at=due)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
    for number in range(12):
        queries.search(agent, f"parola{number}")
        queries.search(agent, f"parola{number} stampante")
        queries.promise_at_a_glance(NOW + timedelta(seconds=number))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(generic_plans) > 0, array_agg(statement) FILTER (WHERE custom_plans > 8) FROM pg_prepared_statements"
        )
        assert cursor.fetchone() == (True, None)


def searched(agent: User, text: str, limit: int = 30) -> tuple[list[Hit], float]:
    """What is found, and how many rows of our tables its statements touched."""
    with CaptureQueriesContext(connection) as captured:
        hits = queries.search(agent, text, limit)
    return hits, rows_touched(captured)
