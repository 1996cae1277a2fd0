"""What matters to a customer is drawn from their earlier requests, shown, bounded, taken back, and gone with them [promise.history]."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sportello.accounts.enums import Role
from sportello.customers.models import Customer
from sportello.services.enums import ServiceVerdict
from sportello.tickets import actions, queries
from sportello.tickets.actions.concerns import mark_stale
from sportello.tickets.mattering import MOST_FOUND, Story, what_matters
from sportello.tickets.models import Concern, Message, Ticket
from sportello.tickets.topics import Topic, addresses_in, important_in, topics_of
from tests.factories import NOW, make_contact, make_customer, make_service, make_ticket, make_user
from tests.privacy.erasing import erased

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
database = pytest.mark.django_db


@pytest.fixture
def shop() -> Customer:
    return make_customer()


def asked(shop: Customer, subject: str, text: str, *, days_ago: int = 1) -> Ticket:
    contact = shop.contacts.first() or make_contact(customer=shop)
    return make_ticket(subject, text=text, contact=contact, now=NOW - days_ago * DAY)


def keys(shop: Customer) -> list[str]:
    rows = Concern.objects.filter(customer=shop, dismissed_at=None).order_by("-weight", "key")
    return list(rows.values_list("key", flat=True))


def look() -> None:
    actions.look_at_customers(now=NOW)


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Gli ordini non arrivano dal carrello", {Topic.ORDERS}),
        ("Our customers cannot pay at the checkout", {Topic.ORDERS}),
        ("La posta non parte da Outlook", {Topic.MAIL}),
        ("Il certificato SSL è scaduto", {Topic.CERTIFICATE}),
        ("Ho dimenticato la password", {Topic.ACCESS}),
        ("Buongiorno e grazie", set()),
    ],
)
def test_plain_words_tell_what_a_request_is_about(text: str, topics: set[Topic]) -> None:
    assert topics_of(text) == topics


def test_only_the_sentence_that_says_so_is_important() -> None:
    assert important_in("Gli ordini sono fondamentali. La posta va.") == {Topic.ORDERS}


def test_only_boxes_of_the_customers_own_domains_are_named() -> None:
    text = "Scrivo da mario@gmail.example: INFO@doria.example non riceve."
    assert addresses_in(text, frozenset({"doria.example"})) == {"info@doria.example"}


@database
def test_what_two_requests_are_about_or_one_calls_important_matters(shop: Customer) -> None:
    asked(shop, "Ordini", "Gli ordini non arrivano", days_ago=9)
    asked(shop, "Ordini", "Di nuovo il carrello è vuoto", days_ago=5)
    asked(shop, "Copie", "Le copie di sicurezza sono fondamentali per noi", days_ago=3)
    asked(shop, "Fattura", "Mi serve la fattura", days_ago=2)
    look()
    assert keys(shop) == ["topic:backup", "topic:orders"]
    [first, second] = queries.concerns_of(make_user(), shop.pk)
    assert (first.concern.times_said, second.number, len(second.tickets)) == (1, 2, 2)


@database
def test_an_open_request_that_touches_it_moves_forward_a_little_and_says_why(shop: Customer) -> None:
    for days in (9, 5):
        asked(shop, "Ordini", "Gli ordini non arrivano", days_ago=days)
    new, other = asked(shop, "Carrello", "Il carrello dà errore"), asked(shop, "Fattura", "Mi serve la fattura")
    look()
    new.refresh_from_db()
    other.refresh_from_db()
    assert (new.matters, new.ahead, other.matters, other.ahead) == (["topic:orders"], 1, [], 0)
    assert ["history.matters", {"what": "topic:orders", "minutes": 1}] in new.reasons
    assert new.updated_at == NOW - DAY


@database
def test_a_first_request_does_not_speak_for_itself(shop: Customer) -> None:
    ticket = asked(shop, "Ordini", "Gli ordini sono fondamentali")
    look()
    ticket.refresh_from_db()
    assert (keys(shop), ticket.matters) == (["topic:orders"], [])


@database
def test_a_person_says_that_it_does_not_matter_and_takes_that_back(shop: Customer) -> None:
    for days in (9, 5):
        asked(shop, "Ordini", "Gli ordini non arrivano", days_ago=days)
    look()
    concern, agent = Concern.objects.get(customer=shop), make_user()
    actions.dismiss_concern(concern=concern, by=agent, now=NOW)
    actions.look_at_customers(now=NOW)
    assert (keys(shop), set(Ticket.objects.values_list("ahead", flat=True))) == ([], {0})
    actions.restore_concern(concern=concern, by=agent, now=NOW)
    assert (keys(shop), set(Ticket.objects.values_list("ahead", flat=True))) == (["topic:orders"], {1})


@database
def test_it_follows_joining_taking_apart_and_another_customer(shop: Customer) -> None:
    agent, first = make_user(), asked(shop, "Ordini", "Gli ordini non arrivano", days_ago=9)
    second = asked(shop, "Ordini", "Ordini fermi", days_ago=5)
    look()
    assert keys(shop) == ["topic:orders"]
    merge = actions.merge(source=second, target=first, by=agent, now=NOW)
    look()
    assert keys(shop) == []
    actions.undo_merge(merge=merge, by=agent, now=NOW)
    look()
    assert keys(shop) == ["topic:orders"]


@database
def test_a_ticket_that_becomes_anothers_speaks_for_them_only(shop: Customer) -> None:
    stranger, other = make_contact(unknown=True), make_customer()
    tickets = [make_ticket("Ordini", text="Ordini fermi", contact=stranger, now=NOW - days * DAY) for days in (2, 1)]
    for ticket in tickets:
        actions.set_customer(ticket=ticket, customer=shop, by=make_user(), now=NOW)
    look()
    assert (keys(shop), keys(other)) == (["topic:orders"], [])
    Ticket.objects.update(customer=other)
    mark_stale(shop.pk, other.pk)
    actions.look_at_customers(now=NOW + DAY)
    assert (keys(shop), keys(other)) == ([], ["topic:orders"])


@database
def test_outage_and_waiting_are_counted(shop: Customer) -> None:
    service = make_service(customer=shop)
    tickets = [asked(shop, "Posta", "La posta non parte", days_ago=days) for days in (3, 2)]
    actions.set_service(ticket=tickets[0], service=service, by=make_user(), now=NOW - 2 * DAY)
    begun = NOW - 60 * MINUTE
    actions.weigh(ticket=tickets[0], verdict=ServiceVerdict.UNUSABLE, neighbours_down=0, in_incident=False, now=begun)
    actions.weigh(ticket=tickets[0], verdict=ServiceVerdict.FINE, now=begun + 40 * MINUTE)
    look()
    concern = Concern.objects.get(customer=shop, key="topic:mail")
    assert (concern.outage_minutes, concern.waited_minutes > 0) == (40, True)


@database
def test_the_outage_of_a_joined_ticket_is_counted_where_it_lives_on_and_one_of_both_once(shop: Customer) -> None:
    """The minutes of the joined one were not counted until it was taken apart again."""
    services = [make_service(f"post-{number}.example", customer=shop) for number in range(2)]
    tickets = [asked(shop, "Posta", "La posta non parte", days_ago=days) for days in (4, 3, 2)]
    begun = NOW - 60 * MINUTE
    for ticket, service, minutes in zip(tickets, services, (10, 20), strict=False):
        actions.set_service(ticket=ticket, service=service, by=make_user(), now=NOW - 2 * DAY)
        at = begun + minutes * MINUTE
        actions.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=0, in_incident=False, now=at)
        actions.weigh(ticket=ticket, verdict=ServiceVerdict.FINE, now=at + 15 * MINUTE)
    look()
    apart = Concern.objects.get(customer=shop, key="topic:mail").outage_minutes
    actions.merge(source=tickets[0], target=tickets[1], by=make_user(), now=NOW)
    look()
    assert (apart, Concern.objects.get(customer=shop, key="topic:mail").outage_minutes) == (30, 25)


@database
def test_what_happened_to_the_tickets_of_a_customer_is_found_by_their_index(shop: Customer) -> None:
    """A fault found: the events of all tickets were gone through for each customer, six million of them at a million tickets."""
    asked(shop, "Sito", "Non si apre niente")
    with CaptureQueriesContext(connection) as seen:
        look()
    (events,) = [query["sql"] for query in seen if 'FROM "tickets_event"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {events}")
        plan = str(cursor.fetchall())
    assert "Index Cond: (ticket_id" in plan


@database
def test_nobody_is_looked_at_again_without_a_change(shop: Customer) -> None:
    asked(shop, "Ordini", "Gli ordini non arrivano")
    assert [actions.look_at_customers(now=NOW), actions.look_at_customers(now=NOW)] == [1, 0]


@database
def test_it_goes_with_the_person_whose_words_it_was_drawn_from(shop: Customer) -> None:
    make_service(customer=shop, name="doria.example")
    for days in (9, 5):
        asked(shop, "Casella", "La casella info@doria.example non riceve", days_ago=days)
    look()
    assert keys(shop) == ["address:info@doria.example", "topic:mail"]
    contact = shop.contacts.get()
    ticket = Ticket.objects.filter(contact=contact).latest("pk")
    erased(contact, make_user(role=Role.ADMIN))
    ticket.refresh_from_db()
    assert (Concern.objects.filter(customer=shop).count(), ticket.matters) == (0, [])
    assert "info@" not in str(ticket.reasons)


@database
def test_it_goes_also_at_a_customer_in_whose_tickets_the_person_only_wrote(shop: Customer) -> None:
    make_service(customer=shop, name="doria.example")
    for days in (9, 5):
        asked(shop, "Casella", "La casella info@doria.example non riceve", days_ago=days)
    stranger = make_contact("Piero")
    for ticket in Ticket.objects.filter(customer=shop):
        Message.objects.filter(ticket=ticket).update(contact=stranger)
    look()
    assert keys(shop) == ["address:info@doria.example", "topic:mail"]
    erased(stranger, make_user(role=Role.ADMIN))
    assert "address:info@doria.example" not in keys(shop)


stories = st.builds(
    Story,
    ticket=st.integers(1, 99),
    at=st.integers(0, 300).map(lambda days: NOW - days * DAY),
    text=st.sampled_from(["ordini urgente", "posta lenta", "fattura", "sito", "info@doria.example", ""]),
    service=st.sampled_from(["", "doria.example", "altro.example"]),
    outage_minutes=st.integers(0, 600),
    waited_minutes=st.integers(0, 600),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # on a busy machine
@given(st.lists(stories, max_size=12))
def test_whatever_was_asked_little_is_found_and_each_thing_once(told: list[Story]) -> None:
    found = what_matters(told, frozenset({"doria.example"}), NOW)
    assert len({each.key for each in found}) == len(found) <= MOST_FOUND
    assert all(each.tickets for each in found)
