"""Files as billing systems and spreadsheets write them, and as nobody should."""

from __future__ import annotations

from cProfile import Profile
from datetime import date
from pathlib import Path

import pytest

from sportello.imports import parsing, rules
from sportello.imports.enums import Kind
from sportello.imports.parsing import LONGEST_CELL, UnreadableError, open_table


def _rows(tmp_path: Path, content: bytes) -> list[list[str]]:
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    table = open_table(file)
    return [table.header, *(line.cells for line in table.lines())]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_usual_forms_read_alike(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f'id{delimiter}nome\r\n7{delimiter}"Caffè ""Più"" {delimiter} Figli"\r\n'
    assert _rows(tmp_path, text.encode(encoding)) == [["id", "nome"], ["7", f'Caffè "Più" {delimiter} Figli']]


def test_nul_bytes_and_empty_lines_are_passed_over(tmp_path: Path) -> None:
    assert _rows(tmp_path, b"id,name\n\n1,a\x00b\n\x00\n") == [["id", "name"], ["1", "ab"]]


@pytest.mark.parametrize("portion", [1, 7, 1 << 20])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_have_the_numbers_of_their_lines_however_much_is_empty_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, portion: int
) -> None:
    monkeypatch.setattr(parsing, "_PORTION", portion)
    file = tmp_path / "file.csv"
    lines = ["id,name", "", "1,a", ",", "  , ", "\x00", '2,"b', "", 'c"', *[""] * 500, ",,,d", ",", ""]
    file.write_bytes(end.join(lines).encode())
    read = [(line.number, line.cells) for line in open_table(file).lines()]
    assert read == [(3, ["1", "a"]), (7, ["2", f"b{end}{end}c"]), (510, ["", "", "", "d"])]


@pytest.mark.parametrize("empty", ["\n", "\r\n", ";;\n", " \t\n"])
def test_empty_lines_are_passed_over_at_the_speed_of_reading(tmp_path: Path, empty: str) -> None:
    """A fault found: 20 MB of them took a minute and a half, four calls of Python for each."""
    file = tmp_path / "file.csv"
    file.write_text("id;name\n" + empty * 100_000 + "1;a\n", encoding="utf-8", newline="")
    table, profile = open_table(file), Profile()
    assert [line.cells for line in profile.runcall(list, table.lines())] == [["1", "a"]]
    assert sum(entry.callcount for entry in profile.getstats()) < 1000


def test_a_quotation_mark_left_open_spoils_its_own_rows_only(tmp_path: Path) -> None:
    file = tmp_path / "file.csv"
    file.write_text('id,name\n1,"open\n' + "x" * (LONGEST_CELL + 10) + "\n2,Doria\n", encoding="utf-8")
    lines = list(open_table(file).lines())
    assert [bool(line.problem) for line in lines[:1]] == [True]
    assert lines[-1].cells == ["2", "Doria"]


@pytest.mark.parametrize("content", [b"", b"\x00" * 100, b"one column\n1\n", b"," * 600, b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_table_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(content)
    with pytest.raises(UnreadableError):
        open_table(file)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("31/12/2025", date(2025, 12, 31)),
        ("1.2.2025", date(2025, 2, 1)),
        ("2025-02-01 10:00:00", date(2025, 2, 1)),
        ("0000-00-00", None),
        ("", None),
    ],
)
def test_days_are_read_as_italians_and_databases_write_them(written: str, read: date | None) -> None:
    assert rules.day(written) == read


@pytest.mark.parametrize("written", ["31/02/2025", "yesterday", "2025", "12/31/2025", "=1+1"])
def test_what_is_no_day_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        rules.day(written)


def test_columns_go_by_their_usual_names_and_secrets_are_never_read() -> None:
    header = ["ID Cliente", "Ragione Sociale", "Password", "securityqans", "P.IVA", "note"]
    columns = rules.columns_of(Kind.CUSTOMERS, header, {})
    assert (columns.secrets, columns.unused, columns.missing) == (("Password", "securityqans"), ("note",), ())
    row = ["7", "Doria\x00\u202e Srl", "hunter2", "Fido", "00743110157", "x"]
    assert columns.cells(row) == {"external_id": "7", "name": "Doria Srl", "vat_number": "00743110157"}
    assert rules.columns_of(Kind.CUSTOMERS, header, {"name": "Password"}).missing == ("name",)
    assert rules.columns_of(Kind.CUSTOMERS, header, {"code": "note"}).cells(row)["code"] == "x"
