"""Everything that happens, and every reason, has its sentence."""

from __future__ import annotations

import re

import pytest
from django.utils import translation

from sportello.services.queries import ServiceReason
from sportello.tickets import actions, queries, reasons, sentences
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Event
from sportello.tickets.reasons import TicketReason
from sportello.triage.enums import ReasonCode
from tests.factories import NOW, make_contact, make_queue, make_ticket, make_user

DATA = {
    "name": "Giulia",
    "before": "a",
    "after": "b",
    "number": 10001,
    "tag": "dns",
    "address": "x@y.example",
    "reason": "550",
    "until": "2026-03-04T12:00:00+00:00",
    "step": "missed",
    "to": 1,
    "what": "accettazione",
    "verdict": "good",
    "places": 3,
    "is_over": False,
}
FIGURES = {
    "minutes": 10,
    "times": 1,
    "opens_at": "2026-03-04T08:00:00+00:00",
    "until": "2026-03-04T12:00:00+00:00",
    "number": 10001,
    "services": 2,
    "kind": "mail",
    "what": "topic:orders\naddress:info@doria.example",
}


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_is_told_in_a_sentence(kind: EventKind) -> None:
    told = sentences.sentence(Event(kind=kind, data=DATA))

    assert told != kind
    assert "%(" not in told


@pytest.mark.parametrize("code", [*ReasonCode, *TicketReason, *ServiceReason])
def test_every_reason_is_told_in_a_sentence(code: str) -> None:
    said = reasons.words(code, FIGURES)

    assert said.text != code
    assert "%" not in said.text


@pytest.mark.parametrize("code", ["later.version", "100%", "%(minutes)s %s %c", "<b>%"])
def test_an_unknown_reason_is_told_as_it_stands(code: str) -> None:
    """One with a per cent sign in it once took the ticket's page away."""
    assert reasons.words(code, FIGURES).text == code


def test_every_clause_cited_is_one_of_the_policy() -> None:
    cited = {reasons.words(code, FIGURES).clause for code in [*ReasonCode, *TicketReason]} - {""}

    assert all(re.fullmatch(r"(reach|promise|cover|one)\.[a-z-]+", clause) for clause in cited)
    assert {"promise.first", "promise.outage", "one.problem", "cover.hosted"} <= cited


def test_times_are_told_in_the_readers_language_and_the_providers_time() -> None:
    with translation.override("it"):
        text = reasons.words(ReasonCode.CLOCK_OUTSIDE_HOURS, FIGURES).text

    assert "04/03/2026 09:00" in text


def test_one_minute_is_not_one_minutes() -> None:
    with translation.override("en"):
        assert reasons.words(ReasonCode.CLOCK_FIRST, {"minutes": 1}).text == "First answer promised within 1 minute"


def test_what_a_later_version_wrote_speaks_for_itself() -> None:
    assert reasons.words("future.code", {}).text == "future.code"
    assert sentences.sentence(Event(kind="future", data={})) == "future"


@pytest.mark.django_db
def test_a_ticket_says_why_it_stands_where_it_stands() -> None:
    ticket = make_ticket(contact=make_contact(unknown=True), queue=make_queue("support"))

    with translation.override("en"):
        said = reasons.sentences(ticket.reasons)

    assert [(one.text, one.clause) for one in said] == [
        ("In the order of the due times", "promise.first"),
        ("From somebody who is not known as a customer", "cover.customers"),
        ("Asked by mail", "reach.mail"),
        ("First answer promised within 10 minutes", "promise.first"),
    ]


@pytest.mark.django_db
def test_who_did_it_is_a_person_or_the_program() -> None:
    ticket, agent = make_ticket(contact=make_contact("Laura Doria")), make_user("Giulia Rinaldi")
    actions.solve(ticket=ticket, by=agent, now=NOW)
    actions.close(ticket=ticket, by=None, now=NOW)

    assert [sentences.actor(event) for event in ticket.events.order_by("pk")] == [
        "Laura Doria",
        "Giulia Rinaldi",
        "Sportello",
    ]
    events = [entry.event for entry in queries.timeline(agent, ticket) if entry.kind == "event"]
    assert [sentences.sentence(event) for event in events] != []
