"""Which tickets of a customer a request may belong to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from sportello.customers.models import Customer
from sportello.duplicates.queries import candidates_for
from sportello.services.enums import ServiceVerdict
from sportello.services.models import Service
from sportello.tickets import actions
from sportello.tickets.models import Ticket
from tests.factories.people import make_contact, make_customer
from tests.factories.tickets import NOW, copies_of, make_ticket
from tests.plans import rows_touched

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
AGAIN = "Il sito dà ancora errore 500, stiamo perdendo gli ordini del negozio"


@pytest.fixture
def customer() -> Customer:
    return make_customer("Rossi")


def _service(customer: Customer, name: str) -> Service:
    return Service.objects.create(customer=customer, kind="hosting", name=name)


def test_the_ticket_about_the_same_thing_comes_first(customer: Customer) -> None:
    contact = make_contact(customer=customer)
    shop, other = _service(customer, "negozio.example"), _service(customer, "altro.example")
    right = make_ticket(contact=contact, service=shop)
    make_ticket("Fattura di marzo", text="Non trovo la fattura di marzo.", contact=contact, service=shop)
    elsewhere = make_ticket(contact=contact, service=other)
    found = candidates_for(customer=customer, text=AGAIN, service=shop, contact=contact, now=NOW + HOUR)
    assert found[0].ticket_id == right.pk
    assert {one.ticket_id for one in found} == {right.pk, elsewhere.pk}, "about the bill nobody would be asked"
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)


def test_only_the_customers_own_tickets_are_candidates(customer: Customer) -> None:
    stranger = make_contact("Anna Bianchi", customer=make_customer("Bianchi"))
    make_ticket(contact=stranger)
    make_ticket(contact=make_contact("Nessuno", unknown=True))
    assert candidates_for(customer=customer, text=AGAIN, now=NOW) == []


def test_of_somebody_without_a_customer_their_own_are(customer: Customer) -> None:
    unknown = make_contact("Nessuno", unknown=True)
    own = make_ticket(contact=unknown)
    make_ticket(contact=make_contact(customer=customer))
    found = candidates_for(customer=None, contact=unknown, text=AGAIN, now=NOW)
    assert [one.ticket_id for one in found] == [own.pk]


def test_solved_ones_are_remembered_for_thirty_days(customer: Customer) -> None:
    ticket = make_ticket(contact=make_contact(customer=customer))
    actions.close(ticket=ticket, by=None, now=NOW)
    at = NOW + timedelta(days=30)
    assert [one.ticket_id for one in candidates_for(customer=customer, text=AGAIN, now=at)] == [ticket.pk]
    assert candidates_for(customer=customer, text=AGAIN, now=at + HOUR) == []


def test_a_reader_is_shown_only_what_they_may_read(customer: Customer) -> None:
    one, other = make_contact(customer=customer), make_contact("Anna Rossi", customer=customer)
    ticket = make_ticket(contact=one)
    found = candidates_for(customer=customer, text=AGAIN, now=NOW, reader=one)
    assert [row.ticket_id for row in found] == [ticket.pk]
    assert candidates_for(customer=customer, text=AGAIN, now=NOW, reader=other) == []


def test_the_ticket_asked_about_is_left_out(customer: Customer) -> None:
    ticket = make_ticket(contact=make_contact(customer=customer))
    assert candidates_for(customer=customer, text=AGAIN, now=NOW, exclude=ticket) == []


def test_that_the_service_fails_as_it_did_speaks_for_a_ticket(customer: Customer) -> None:
    shop = _service(customer, "negozio.example")
    ticket = make_ticket(contact=make_contact(customer=customer), service=shop)
    actions.weigh(ticket=ticket, verdict=ServiceVerdict.UNUSABLE, neighbours_down=0, in_incident=False, now=NOW)
    wanted = [ServiceVerdict.UNUSABLE, ServiceVerdict.FINE, ""]
    found = [candidates_for(customer=customer, text=AGAIN, service=shop, now=NOW, verdict=each) for each in wanted]
    alike, apart, unknown = (one[0].probability for one in found)
    assert alike > unknown > apart


def test_one_statement_reads_them_all(customer: Customer, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    contact = make_contact(customer=customer)
    for _ in range(4):
        make_ticket(contact=contact)
    with django_assert_num_queries(1):
        assert len(candidates_for(customer=customer, text=AGAIN, contact=contact, now=NOW, reader=contact)) == 3


def test_what_each_mail_asks_for_is_planned_once() -> None:
    """A fault found: it was planned anew for each mail, since a customer seemed to have fewer tickets, and fewer lately, than any customer."""
    large, small = make_customer("Grande"), [make_customer(f"Piccolo {number}") for number in range(12)]
    for customer, tickets in [(large, 150), *((one, 1) for one in small)]:
        contact = make_contact(f"Di {customer.name}", customer=customer)
        for _ in range(tickets):
            make_ticket(contact=contact)
    Ticket.objects.filter(customer=large).update(status="closed", solved_at=NOW, updated_at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        for number, customer in enumerate(small):
            candidates_for(customer=customer, text=AGAIN, now=NOW + timedelta(days=40, seconds=number))
        cursor.execute(
            "SELECT generic_plans > 0, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%first_text%'"
        )
        assert cursor.fetchall() == [(True, 5)]


@pytest.mark.parametrize("unknown", [False, True], ids=["customer", "contact of none"])
def test_years_of_tickets_are_not_gone_through_for_each_mail(customer: Customer, *, unknown: bool) -> None:
    """A fault found: 37 ms of the database for each mail of a customer with ten thousand closed tickets."""
    customer_or_none = None if unknown else customer
    contact = make_contact(customer=customer_or_none, unknown=unknown)
    old = make_ticket(contact=contact)
    actions.close(ticket=old, by=None, now=NOW)
    Ticket.objects.bulk_create(copies_of(old, 600))
    make_ticket(contact=contact)
    for number in range(30):
        make_ticket(contact=make_contact(f"Un altro {number}", customer=make_customer(f"Piccolo {number}")))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as captured:
        found = candidates_for(customer=customer_or_none, contact=contact, text=AGAIN, now=NOW + timedelta(days=40))
    assert len(found) == 1
    assert rows_touched(captured) < 20
