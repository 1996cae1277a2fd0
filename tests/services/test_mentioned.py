"""Which of a customer's services is a request about?"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from sportello.core.errors import Refused
from sportello.customers.models import Customer
from sportello.services import actions, queries
from sportello.services.actions import ServerFields, ServiceFields
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.queries import ServiceReason
from tests.factories import NOW, make_contact, make_customer, make_reader, make_service, make_user

pytestmark = pytest.mark.django_db
SENDER = "laura@posta.example"


def meant(customer: Customer, text: str, sender: str = SENDER) -> tuple[str, list[ServiceReason]] | None:
    """Name and reasons of the service that a person of this customer means."""
    service, reasons = queries.service_meant(make_contact(customer=customer), text, sender)
    return (service.name, reasons) if service else None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Il sito doria.it non va", "doria.it"),
        ("Vedi https://www.doria.it/carrello?x=1", "doria.it"),
        ("DORIA.IT.", "doria.it"),
        ("shop.doria.it è lento", "shop.doria.it"),
        ("shop.doria.it e doria.it", "shop.doria.it"),
        ("test.doria.it non esiste", None),
        ("scrivo da laura@doria.it", None),
        ("doria.itinerari.example", None),
        ("madoria.it", None),
        ("doria.it.example", None),
        ("niente", None),
        ("", None),
    ],
)
def test_the_service_named_in_the_text(text: str, named: str | None) -> None:
    customer = make_customer()
    for name in ("doria.it", "shop.doria.it", "vps-331"):
        make_service(name, customer=customer)

    assert meant(customer, text) == (named and (named, [ServiceReason.MENTIONED]))


def test_else_the_domain_the_sender_writes_from() -> None:
    customer = make_customer()
    for name in ("doria.it", "altro.it"):
        make_service(name, customer=customer)

    assert meant(customer, "aiuto", "Laura@DORIA.it") == ("doria.it", [ServiceReason.SENDER_DOMAIN])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Il telefono non scarica più la posta", "posta doria.it"),
        ("Le caselle di doria.it sono piene", "posta doria.it"),
        ("Il modulo del sito non manda la posta", "doria.it"),
        ("Non si apre più niente", "doria.it"),
    ],
)
def test_who_speaks_of_mail_alone_means_the_mailboxes_of_that_domain(text: str, name: str) -> None:
    customer = make_customer()
    make_service("doria.it", customer=customer)
    for box, owner in (("posta doria.it", customer), ("posta altro.it", customer), ("mail doria.it", make_customer())):
        make_service(box, customer=owner, kind=ServiceKind.MAIL)
    found = meant(customer, text, "laura@doria.it")
    assert found
    assert found[0] == name


def test_else_the_only_one_there_is() -> None:
    service = make_service("doria.it")

    assert meant(service.customer, "aiuto") == ("doria.it", [ServiceReason.ONLY_ONE])


def test_another_customers_service_is_never_meant() -> None:
    make_service("altrui.it")

    assert meant(make_customer(), "altrui.it non va") is None


def test_one_that_has_ended_is_not_meant() -> None:
    service = make_service("doria.it")

    actions.end_service(service=service, by=make_user(), now=NOW)

    assert service.status == ServiceStatus.ENDED
    assert meant(service.customer, "doria.it non va") is None


def test_a_new_service_is_called_in_lower_case_from_today_on() -> None:
    service = actions.add_service(
        customer=make_customer(), fields=ServiceFields(kind=ServiceKind.DOMAIN, name=" Doria.IT "), by=None, now=NOW
    )

    assert (service.name, service.since) == ("doria.it", date(2026, 3, 4))


def test_who_only_reads_adds_nothing() -> None:
    with pytest.raises(Refused) as refused:
        actions.add_server(fields=ServerFields(name="web-1"), by=make_reader(), now=NOW)

    assert refused.value.code == "read-only"


def test_a_very_long_text_is_read_quickly() -> None:
    service = make_service("doria.it")
    make_service("altro.it", customer=service.customer)

    assert meant(service.customer, "a.b-c " * 200_000) is None


def test_of_an_agencys_thousand_services_only_the_one_meant_is_read_whole(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    """A fault found: for each mail of somebody with 1,500 services all of them were read with their servers and customers."""
    customer = make_customer()
    make_service("altro.it", customer=customer)
    make_service("doria.it", customer=customer)
    contact = make_contact(customer=customer)
    with CaptureQueriesContext(connection) as captured, django_assert_max_num_queries(2):
        service, _why = queries.service_meant(contact, "doria.it non va", SENDER)
        assert service
        assert (service.name, service.customer.pk, service.server) == ("doria.it", customer.pk, None)
    names, whole = (query["sql"] for query in captured)
    assert "server_id" not in names
    assert f"= {service.pk}" in whole.replace("(", "").replace(")", "")
