"""A file is taken in, without the columns that may be secret; then it is said what it holds and how it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core import live
from sportello.core.errors import Refused
from sportello.core.loading import Outcome
from sportello.imports.enums import GOING, OPEN, Kind, Source, State, Trouble
from sportello.imports.models import Import, ImportLine, ImportPortion
from sportello.imports.parsing import Line, Table, UnreadableError, open_table
from sportello.imports.queries import columns_chosen_before
from sportello.imports.rules import FIELDS, columns_of, guess, is_secret

JOB = "sportello.imports.carry_on"
PORTION = 1000
NAME_LENGTH = 200
DRAFTS_KEPT = timedelta(days=7)
REPORTS_KEPT = timedelta(days=365)


def take_in(*, path: Path, name: str, kind: Kind | None, by: User | None, now: datetime) -> Import:
    """Reads a file of comma-separated values. Columns that may be secret are dropped here: nothing of them is kept anywhere.

    Without a kind it is guessed from the columns. Raises Refused("file-not-readable").
    """
    check_can_administer(by)
    try:
        table = open_table(path)
    except UnreadableError:
        said = _("This is not a CSV file whose first line names columns, parted by comma, semicolon or tab.")
        raise Refused("file-not-readable", said) from None
    places = [place for place, column in enumerate(table.header) if not is_secret(column)]
    header = [table.header[place] for place in places]
    with transaction.atomic():
        row = Import.objects.create(
            **_begun(Source.FILE, State.DRAFT, name, by, now),
            kind=kind or guess(header) or "",
            encoding=table.encoding,
            delimiter=table.delimiter,
            header=header,
            secrets=[column for column in table.header if is_secret(column)],
        )
        row.rows = _keep_rows(row, table, places)
        row.chosen = _chosen(row)
        row.is_read = True
        row.save()
    return row


@transaction.atomic
def choose(*, row: Import, kind: Kind, chosen: Mapping[str, str], by: User | None) -> Import:
    """Says what the file holds and which of its columns is which. Another kind begins anew with what is guessed.

    Raises Refused: "import-gone-on", "columns-missing", "column-unknown".
    """
    check_can_administer(by)
    if row.kind != kind:
        values: dict[str, Any] = {"kind": kind, "chosen": {}}
        values["chosen"] = _chosen(Import(kind=kind, header=row.header))
    else:
        values = {"chosen": _checked(kind, row.header, chosen)}
    if Import.objects.filter(pk=row.pk, state__in=OPEN, source=Source.FILE).update(**values) != 1:
        raise _gone_on()
    for field, value in values.items():
        setattr(row, field, value)
    return row


def begin(
    *,
    row: Import,
    is_trial: bool,
    by: User | None,
    now: datetime,
    is_whole: bool = False,
    many_may_end: bool = False,
    is_deferred: bool = True,
    address: str | None = None,
) -> None:
    """Tries it, or carries it out: a job goes through the rows, unless whoever asks does so at once.

    Raises Refused: "import-gone-on" when somebody was quicker, "columns-missing" when it is not said which column is which.
    """
    check_can_administer(by)
    _check_complete(row)
    with transaction.atomic():
        begun = Import.objects.filter(pk=row.pk, state__in=OPEN).update(
            state=State.TRYING if is_trial else State.RUNNING,
            is_whole=is_whole,
            many_may_end=many_may_end,
            moved_at=now,
            **anew(),
        )
        if begun != 1:
            raise _gone_on()
        ImportLine.objects.filter(of=row).delete()
        if is_deferred:
            _defer_for(row, is_trial=is_trial, by=by, now=now, address=address)
    row.refresh_from_db()


def let_end(*, row: Import, by: User | None, now: datetime, address: str | None) -> None:
    """It is meant: what an import was to end, and did not because it was so much, is ended by a job, if it still is in no list.

    Raises Refused: "import-gone-on" when that was said before, long ago, or when the same was imported again since; "sync-going-on".
    """
    check_can_administer(by)
    later = Import.objects.filter(pk__gt=row.pk, source=row.source, kind=row.kind, state__in=(State.DONE, *GOING))
    if later.exists():
        raise _gone_on()
    try:
        with transaction.atomic():
            held = Import.objects.select_for_update(no_key=True).filter(
                pk=row.pk, state=State.DONE, trouble=Trouble.MANY_VANISHED, ended_at__gt=now - DRAFTS_KEPT
            ).first()  # fmt: skip
            if held is None:
                raise _gone_on()
            ImportLine.objects.filter(of=held, line=0).delete()
            held.counts = {
                name: count for name, count in held.counts.items() if name not in (Outcome.WAITS, Outcome.ENDED)
            }
            held.state, held.many_may_end, held.moved_at, held.ended_at = State.RUNNING, True, now, None
            held.trouble = held.trouble_detail = ""
            held.save()
            _defer_for(held, is_trial=False, by=by, now=now, address=address)
    except IntegrityError:
        raise _sync_going_on() from None
    row.refresh_from_db()


def begin_sync(
    *,
    source: Source,
    is_trial: bool,
    by: User | None,
    now: datetime,
    many_may_end: bool = False,
    is_deferred: bool = True,
    address: str | None = None,
) -> Import:
    """Looks at a billing system: what it lists is the whole.

    Raises Refused("sync-going-on") while another one is under way.
    """
    check_can_administer(by)
    state = State.TRYING if is_trial else State.RUNNING
    begun = _begun(source, state, str(source.label), by, now)
    try:
        with transaction.atomic():
            row = Import.objects.create(**begun, is_whole=True, many_may_end=many_may_end)
            if is_deferred:
                _defer_for(row, is_trial=is_trial, by=by, now=now, address=address)
    except IntegrityError:
        raise _sync_going_on() from None
    return row


def stop(*, row: Import, by: User | None, now: datetime, address: str | None) -> None:
    """Ends it where it is: rows that were taken stay. What was read of the file is kept no longer."""
    check_can_administer(by)
    with transaction.atomic():
        stopped = Import.objects.filter(pk=row.pk, state__in=(*GOING, *OPEN)).update(
            state=State.STOPPED, moved_at=now, ended_at=now
        )
        if stopped != 1:
            raise _gone_on()
        ImportPortion.objects.filter(of=row).delete()
        record(act=Act.IMPORT_STOPPED, subject=row.name, by=by, now=now, address=address)
        live.publish("import", id=str(row.public_id))


def tidy(*, now: datetime) -> None:
    """What was read of files that nobody went on with is forgotten, and reports of a year ago."""
    old = Import.objects.filter(state__in=OPEN, moved_at__lt=now - DRAFTS_KEPT)
    ImportPortion.objects.filter(of__in=old).delete()
    old.update(state=State.STOPPED, trouble=Trouble.TOO_OLD, ended_at=now)
    ImportLine.objects.filter(of__ended_at__lt=now - REPORTS_KEPT).delete()


def defer(row: Import) -> None:
    app.configure_task(JOB, lock=f"{JOB}:{row.pk}").defer(import_id=row.pk)


def _defer_for(row: Import, *, is_trial: bool, by: User | None, now: datetime, address: str | None) -> None:
    defer(row)
    detail = {"is_trial": is_trial, "is_whole": row.is_whole}
    record(act=Act.IMPORT_BEGUN, subject=row.name, by=by, now=now, address=address, detail=detail)


def anew() -> dict[str, Any]:
    """How far an import is that begins."""
    return {"portion": 0, "done": 0, "counts": {}, "trouble": "", "trouble_detail": ""}


def _begun(source: Source, state: State, name: str, by: User | None, now: datetime) -> dict[str, Any]:
    plain = "".join(letter for letter in name if letter.isprintable())[:NAME_LENGTH]
    return {"source": source, "state": state, "name": plain, "by": by, "created_at": now, "moved_at": now}


def _keep_rows(row: Import, table: Table, places: list[int]) -> int:
    lines, count = table.lines(), 0
    for number, portion in enumerate(iter(lambda: list(islice(lines, PORTION)), [])):
        kept = [_without(line, places) for line in portion]
        ImportPortion.objects.create(of=row, number=number, kind="", lines=kept)
        count += len(kept)
    return count


def _without(line: Line, places: list[int]) -> list[Any]:
    cells = line.cells
    return [line.number, [cells[place] if place < len(cells) else "" for place in places], line.problem]


def _chosen(row: Import) -> dict[str, str]:
    """The columns as they were said for a file with the same ones, or as they are guessed."""
    if not row.kind:
        return {}
    kind = Kind(row.kind)
    before = columns_chosen_before(kind, row.header)
    if before is not None:
        return before
    return {field: row.header[place] for field, place in columns_of(kind, row.header, {}).places.items()}


def _checked(kind: Kind, header: list[str], chosen: Mapping[str, str]) -> dict[str, str]:
    taken = {field: column for field, column in chosen.items() if column}
    if not taken.keys() <= FIELDS[kind].keys() or not set(taken.values()) <= set(header):
        raise Refused("column-unknown", _("The file has no such column."))
    if len(set(taken.values())) < len(taken):
        raise Refused("column-twice", _("One column of the file is named twice."))
    return taken


def _check_complete(row: Import) -> None:
    if row.source != Source.FILE:
        return
    missing = columns_of(Kind(row.kind), row.header, all_chosen(row)).missing if row.kind else ("kind",)
    if missing:
        raise Refused("columns-missing", _("Say which columns hold what is needed."))


def all_chosen(row: Import) -> dict[str, str]:
    """What was said of each of our fields: also that a column is not there."""
    return {**dict.fromkeys(FIELDS[Kind(row.kind)], ""), **row.chosen}


def _sync_going_on() -> Refused:
    return Refused("sync-going-on", _("This is already going on."))


def _gone_on() -> Refused:
    return Refused("import-gone-on", _("This import has gone on meanwhile: look at it again."))
