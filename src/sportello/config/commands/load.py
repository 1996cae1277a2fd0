"""`sportello import`."""

from __future__ import annotations

import argparse
import csv
import sys
import tomllib
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sportello.config.env import SettingError
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.core.loading import Outcome, Verdict
from sportello.imports.actions import Order, carry_out
from sportello.imports.enums import Kind
from sportello.imports.parsing import Table, UnreadableError, open_table
from sportello.imports.rules import FIELDS, Columns, columns_of, safe_cell

SHOWN = 20
"""So many of the rows that were not taken are shown on the terminal; the report has all."""


def run(options: argparse.Namespace) -> int:
    """0 when every row was taken, 1 when some were not or nothing could be done."""
    kind, table = Kind(options.kind), _table(options.file)
    columns = _columns(kind, table, options.columns)
    order = Order(
        kind=kind,
        table=table,
        columns=columns,
        is_trial=options.dry_run,
        is_whole=options.whole,
        many_may_vanish=options.many_may_end,
    )
    refused: deque[Verdict] = deque(maxlen=SHOWN)
    with _report(options.report) as write:

        def tell(verdict: Verdict) -> None:
            write(verdict)
            if verdict.outcome in (Outcome.WRONG, Outcome.CONFLICT):
                refused.append(verdict)

        try:
            result = carry_out(order=order, by=None, now=clock.now(), tell=tell, progress=_progress)
        except Refused as refusal:
            raise SettingError(refusal.message) from None
    for verdict in refused:
        print(f"line {verdict.line}: {verdict.outcome}: {verdict.why}")
    told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(result.counts.items()))
    print(f"{result.rows} rows: {told or 'none'}.{' Nothing was changed.' if order.is_trial else ''}")
    return 1 if refused else 0


def _table(path: Path) -> Table:
    try:
        return open_table(path)
    except OSError as error:
        raise SettingError(f"{path} cannot be read: {error.strerror}.") from None
    except UnreadableError as error:
        raise SettingError(f"{path} cannot be read: {error}.") from None


def _columns(kind: Kind, table: Table, chosen: Path | None) -> Columns:
    columns = columns_of(kind, table.header, _chosen(kind, chosen) if chosen else {})
    if columns.missing:
        raise SettingError(
            f"These columns are not in the file, name them with --columns: {', '.join(columns.missing)}."
        )
    print(f"Read as {table.encoding}, parted by {table.delimiter!r}: {', '.join(columns.places)}.")
    for names, what in ((columns.secrets, "Dropped unread, they may be secret"), (columns.unused, "Not used")):
        if names:
            print(f"{what}: {', '.join(names)}.")
    return columns


def _chosen(kind: Kind, path: Path) -> dict[str, str]:
    """The table of this kind in the file, by our own names of columns."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")).get(kind, {})
    except (OSError, ValueError) as error:
        raise SettingError(f"{path} cannot be read: {error}.") from None
    strange = [field for field in told if field not in FIELDS[kind]]
    if strange:
        raise SettingError(f"{path}: {', '.join(strange)} is none of {', '.join(FIELDS[kind])}.")
    return {field: str(name) for field, name in told.items()}


@contextmanager
def _report(path: Path | None) -> Iterator[Callable[[Verdict], None]]:
    if path is None:
        yield lambda _verdict: None
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["line", "external_id", "outcome", "why"])
        yield lambda verdict: writer.writerow(
            [verdict.line or "", safe_cell(verdict.external_id), verdict.outcome, safe_cell(verdict.why)]
        )


def _progress(rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{rows} rows", end="", file=sys.stderr, flush=True)
