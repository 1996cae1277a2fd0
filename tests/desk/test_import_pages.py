"""The pages of imports, as an administrator goes through them without JavaScript."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django import app

from sportello.accounts.enums import Role
from sportello.accounts.models import AuditEntry
from sportello.customers.models import Customer
from sportello.imports.actions.taking import JOB
from sportello.imports.enums import State
from sportello.imports.models import Import, ImportLine
from tests.factories import make_user

pytestmark = pytest.mark.django_db
HEADER = "Numero pratica;Ragione sociale;P.IVA;Dal;Password"
ROWS = (
    "1;Caffè Doria;00743110157;01/02/2020;hunter2",
    "2;Greco;00743110158;;hunter2",
    "3;;;;hunter2",
    "4;Neri;;2020-31-12;",
)


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(role=Role.ADMIN, language="en"))
    return client


def upload(admin: Client, *rows: str, kind: str = "") -> Import:
    file = SimpleUploadedFile("clienti.csv", "\r\n".join([HEADER, *rows]).encode("cp1252"))
    answer = admin.post(reverse("desk:imports"), {"file": file, "kind": kind})
    row = Import.objects.latest("id")
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("desk:import", args=[row.public_id]))
    return row


def send(admin: Client, name: str, row: Import, **data: str) -> None:
    """Posts a form, and lets the worker do what was asked for."""
    assert admin.post(reverse(name, args=[row.public_id]), data).status_code == 302
    row.refresh_from_db()
    if row.is_going:
        app.tasks[JOB].func(import_id=row.pk)
        row.refresh_from_db()


def page(admin: Client, row: Import, query: str = "") -> str:
    return admin.get(reverse("desk:import", args=[row.public_id]) + query).content.decode()


COLUMNS = {
    "kind": "customers",
    "column_external_id": "Numero pratica",
    "column_name": "Ragione sociale",
    "column_vat_number": "P.IVA",
}


def test_a_file_is_read_tried_and_carried_out(admin: Client) -> None:
    row = upload(admin, *ROWS, kind="customers")
    assert row.chosen == {"name": "Ragione sociale", "vat_number": "P.IVA", "since": "Dal"}
    assert "Password" in page(admin, row)
    assert admin.post(reverse("desk:try-import", args=[row.public_id]), {"kind": "customers"}).status_code == 422
    send(admin, "desk:try-import", row, **COLUMNS, column_since="Dal")
    assert (row.state, row.counts, Customer.objects.count()) == (State.TRIED, {"new": 2, "wrong": 2}, 0)
    shown = page(admin, row, "?shown=wrong")
    assert ("name is empty" in shown, "“2020-31-12” is not a date" in shown, "VAT number cannot be right" in shown) == (
        True,
        True,
        False,
    )
    send(admin, "desk:go-import", row)
    assert (row.state, row.counts) == (State.DONE, {"new": 2, "wrong": 2})
    assert [str(each.since) for each in Customer.objects.order_by("external_id")] == ["2020-02-01", "None"]
    assert list(AuditEntry.objects.order_by("pk").values_list("act", flat=True))[-3:] == [
        "import-begun",
        "import-begun",
        "imported",
    ]
    assert "hunter2" not in page(admin, row) + str(list(Import.objects.values())) + str(
        list(ImportLine.objects.values())
    )


def test_the_report_comes_as_csv_too(admin: Client) -> None:
    row = upload(admin, *ROWS, kind="customers")
    send(admin, "desk:try-import", row, **COLUMNS)
    address = reverse("desk:import-report", args=[row.public_id])
    answer = admin.get(address, {"shown": "new"})
    text = answer.getvalue().decode("utf-8-sig")
    told = list(csv.DictReader(io.StringIO(text)))
    assert [(each["line"], each["external_id"], each["outcome"], each["why"]) for each in told] == [
        ("2", "1", "new", ""), ("3", "2", "new", "VAT number cannot be right and was left out"), ("5", "4", "new", ""),
    ]  # fmt: skip


def test_what_it_holds_is_guessed_and_may_be_said_otherwise(admin: Client) -> None:
    row = upload(admin, *ROWS)
    assert row.kind == ""
    send(admin, "desk:try-import", row, kind="servers")
    assert (row.state, row.kind) == (State.DRAFT, "servers")
    send(admin, "desk:try-import", row, kind="customers")
    assert (row.state, row.kind, row.chosen["name"]) == (State.DRAFT, "customers", "Ragione sociale")


def test_many_may_end_only_when_it_is_meant(admin: Client) -> None:
    first = upload(admin, *(f"{number};Cliente {number};;;" for number in range(12)), kind="customers")
    send(admin, "desk:try-import", first, **COLUMNS)
    send(admin, "desk:go-import", first)
    short = upload(admin, "0;Cliente 0;;;", kind="customers")
    send(admin, "desk:try-import", short, **COLUMNS, is_whole="on")
    assert "It is meant" in page(admin, short)
    send(admin, "desk:go-import", short, many_may_end="on")
    assert (short.counts, Customer.objects.filter(is_active=True).count()) == ({"ended": 11, "same": 1}, 1)


def test_an_upload_that_is_no_table_is_said_to_be_none(admin: Client) -> None:
    file = SimpleUploadedFile("foto.csv", b"\x89PNG\r\n\x1a\n")
    answer = admin.post(reverse("desk:imports"), {"file": file, "kind": ""})
    assert (answer.status_code, "This is not a CSV file" in answer.content.decode(), Import.objects.count()) == (
        422,
        True,
        0,
    )


def test_pages_ask_no_more_for_many_rows(admin: Client) -> None:
    def queries(rows: int) -> int:
        row = upload(admin, *(f"{number};Cliente {number};;;" for number in range(rows)), kind="customers")
        send(admin, "desk:try-import", row, **COLUMNS)
        page(admin, row)
        with CaptureQueriesContext(connection) as seen:
            page(admin, row)
            admin.get(reverse("desk:imports"))
        return len(seen)

    assert queries(1) == queries(60)
