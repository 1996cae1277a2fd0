"""What was seen of a service, and what a person says instead of the rule, put a ticket in its place [promise.outage]."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sportello.core.errors import Refused
from sportello.services.enums import ServiceVerdict
from sportello.tickets import actions, queries
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.sentences import sentence
from sportello.triage.enums import Overrule, QueueGroup
from tests.factories import NOW, make_contact, make_customer, make_service, make_ticket, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket() -> Ticket:
    customer = make_customer()
    return make_ticket(contact=make_contact(customer=customer), service=make_service(customer=customer))


def codes(ticket: Ticket) -> list[str]:
    return [code for code, _params in ticket.reasons]


@pytest.mark.usefixtures("in_english")
def test_the_history_says_what_was_decided_instead_of_the_rule_and_why(ticket: Ticket) -> None:
    actions.overrule(ticket=ticket, word=Overrule.BEFORE, reason="Fiera domani", by=make_user(), now=NOW)
    told = sentence(ticket.events.get(kind=EventKind.OVERRULED))
    assert told == "decided instead of the rule: before others that are due. “Fiera domani”"


def happened(ticket: Ticket) -> list[str]:
    kinds = (EventKind.OUTAGE_SET, EventKind.OUTAGE_CLEARED, EventKind.OVERRULED, EventKind.OVERRULE_ENDED)
    return list(ticket.events.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))


def in_order() -> list[str]:
    return [row.subject for row in queries.on_the_desk(make_user())]


def test_what_was_seen_to_be_unusable_comes_first_even_where_nobody_shouted(ticket: Ticket) -> None:
    version, updated_at = ticket.version, ticket.updated_at
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=3, in_incident=True, now=NOW + MINUTE)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.group, stored.is_outage, stored.verdict_at) == (QueueGroup.OUTAGE, True, NOW + MINUTE)
    assert (stored.ahead, stored.neighbours_down, stored.in_incident) == (45, 3, True)
    assert codes(stored)[:4] == ["queue.outage", "evidence.unusable", "scope.incident", "scope.neighbours"]
    assert (stored.version, stored.updated_at) == (version, updated_at)
    assert happened(ticket) == [EventKind.OUTAGE_SET]


def test_once_it_works_again_the_ticket_steps_back_by_itself(ticket: Ticket) -> None:
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=0, in_incident=False, now=NOW)
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.FINE, now=NOW + MINUTE)
    assert (ticket.group, ticket.is_outage, ticket.ahead) == (QueueGroup.WAITING_FOR_US, False, 0)
    assert happened(ticket) == [EventKind.OUTAGE_SET, EventKind.OUTAGE_CLEARED]


def test_what_is_not_told_stays_as_it_was(ticket: Ticket) -> None:
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.DEGRADED, neighbours_down=2, in_incident=False, now=NOW)
    actions.weigh(ticket=ticket, in_incident=True, now=NOW + MINUTE)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.verdict, stored.verdict_at, stored.neighbours_down, stored.in_incident) == ("degraded", NOW, 2, True)


def test_what_weighs_more_comes_before_what_is_due_a_little_earlier_and_after_what_waits_much_longer(
    ticket: Ticket,
) -> None:
    make_ticket("appena prima", now=NOW - 5 * MINUTE)
    make_ticket("molto prima", now=NOW - 60 * MINUTE)
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.DEGRADED, neighbours_down=0, in_incident=False, now=NOW)
    assert in_order() == ["molto prima", ticket.subject, "appena prima"]


def test_a_person_overrules_with_a_reason_and_gives_it_back_with_one_click(ticket: Ticket) -> None:
    agent = make_user()
    actions.overrule(ticket=ticket, word=Overrule.OUTAGE, reason="Visto dal telefono", by=agent, now=NOW)
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.FINE, neighbours_down=0, in_incident=False, now=NOW)
    stored = Ticket.objects.get(pk=ticket.pk)
    assert (stored.is_outage, stored.overrule_reason, stored.overruled_by) == (True, "Visto dal telefono", agent)
    assert "overruled.outage" in codes(stored)

    actions.give_back(ticket=ticket, by=agent, now=NOW + MINUTE)
    stored.refresh_from_db()
    assert (stored.is_outage, stored.overrule, stored.overruled_by) == (False, "", None)
    assert happened(ticket) == ["overruled", "outage_set", "overrule_ended", "outage_cleared"]


@pytest.mark.parametrize(("word", "first"), [(Overrule.BEFORE, True), (Overrule.AFTER, False)])
def test_a_ticket_is_put_before_or_after_others(ticket: Ticket, word: Overrule, first: bool) -> None:
    make_ticket("prima", now=NOW - MINUTE)
    make_ticket("dopo", now=NOW + MINUTE)
    actions.overrule(ticket=ticket, word=word, reason="Accordo con il cliente", by=make_user(), now=NOW)
    assert in_order() == ([ticket.subject, "prima", "dopo"] if first else ["prima", "dopo", ticket.subject])


def test_without_a_reason_nobody_overrules(ticket: Ticket) -> None:
    with pytest.raises(Refused):
        actions.overrule(ticket=ticket, word=Overrule.BEFORE, reason="  ", by=make_user(), now=NOW)


def test_another_service_is_judged_by_itself(ticket: Ticket) -> None:
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=1, in_incident=False, now=NOW)
    other = make_service(name="altro.example", customer=ticket.customer)
    actions.set_service(ticket=ticket, service=other, by=make_user(), now=NOW)
    assert (ticket.verdict, ticket.neighbours_down, ticket.is_outage) == ("", 0, False)


def test_what_was_seen_comes_along_when_two_are_joined_and_goes_back_when_they_are_taken_apart(ticket: Ticket) -> None:
    assert ticket.contact is not None
    source = make_ticket("Ancora fermo", contact=ticket.contact, service=ticket.service)
    actions.weigh(ticket=source, verdict=ServiceVerdict.UNUSABLE, neighbours_down=2, in_incident=False, now=NOW)
    merge = actions.merge(source=source, target=ticket, by=make_user(), now=NOW + MINUTE)
    assert (ticket.is_outage, ticket.neighbours_down) == (True, 2)
    actions.undo_merge(merge=merge, by=make_user(), now=NOW + MINUTE)
    both = Ticket.objects.filter(pk__in=[source.pk, ticket.pk]).order_by("pk")
    assert [(each.is_outage, each.verdict) for each in both] == [(False, ""), (True, "unusable")]


def test_a_ticket_that_lives_on_in_another_is_left_alone(ticket: Ticket) -> None:
    source = make_ticket("Ancora fermo", contact=ticket.contact, service=ticket.service)
    actions.merge(source=source, target=ticket, by=make_user(), now=NOW)
    actions.weigh(ticket=source, verdict=ServiceVerdict.UNUSABLE, neighbours_down=0, in_incident=False, now=NOW)
    assert Ticket.objects.get(pk=source.pk).verdict == ""
