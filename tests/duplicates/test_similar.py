"""Solved tickets of anybody that were about the same thing, with what solved them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from sportello.accounts.models import User
from sportello.duplicates.queries import similar_solved
from sportello.duplicates.rules import Among, Ground, shipped_model
from sportello.duplicates.sentences import grounds, reasons
from sportello.services.models import Service
from sportello.tickets import actions
from sportello.tickets.models import Ticket
from tests.factories.people import make_contact, make_customer, make_service, make_user
from tests.factories.tickets import NOW, make_ticket

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
ANSWER = "Abbiamo tolto il plugin che bloccava il carrello."


@pytest.fixture
def agent() -> User:
    return make_user()


@pytest.fixture
def service() -> Service:
    return make_service()


def _solved(subject: str, text: str, agent: User, *, answer: str = ANSWER, service: Service | None = None) -> Ticket:
    customer = service.customer if service else make_customer()
    ticket = make_ticket(subject, text=text, contact=make_contact(customer=customer), service=service)
    if answer:
        actions.reply(ticket=ticket, by=agent, text=answer, seen_version=ticket.version, now=NOW + HOUR)
    actions.solve(ticket=ticket, by=agent, now=NOW + 2 * HOUR)
    return ticket


def test_what_solved_the_same_trouble_of_another_customer_is_told(agent: User) -> None:
    right = _solved("Carrello bloccato", "Il carrello di woocommerce non accetta ordini", agent)
    _solved("Fattura mancante", "Non trovo la fattura di marzo", agent)
    asked = make_ticket("Woocommerce: carrello fermo", text="I clienti non completano gli ordini nel carrello")
    (found,) = similar_solved(asked, agent, NOW + 3 * HOUR)
    assert (found.number, found.answer, found.answered_by) == (right.number, ANSWER, agent.name)
    assert found.customer_name == (right.customer.name if right.customer else None)


def test_what_nobody_answered_or_is_open_tells_nothing(agent: User) -> None:
    _solved("Carrello bloccato", "Il carrello non accetta ordini", agent, answer="")
    make_ticket("Carrello bloccato", text="Il carrello non accetta ordini")
    asked = make_ticket("Carrello fermo", text="Il carrello non accetta ordini")
    assert similar_solved(asked, agent, NOW + 3 * HOUR) == []


def test_internal_notes_are_neither_searched_nor_shown(agent: User) -> None:
    ticket = _solved("Richiesta", "Non funziona", agent)
    actions.add_note(ticket=ticket, by=agent, text="carrello woocommerce plugin difettoso", now=NOW + 2 * HOUR)
    asked = make_ticket("carrello woocommerce", text="plugin difettoso")
    assert similar_solved(asked, agent, NOW + 3 * HOUR) == []


def test_words_that_look_like_a_query_are_only_words(agent: User) -> None:
    right = _solved("L'errore 'x & !y' \\ (z)", "L'errore 'x & !y' \\ (z) nel carrello", agent)
    asked = make_ticket("L'errore 'x & !y' \\ (z)", text="nel carrello: l'errore 'x & !y'")
    assert [one.number for one in similar_solved(asked, agent, NOW + 3 * HOUR)] == [right.number]


def test_words_that_no_other_ticket_has_are_not_looked_for_through_all_there_are(agent: User) -> None:
    """A fault found: with a million tickets a word of one subject was looked for from the newest ticket on, half a second long."""
    asked = make_ticket("Qwertyzxc", text="Asdfghjkl poiuytre")
    with CaptureQueriesContext(connection) as seen:
        assert similar_solved(asked, agent, NOW + 3 * HOUR) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_seqscan = off")  # as on tables of a million rows
        cursor.execute(f"EXPLAIN {seen[-1]['sql']}")
        plan = str(cursor.fetchall())
    assert "ticket_words" in plan
    assert "message_words" in plan
    assert "Index Scan Backward using tickets_ticket_pkey" not in plan


def test_the_reasons_are_told_in_words_the_heaviest_first() -> None:
    features = {"text": 0.5, "same_topic": 0.6, "same_service": 1.0, "other_code": 1.0, "age": 0.1, "closed": 0.0}
    with override("en"):
        told = reasons(features)
    assert [(why.text, why.speaks_for) for why in told] == [
        ("it is about the same thing", True),
        ("another error code", False),
        ("the same service", True),
        ("the words are alike", True),
    ]


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_feature_and_every_ground_has_words(language: str) -> None:
    with override(language):
        for among in Among:
            weights = shipped_model(among).weights
            assert len(reasons(dict.fromkeys(weights, 2.0), among)) == len(weights)
        assert len(set(grounds(Ground))) == len(Ground)
