"""`sportello import`."""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

from sportello.config.env import SettingError
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.core.loading import Outcome
from sportello.core.spreadsheets import csv_lines
from sportello.imports.actions import taking
from sportello.imports.actions.running import carry_on
from sportello.imports.enums import Kind, Source, State
from sportello.imports.models import Import
from sportello.imports.queries import report_lines
from sportello.imports.rules import FIELDS, columns_of
from sportello.imports.words import report_rows, trouble, why

SHOWN = 20
"""So many of the rows that were not taken are shown on the terminal; the report has all."""
NOT_TAKEN = (Outcome.WRONG, Outcome.CONFLICT)


def run(options: argparse.Namespace) -> int:
    """0 when every row was taken, 1 when some were not or nothing could be done."""
    try:
        row = _of_whmcs(options) if options.kind == Source.WHMCS else _of_file(options)
        _go(row)
    except Refused as refusal:
        raise SettingError(refusal.message) from None
    if options.report:
        with options.report.open("w", encoding="utf-8-sig", newline="") as file:
            file.writelines(csv_lines(report_rows(report_lines(row))))
    return _tell(row, is_trial=options.dry_run)


def _of_whmcs(options: argparse.Namespace) -> Import:
    if options.file or options.columns:
        raise SettingError("WHMCS is read through its API: name no file and no columns.")
    return taking.begin_sync(
        source=Source.WHMCS,
        is_trial=options.dry_run,
        by=None,
        now=clock.now(),
        many_may_end=options.many_may_end,
        is_deferred=False,
    )


def _of_file(options: argparse.Namespace) -> Import:
    if options.file is None:
        raise SettingError("Name the file to import.")
    kind, now = Kind(options.kind), clock.now()
    try:
        row = taking.take_in(path=options.file, name=options.file.name, kind=kind, by=None, now=now)
    except OSError as error:
        raise SettingError(f"{options.file} cannot be read: {error.strerror}.") from None
    told = _chosen(kind, options.columns) if options.columns else {}
    named = {column.lower(): column for column in row.header}
    chosen = {**_guessed(row), **{field: named.get(column.strip().lower(), "") for field, column in told.items()}}
    missing = columns_of(kind, row.header, chosen).missing
    if missing:
        taking.stop(row=row, by=None, now=now, address=None)
        raise SettingError(f"These columns are not in the file, name them with --columns: {', '.join(missing)}.")
    taking.choose(row=row, kind=kind, chosen=chosen, by=None)
    _tell_columns(row)
    taking.begin(
        row=row,
        is_trial=options.dry_run,
        by=None,
        now=now,
        is_whole=options.whole,
        many_may_end=options.many_may_end,
        is_deferred=False,
    )
    return row


def _guessed(row: Import) -> dict[str, str]:
    """By the names of the columns alone, so that a command does the same whatever was chosen on the page."""
    return {field: row.header[place] for field, place in columns_of(Kind(row.kind), row.header, {}).places.items()}


def _go(row: Import) -> None:
    try:
        carry_on(import_id=row.pk, now=clock.now, tell=_progress)
    except KeyboardInterrupt:
        taking.stop(row=row, by=None, now=clock.now(), address=None)
        raise
    row.refresh_from_db()


def _tell_columns(row: Import) -> None:
    named = {"\t": "tab"}.get(row.delimiter, row.delimiter)
    print(f"Read as {row.encoding}, parted by {named}: {', '.join(row.chosen)}.")
    unused = [column for column in row.header if column not in row.chosen.values()]
    for names, what in ((row.secrets, "Dropped unread, they may be secret"), (unused, "Not used")):
        if names:
            print(f"{what}: {', '.join(names)}.")


def _chosen(kind: Kind, path: Path) -> Mapping[str, str]:
    """The table of this kind in the file, by our own names of columns."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")).get(kind, {})
    except (OSError, ValueError) as error:
        raise SettingError(f"{path} cannot be read: {error}.") from None
    strange = [field for field in told if field not in FIELDS[kind]]
    if strange:
        raise SettingError(f"{path}: {', '.join(strange)} is none of {', '.join(FIELDS[kind])}.")
    return {field: str(name) for field, name in told.items()}


def _tell(row: Import, *, is_trial: bool) -> int:
    if row.state == State.FAILED:
        raise SettingError(trouble(row))
    refused = sum(row.counts.get(outcome, 0) for outcome in NOT_TAKEN)
    for line in row.lines.filter(outcome__in=NOT_TAKEN).order_by("-id")[:SHOWN]:
        print(f"{line.kind}, line {line.line}: {line.outcome}: {why(line.why)}")
    told = ", ".join(f"{count} {outcome}" for outcome, count in row.counts.items())
    print(f"{row.done} rows: {told or 'none'}.{' Nothing was changed.' if is_trial else ''}")
    if row.trouble:
        raise SettingError(f"{trouble(row)} --many-may-end says that it is meant.")
    return 1 if refused else 0


def _progress(row: Import) -> None:
    if sys.stderr.isatty():
        print(f"\r{row.done} of {row.rows} rows", end="", file=sys.stderr, flush=True)
