"""Domains with their history, the provider's networks, and services of whoever writes for several customers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sportello.accounts.enums import Role
from sportello.core.errors import Refused
from sportello.services import actions, queries, rules
from sportello.services.actions import ServiceFields
from sportello.services.enums import ServiceKind
from sportello.services.models import Server, Service
from sportello.services.queries import ServiceReason
from tests.factories import NOW, make_contact, make_customer, make_service, make_user

pytestmark = pytest.mark.django_db
SENDER = "nora@agenzia.example"


def _sold(*domains: str) -> Service:
    fields = ServiceFields(kind=ServiceKind.HOSTING, name="doria", domains=domains)
    return actions.add_service(customer=make_customer(), fields=fields, by=make_user(), now=NOW)


def _keep(service: Service, *domains: str) -> None:
    fields = ServiceFields(kind=ServiceKind.HOSTING, name=service.name, domains=domains)
    later = NOW + timedelta(days=30)
    actions.change_service(service=service, fields=fields, by=make_user(), now=later, address=None)


def test_a_domain_that_moves_to_another_customer_is_known_at_both() -> None:
    before = _sold("doria.example", "Shop.DORIA.example")
    _keep(before, "doria.example")
    after = _sold("shop.doria.example")
    assert [(row.name, row.since, row.until) for row in queries.domains_of(before)] == [
        ("doria.example", date(2026, 3, 4), None),
        ("shop.doria.example", date(2026, 3, 4), date(2026, 4, 3)),
    ]
    assert [(row.service, row.until) for row in queries.elsewhere(after)] == [(before, date(2026, 4, 3))]


def test_the_domains_of_a_service_that_ends_are_free() -> None:
    service = _sold("doria.example")
    actions.end_service(service=service, by=None, now=NOW)
    assert [row.until for row in queries.domains_of(service)] == [date(2026, 3, 4)]
    assert service.ends_on == date(2026, 3, 4)


@pytest.mark.parametrize(
    "written", ["doria", "-a.it", "a..it", "a b.it", "x" * 64 + ".it", "\x00.it", "=cmd.it", "xn--\u2028.it"]
)
def test_what_is_no_domain_is_refused(written: str) -> None:
    with pytest.raises(Refused) as refused:
        _sold(written)
    assert refused.value.code == "domain-not-valid"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("/shop/", "doria.example/shop/"),
        (" https://WWW.Doria.example ", "www.doria.example/"),
        ("shop.doria.example/a b?c=d&e", "shop.doria.example/a%20b?c=d&e"),
        ("altro.example/è", "altro.example/%C3%A8"),
    ],
)
def test_the_page_that_is_looked_at_is_one_of_the_services_own(written: str, kept: str) -> None:
    service = _looked_at(written)
    assert (service.look_at, service.look_for) == (kept, "Benvenuti in bottega")


def _looked_at(page: str) -> Service:
    fields = ServiceFields(
        kind=ServiceKind.HOSTING,
        name="doria.example",
        domains=("altro.example",),
        look_at=page,
        look_for="  Benvenuti   in bottega ",
    )
    return actions.add_service(customer=make_customer(), fields=fields, by=make_user(), now=NOW)


@pytest.mark.parametrize(
    "written",
    [
        "undoria.example/",
        "http://127.0.0.1/",
        "http://doria.example:22/",
        "http://doria.example@127.0.0.1/",
        "ftp://doria.example/",
        "http://[::1",
        "example/",
        "x" * 400,
        "/" + "x" * 299,
    ],
)
def test_a_page_of_somebody_elses_is_never_looked_at(written: str) -> None:
    with pytest.raises(Refused) as refused:
        _looked_at(written)
    assert refused.value.code == "page-not-own"


def test_letters_outside_ascii_are_kept_as_dns_knows_them() -> None:
    assert rules.domain_name("Caffè.example.") == "xn--caff-8oa.example"


def test_a_server_outside_the_networks_is_pointed_out_once_there_are_some() -> None:
    admin = make_user(role=Role.ADMIN)
    inside = Server.objects.create(name="in", address="192.0.2.8", other_addresses=["2001:db8::8"])
    outside = Server.objects.create(name="out", address="198.51.100.1")
    assert queries.servers_outside([inside, outside], queries.networks()) == set()
    for network in ("192.0.2.0/24", "2001:db8::/32"):
        actions.add_network(network=network, label="", by=admin, now=NOW, address=None)
    assert queries.servers_outside([inside, outside], queries.networks()) == {outside.pk}


@pytest.mark.parametrize(
    ("written", "code"),
    [("192.0.2.1/24", "network-not-valid"), ("ours", "network-not-valid"), ("192.0.2.0/24", "network-known")],
)
def test_what_is_no_network_or_known_already_is_refused(written: str, code: str) -> None:
    admin = make_user(role=Role.ADMIN)
    actions.add_network(network="192.0.2.0/24", label="", by=admin, now=NOW, address=None)
    with pytest.raises(Refused) as refused:
        actions.add_network(network=written, label="", by=admin, now=NOW, address=None)
    assert refused.value.code == code


def test_the_service_that_a_mail_names_says_for_which_customer_it_is() -> None:
    contact = make_contact(address=SENDER)
    own = make_service("agenzia-sito.example", customer=contact.customer)
    other = make_service("panificio.example")
    make_service("altrui.example")
    contact.memberships.create(customer=other.customer, since=NOW)
    meant = queries.service_meant
    assert meant(contact, "panificio.example non va", SENDER) == (other, [ServiceReason.MENTIONED])
    assert meant(contact, "altrui.example non va", SENDER) == (own, [ServiceReason.ONLY_ONE])
    make_service("altro-sito.example", customer=contact.customer)
    assert meant(contact, "non va", SENDER) == (None, [ServiceReason.OWN_CUSTOMER])
    assert meant(make_contact(), "non va", SENDER) == (None, [])
