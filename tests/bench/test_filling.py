"""What the filling writes is what the pages read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from bench.filling import rows

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FIGURES = {
    "tickets": 40,
    "customers": 5,
    "pool": 3,
    "agents": 1,
    "now": NOW,
    "span": timedelta(days=1095),
    "first": 1,
    "last": 40,
}


@pytest.mark.django_db
def test_filled_tickets_keep_every_promise_of_the_tables() -> None:
    """All statements run, every constraint holds, and the newest twentieth is on the desk."""
    from sportello.accounts.models import User
    from sportello.mail.models import Mailbox
    from sportello.tickets.models import Event, Message, Ticket

    User.objects.create(email="ada@bench.example", name="Ada")
    Mailbox.objects.create(address="support@bench.example", display_name="Bench")
    with connection.cursor() as cursor:
        line: psycopg.Connection = cursor.connection
        for statement in (rows.PICK, *rows.POOL_TABLES):
            line.execute(statement)
        line.execute(
            "INSERT INTO bench_text SELECT n, 'posta bloccata', 'Il sito non risponde.' FROM generate_series(0, 2) n"
        )
        filling = psycopg.ClientCursor(line)
        for statement in (*rows.PEOPLE, *rows.TICKETS):
            filling.execute(statement, FIGURES)
        line.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert Ticket.objects.count() == 40
    assert Ticket.objects.exclude(status="closed").count() == 2
    assert Ticket.objects.filter(solved_at=None).count() == 2
    assert Message.objects.count() == 5 * 40
    assert Message.objects.filter(inbound=None, outbound=None).count() == 0
    assert Event.objects.filter(kind="opened").count() == 40
