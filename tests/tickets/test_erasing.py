"""Which tickets an erasure holds: those that speak of the person, found without reading what was said to others."""

from __future__ import annotations

from copy import copy

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from sportello.core.blotting import Blot
from sportello.core.ids import public_id
from sportello.tickets.actions.erasing import hold_all
from sportello.tickets.models import Message
from tests.factories import make_contact, make_ticket
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db


def test_an_erasure_reads_what_was_said_to_the_customers_of_the_person_and_no_other() -> None:
    """A fault found: every message there ever was, text and HTML, was gone through for a name, while the tickets were held."""
    gilda, elsewhere = make_contact("Ermenegilda Quattrocchi"), make_ticket()
    own, named = make_ticket(contact=gilda), make_ticket(text="Chiedere a Ermenegilda Quattrocchi")
    named.customer = gilda.customer
    named.save()
    said = elsewhere.messages.defer("search").get()
    others = [copy(said) for _ in range(500)]
    for other in others:
        other.pk, other.public_id = None, public_id()
    Message.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_message, tickets_ticket")
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        hold_all(contact=gilda, customers=[own.customer_id or 0], blot=Blot.of([gilda.name], whole_words=True))
    assert rows_touched(captured) < 200
    asked = next(query["sql"] for query in captured if "FOR NO KEY UPDATE" in query["sql"])
    with connection.cursor() as cursor:
        cursor.cursor.execute(asked)
        assert [row[0] for row in cursor.fetchall()] == [own.pk, named.pk]
