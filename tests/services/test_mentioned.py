"""Which of a customer's services is a request about?"""

from __future__ import annotations

from datetime import date

import pytest

from sportello.core.errors import Refused
from sportello.services import actions, queries
from sportello.services.actions import ServerFields, ServiceFields
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.queries import ServiceReason
from tests.factories import NOW, make_customer, make_reader, make_service, make_user

pytestmark = pytest.mark.django_db
SENDER = "laura@posta.example"


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

    found = queries.service_mentioned(customer, text, SENDER)

    assert (found and found[0].name) == named
    if found:
        assert found[1] == ServiceReason.MENTIONED


def test_else_the_domain_the_sender_writes_from() -> None:
    customer = make_customer()
    service, _other = (make_service(name, customer=customer) for name in ("doria.it", "altro.it"))

    assert queries.service_mentioned(customer, "aiuto", "Laura@DORIA.it") == (service, ServiceReason.SENDER_DOMAIN)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Il telefono non scarica più la posta", "posta doria.it"),
        ("Le caselle di doria.it sono piene", "posta doria.it"),
        ("Il modulo del sito non manda la posta", "doria.it"),
        ("Non si apre più niente", "doria.it"),
    ],
)
def test_who_speaks_of_mail_alone_means_the_mailboxes_of_that_domain(text: str, meant: str) -> None:
    customer = make_customer()
    make_service("doria.it", customer=customer)
    for name, owner in (("posta doria.it", customer), ("posta altro.it", customer), ("mail doria.it", make_customer())):
        make_service(name, customer=owner, kind=ServiceKind.MAIL)
    found = queries.service_mentioned(customer, text, "laura@doria.it")
    assert found
    assert found[0].name == meant


def test_else_the_only_one_there_is() -> None:
    service = make_service("doria.it")

    assert queries.service_mentioned(service.customer, "aiuto", SENDER) == (service, ServiceReason.ONLY_ONE)


def test_another_customers_service_is_never_meant() -> None:
    make_service("altrui.it")

    assert queries.service_mentioned(make_customer(), "altrui.it non va", SENDER) is None


def test_one_that_has_ended_is_not_meant() -> None:
    service = make_service("doria.it")

    actions.end_service(service=service, by=make_user(), now=NOW)

    assert service.status == ServiceStatus.ENDED
    assert queries.service_mentioned(service.customer, "doria.it non va", SENDER) is None


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

    assert queries.service_mentioned(service.customer, "a.b-c " * 200_000, SENDER) is None
