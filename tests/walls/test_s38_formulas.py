"""What the desk gives out for spreadsheets: no cell is a formula, whichever separator the spreadsheet's language makes it look for (S38)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django import app

from sportello.accounts.actions import record
from sportello.accounts.enums import Act, Role
from sportello.core import clock
from sportello.core.spreadsheets import safe_cell
from sportello.imports.actions.taking import JOB
from sportello.imports.models import Import
from tests.factories import make_user
from tests.walls.hostile.tally import Tally

pytestmark = pytest.mark.django_db

FORMULAS = (
    "=HYPERLINK(1)",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1",
    "@SUM(1)",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
)
BEFORE = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "x;",
    "x; ",
    'x";',
    "x,",
    'x",',
    'x";"',
    "x\t",
    "x\r\n",
    "x|",
    "\u00a0",
    "x;;",
    ";",
)
WORDS = tuple(before + formula for before, formula in product(BEFORE, FORMULAS))
SEPARATORS = (",", ";", "\t", "|")


def formulas(text: str) -> Iterator[str]:
    """The cells that some spreadsheet would work out, whatever it takes for the end of a cell."""
    for separator in SEPARATORS:
        for row in csv.reader(text.splitlines(), delimiter=separator):
            yield from (cell for cell in row if cell.strip(' \u00a0"')[:1] in tuple("=+-@\uff1d\uff0b\uff0d\uff20"))


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user(role=Role.ADMIN))
    return client


def test_s38_the_audit_is_a_file_without_formulas(
    admin: Client, record_property: Callable[[str, object], None]
) -> None:
    tally = Tally("S38 formulas in the audit")
    for words in WORDS:
        record(act=Act.SIGN_IN_FAILED, subject=words[:200], by=None, now=clock.now(), address=None)
    given = admin.get(reverse("desk:audit-csv")).getvalue().decode()
    assert given.count(Act.SIGN_IN_FAILED) == len(WORDS), "else this has shown nothing"
    assert given.startswith("\ufeffat,who,"), "a spreadsheet would take it for one of an old code page"
    tally.add("audit.csv", list(formulas(given)))
    tally.tried += len(WORDS) - 1
    record_property("counted", str(tally))
    tally.settle()


def test_s38_the_report_of_an_import_is_a_file_without_formulas(
    admin: Client, record_property: Callable[[str, object], None]
) -> None:
    tally = Tally("S38 formulas in the report of an import")
    quoted = ('"' + words.replace('"', '""') + '"' for words in WORDS)
    content = "id,name,VAT number\n" + "".join(f"{words},,{words}\n" for words in quoted)
    upload = SimpleUploadedFile("a.csv", content.encode(), content_type="text/csv")
    admin.post(reverse("desk:imports"), {"file": upload, "kind": "customers"})
    row = Import.objects.get()
    columns = {"column_external_id": "id", "column_name": "name", "column_vat_number": "VAT number"}
    admin.post(reverse("desk:try-import", args=[row.public_id]), {"kind": "customers", **columns})
    app.tasks[JOB].func(import_id=row.pk)
    given = admin.get(reverse("desk:import-report", args=[row.public_id])).getvalue().decode()
    assert given.count("wrong") > len(WORDS) / 2, "else this has shown nothing"
    tally.add("report.csv", list(formulas(given.removeprefix("\ufeff"))))
    tally.tried += 2 * len(WORDS) - 1
    record_property("counted", str(tally))
    tally.settle()


@pytest.mark.parametrize(
    "words", ["Doria Srl", "a-b", "1;2", "x; y", "ada@doria.example", "2026-11-29T10:00:00+00:00", ""]
)
def test_s38_what_is_no_formula_stays_as_it_was_written(words: str) -> None:
    assert safe_cell(words) == words
