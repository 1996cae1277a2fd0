"""Words are found span by span of their rows: all that there are, the newest first, and no more of them read than needed (ADR 26)."""

from __future__ import annotations

import pytest
from django.db import connection

from sportello.tickets import actions
from sportello.tickets.models import SEARCHED_CHARACTERS, Ticket
from sportello.tickets.queries import search
from sportello.tickets.queries.search import finding
from sportello.tickets.queries.spans import in_spans, size_of_span
from tests.factories import NOW, make_contact, make_customer, make_message, make_ticket, make_user
from tests.tickets.test_search_plans import searched

pytestmark = pytest.mark.django_db
TABLES = ("tickets_ticket", "tickets_message", "tickets_note")


@pytest.fixture(autouse=True)
def _by_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """The latest row alone is looked at by itself."""
    monkeypatch.setattr(finding, "_FOUND", finding.statement(latest=1, further=1))


def next_span() -> None:
    """What is written from here on stands in another span, with an empty one between."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%(table)s, 'id'), nextval(pg_get_serial_sequence(%(table)s, 'id')) + %(two)s)",
                {"table": table, "two": 2 * size_of_span(table)},
            )


def found(text: str) -> list[int]:
    return [hit.number for hit in search(make_user(), text)]


def test_what_stands_in_any_span_is_found() -> None:
    agent, wanted = make_user(), set[int]()
    for turn in range(3):
        subject, message, note = (
            make_ticket("Stampante", text="y"),
            make_ticket("x", text="Le stampanti"),
            make_ticket("x", text="y"),
        )
        actions.add_note(ticket=note, text="Una stampante", by=agent, now=NOW)
        make_ticket(f"Altro {turn}", text="Niente")
        wanted |= {ticket.number for ticket in (subject, message, note)}
        next_span()
    assert set(found("stampante")) == set(found("stamp")) == wanted
    assert found("stampante niente") == []


def test_of_many_the_newest_are_found_and_older_spans_are_not_read() -> None:
    old, contact = 150, make_contact()  # one, so that whose the tickets are counts for nothing however it is looked up
    for _ in range(old):
        make_ticket("x", text="La stampante", contact=contact)
    next_span()
    newest = [make_ticket("x", text="La stampante", contact=contact).number for _ in range(20)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")  # else a test before this one says how the rows are to be found
    hits, rows = searched(make_user(), "stampante", limit=10)
    assert {hit.number for hit in hits} <= set(newest)
    assert len(hits) == 10
    assert rows < old


def test_a_name_and_a_word_of_any_span_are_found_together() -> None:
    contact = make_contact(customer=make_customer("Ceramiche Doria"))
    wanted = []
    for _ in range(2):
        wanted.append(make_ticket("Il negozio non si apre", text="y", contact=contact).number)
        make_ticket("Altro", text="y", contact=contact)
        next_span()
    assert sorted(found("doria negozio")) == wanted


def test_words_that_belong_together_are_not_found_apart() -> None:
    """The index does not know where words stand: what it finds is looked at."""
    right = make_ticket("x", text="Errore in wp-content")
    make_ticket("x", text="Il content sta in wp")
    make_ticket("x", text="y")
    assert found("wp-content") == [right.number]


def test_a_word_longer_than_any_search_stays_writable_and_is_found_by_its_beginning() -> None:
    """A word of 2,046 bytes is the longest that a text vector takes, and the index puts a number before it."""
    ticket = make_ticket("x", text=f"{'w' * 2046} {'è' * 1023}")
    make_ticket("x", text="y")
    assert found("w" * 150) == found("è" * 150) == [ticket.number]


def test_as_many_words_as_a_text_may_have_stay_writable() -> None:
    words = [chr(0x4E00 + place // 1000) + chr(0x4E00 + place % 1000) for place in range(SEARCHED_CHARACTERS // 3)]
    ticket = make_ticket("x", text=" ".join(words))
    make_ticket("x", text="y")
    assert found(words[-1]) == [ticket.number]


def test_quotes_stay_in_their_words() -> None:
    assert (
        in_spans("'l''errore':* & ( 'a' <-> 'b' | 'c' <2> 'd' )")
        == "'\x01l''errore':* & ( '\x01a' & '\x01b' | '\x01c' & '\x01d' )"
    )


def test_a_message_of_a_ticket_of_another_span_is_found() -> None:
    ticket = make_ticket("x", text="y")
    next_span()
    make_message(ticket, text="La stampante")
    make_ticket("x", text="y")
    assert Ticket.objects.count() == 2
    assert found("stampante") == [ticket.number]
