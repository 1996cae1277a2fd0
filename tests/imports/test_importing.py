"""What becomes of the rows of a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry
from sportello.accounts.queries import history_of
from sportello.config.cli import run
from sportello.customers.models import Contact, ContactAddress, Customer
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Server, Service, ServiceDomain
from tests.factories import NOW, make_contact, make_customer

pytestmark = pytest.mark.django_db
Import = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def load(tmp_path: Path) -> Import:
    """Imports lines of a kind; the outcome of every row, by its id."""

    def loaded(kind: str, *lines: str, options: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        file, report = tmp_path / "file.csv", tmp_path / "report.csv"
        file.write_text("\n".join(lines), encoding="cp1252")
        run(["import", kind, str(file), "--report", str(report), *options])
        with report.open(encoding="utf-8-sig", newline="") as told:
            return [(row["external_id"], row["outcome"]) for row in csv.DictReader(told)]

    return loaded


CUSTOMERS = ("id;nome;stato;dal;p.iva;password", "1;Caffè Doria;attivo;01/02/2020;00743110157;hunter2")


def test_customers_enter_change_stay_and_end_and_none_is_removed(load: Import) -> None:
    assert load("customers", *CUSTOMERS, "2;Greco;attivo;;;") == [("1", "new"), ("2", "new")]
    doria = Customer.objects.get(external_id="1")
    assert (doria.name, str(doria.since), doria.vat_number) == ("Caffè Doria", "2020-02-01", "00743110157")
    assert load("customers", *CUSTOMERS, options=("--whole",)) == [("1", "same"), ("2", "ended")]
    assert list(Customer.objects.order_by("name").values_list("is_active", flat=True)) == [True, False]
    assert load("customers", CUSTOMERS[0], "1;Doria Srl;attivo;;;") == [("1", "changed")]
    entries = AuditEntry.objects.filter(act=Act.IMPORTED).order_by("pk")
    assert [entry.detail for entry in entries] == [{"new": 2}, {"ended": 1, "same": 1}, {"changed": 1}]
    changed = AuditEntry.objects.get(about=f"customer:{doria.pk}")
    assert (changed.act, changed.detail["name"]) == (Act.CUSTOMER_CHANGED, ["Caffè Doria", "Doria Srl"])
    assert changed.detail["imported"].endswith(".csv")
    assert "hunter2" not in str(list(AuditEntry.objects.values())) + str(list(Customer.objects.values()))


def test_a_trial_says_the_same_and_changes_nothing(load: Import) -> None:
    assert load("customers", *CUSTOMERS, "2;;;;;", options=("--dry-run",)) == [("1", "new"), ("2", "wrong")]
    assert (Customer.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_rows_that_cannot_be_right_stop_no_other(load: Import) -> None:
    make_customer("Altra", code="9")
    Customer.objects.update(external_id="old")
    rows = (
        "1;A;;;;",
        ";B;;;;",
        "1;C;;;;",
        "4;D;;31/02/2020;;",
        "5;E;;;123;",
        f"6;{'x' * 161};;;;",
        "9;F;;;;",
        "=1;G;;;;",
    )
    outcomes = ["new", "wrong", "wrong", "wrong", "new", "wrong", "conflict", "new"]
    assert [outcome for _id, outcome in load("customers", CUSTOMERS[0], *rows)] == outcomes
    assert Customer.objects.get(external_id="5").vat_number == ""


def test_a_file_that_was_cut_short_ends_nothing(load: Import) -> None:
    load("customers", CUSTOMERS[0], *(f"{number};Cliente {number};;;;" for number in range(20)))
    assert load("customers", CUSTOMERS[0], "1;Cliente 1;;;;", options=("--whole",))[-1] == ("9", "waits")
    assert Customer.objects.filter(is_active=True).count() == 20
    load("customers", CUSTOMERS[0], "1;Cliente 1;;;;", options=("--whole", "--many-may-end"))
    assert Customer.objects.filter(is_active=True).count() == 1


def test_one_address_at_two_customers_is_one_person_who_writes_for_both(load: Import) -> None:
    load("customers", CUSTOMERS[0], "1;A;;;;", "2;B;;;;")
    rows = (
        "id,customer,name,email,tel,sees all",
        "7,1,Nora,Nora@Agenzia.example,02 55501041,si",
        "8,2,Nora L.,nora@agenzia.example,,no",
    )
    assert load("contacts", *rows) == [("7", "new"), ("8", "new")]
    contact = Contact.objects.get()
    assert (contact.customer, contact.phone, contact.sees_all) == (
        Customer.objects.get(code="1"),
        "+390255501041",
        True,
    )
    assert [(row.customer.code, row.sees_all) for row in contact.memberships.all()] == [("2", False)]
    assert ContactAddress.objects.get().address == "nora@agenzia.example"
    assert load("contacts", *rows) == [("7", "same"), ("8", "same")]


def test_a_stranger_is_given_to_nobody_by_a_file(load: Import) -> None:
    load("customers", CUSTOMERS[0], "1;A;;;;")
    make_contact(unknown=True, address="x@y.example")
    assert load("contacts", "customer,email", "1,x@y.example", "2,a@b.example", "1,no address") == [
        ("", "conflict"),
        ("", "wrong"),
        ("", "wrong"),
    ]


def test_services_name_their_server_and_domain(load: Import) -> None:
    load("customers", CUSTOMERS[0], "1;A;;;;", "2;B;;;;")
    load("servers", "id,name,ip", "3,web-1,192.0.2.1", "4,web-2,999.1.1.1")
    header = "id,clientid,domain,product,kind,status,server,scadenza"
    assert load(
        "services", header, "5,1,Doria.example,Shop,hosting,Active,web-1,31/12/2027", "6,1,vps-7,L,VPS,Odd,,"
    ) == [
        ("5", "new"),
        ("6", "wrong"),
    ]
    service = Service.objects.get()
    assert (service.server, service.kind, str(service.ends_on)) == (
        Server.objects.get(),
        ServiceKind.HOSTING,
        "2027-12-31",
    )
    assert ServiceDomain.objects.get().name == "doria.example"
    assert load("services", header, "5,2,doria.example,Shop,hosting,Active,web-1,") == [("5", "conflict")]


def test_what_ended_stands_in_the_history_and_comes_back_as_it_was(load: Import) -> None:
    load("customers", *CUSTOMERS)
    services = "id;cliente;nome;stato;scadenza", "51;1;shop.example;sospeso;31/12/2027", "52;1;mail.example;attivo;"
    people = "id;cliente;nome;email", "7;1;Anna Doria;anna@doria.example", "8;1;Bruno Greco;bruno@doria.example"
    load("services", *services)
    load("contacts", *people)
    load("services", services[0], services[2], options=("--whole",))
    load("contacts", *people[:2], options=("--whole",))
    shop, bruno = Service.objects.get(external_id="51"), Contact.objects.get(external_id="8")
    assert (shop.status, bruno.is_active) == (ServiceStatus.ENDED, False)
    assert history_of(shop)[0].detail["status"] == ["suspended", "ended"]
    told = [(entry.detail.get("service") or entry.detail["contact"])[0] for entry in history_of(shop.customer)]
    assert told == ["Bruno Greco", "shop.example"]
    assert all(entry.detail["not_listed"].endswith(".csv") for entry in history_of(shop.customer))
    load("services", "id;cliente;nome", "51;1;shop.example")
    load("contacts", *people)
    shop.refresh_from_db()
    bruno.refresh_from_db()
    assert (shop.status, str(shop.ends_on), bruno.is_active) == (ServiceStatus.SUSPENDED, "2027-12-31", True)
    assert shop.domains.filter(until=None).count() == 1


def test_who_was_ended_by_hand_stays_so(load: Import) -> None:
    load("customers", *CUSTOMERS, "2;Greco;;;;")
    load("customers", *CUSTOMERS, options=("--whole",))
    greco = Customer.objects.get(external_id="2")
    record(act=Act.CUSTOMER_CHANGED, subject="Greco", by=None, now=NOW, address=None, detail={}, about=greco)
    load("customers", CUSTOMERS[0], "2;Greco;;;;")
    greco.refresh_from_db()
    assert not greco.is_active


def test_a_domain_that_moved_ends_at_one_customer_and_begins_at_the_other(load: Import) -> None:
    load("customers", CUSTOMERS[0], "1;A;;;;", "2;B;;;;")
    for customer in ("1", "2"):
        assert load("domains", "id,userid,domain,status", f"5,{customer},doria.example,Active") == [("5", "new")]
    found = Service.objects.order_by("customer__code").values_list("customer__code", "status", "external_id")
    assert list(found) == [("1", ServiceStatus.ENDED, None), ("2", ServiceStatus.ACTIVE, "domain/5")]
    assert [row.until is None for row in ServiceDomain.objects.order_by("pk")] == [False, True]


def test_many_rows_take_no_more_statements_than_few(load: Import) -> None:
    def statements(first: int, count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            load("customers", CUSTOMERS[0], *(f"{first + number};Cliente;;;;" for number in range(count)))
        return len(seen)

    assert statements(1000, 300) == statements(2000, 2)
