"""The way through the rows of an import, portion by portion: begun again after a fault, it goes on where it was.

Each portion stands by itself, with its part of the report, in one transaction. One process at a time goes through an import.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from sportello.accounts.actions import record, record_changes
from sportello.accounts.enums import Act
from sportello.core import live
from sportello.core.loading import Ending, Entry, Outcome, Pass, Unfit, Verdict
from sportello.customers import importing as customers
from sportello.customers.models import Customer
from sportello.imports.actions.fetching import fetch, settle
from sportello.imports.actions.taking import all_chosen, anew
from sportello.imports.adapters.source import SourceError
from sportello.imports.enums import GOING, Kind, Source, State, Trouble
from sportello.imports.models import Import, ImportLine, ImportPortion
from sportello.imports.rules import FIELDS, Columns, columns_of, entry_of, may_vanish
from sportello.services import importing as services

LOADERS: Mapping[Kind, Callable[[Sequence[Entry], Pass], list[Verdict]]] = MappingProxyType(
    {
        Kind.CUSTOMERS: customers.load_customers,
        Kind.CONTACTS: customers.load_contacts,
        Kind.SERVERS: services.load_servers,
        Kind.SERVICES: services.load_services,
        Kind.DOMAINS: services.load_domains,
    }
)
VANISHING: Mapping[Kind, Callable[[], QuerySet[Any]]] = MappingProxyType(
    {
        Kind.CUSTOMERS: customers.vanishing_customers,
        Kind.CONTACTS: customers.vanishing_contacts,
        Kind.SERVERS: services.vanishing_servers,
        Kind.SERVICES: services.vanishing_services,
        Kind.DOMAINS: services.vanishing_domains,
    }
)
ENDERS: Mapping[Kind, Callable[[Sequence[int], datetime], Ending]] = MappingProxyType(
    {
        Kind.CUSTOMERS: customers.end_customers,
        Kind.CONTACTS: customers.end_contacts,
        Kind.SERVERS: services.end_servers,
        Kind.SERVICES: services.end_services,
        Kind.DOMAINS: services.end_services,
    }
)
CHANGED: Mapping[Kind, Act] = MappingProxyType(
    {
        Kind.CUSTOMERS: Act.CUSTOMER_CHANGED,
        Kind.CONTACTS: Act.CONTACT_CHANGED,
        Kind.SERVERS: Act.SERVER_CHANGED,
        Kind.SERVICES: Act.SERVICE_CHANGED,
        Kind.DOMAINS: Act.SERVICE_CHANGED,
    }
)
BELONGING: Mapping[Kind, str] = MappingProxyType(
    {Kind.CONTACTS: "contact", Kind.SERVICES: "service", Kind.DOMAINS: "service"}
)
"""By what word the history of a customer speaks of them."""
_TWICE = gettext_noop("an earlier row has this id")
_TOO_LONG = gettext_noop("a cell is too long: is a quotation mark left open before it?")
_ALONE = "SELECT pg_try_advisory_lock(hashtextextended('sportello import ' || %s::text, 0))"
_LET_GO = "SELECT pg_advisory_unlock(hashtextextended('sportello import ' || %s::text, 0))"
_REPORT = "COPY imports_importline (of_id, kind, line, external_id, outcome, why) FROM STDIN"
ID_LENGTH = 254


@dataclass(slots=True)
class _Way:
    """One process's way through an import: what it knows besides what is stored."""

    row: Import
    going: Pass
    seen: dict[Kind, set[str]] = field(default_factory=lambda: {kind: set() for kind in Kind})

    def columns(self, kind: Kind) -> Columns:
        if self.row.source == Source.FILE:
            return columns_of(kind, self.row.header, all_chosen(self.row))
        return columns_of(kind, list(FIELDS[kind]), {})


def carry_on(
    *,
    import_id: int,
    now: Callable[[], datetime],
    tell: Callable[[Import], None] = lambda _row: None,
    is_patient: bool = False,
) -> None:
    """Goes through what is left of an import, if nobody else does; told after each portion how far it is.

    Where somebody comes back to it (`is_patient`), a billing system that fell silent is asked on later, as long as each time more of it comes.
    """
    with _alone(import_id) as is_ours:
        row = Import.objects.filter(pk=import_id, state__in=GOING).first() if is_ours else None
        if row is None:
            return
        rows = row.rows
        try:
            if not row.is_read:
                fetch(row=row, now=now)
        except SourceError as error:
            if not (is_patient and error.trouble is Trouble.UNREACHABLE and row.rows > rows):
                _give_up(row, error, now())
            return
        way = _way(row, now())
        while _portion(way, now()):
            tell(row)
        _finish(way, now())
        tell(row)


@contextmanager
def _alone(import_id: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [import_id])
        is_ours = bool(cursor.fetchone()[0])
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute(_LET_GO, [import_id])


def _way(row: Import, now: datetime) -> _Way:
    """A trial begins again, since it stores nothing of what it has found; the real thing goes on behind its last portion."""
    way = _Way(row, Pass(now, is_trial=row.is_trial))
    if row.is_trial and row.portion:
        ImportLine.objects.filter(of=row).delete()
        for name, value in anew().items():
            setattr(row, name, value)
        row.save(update_fields=list(anew()))
    of_rows = ImportLine.objects.filter(of=row, line__gt=0)
    for kind, external_id in of_rows.values_list("kind", "external_id").iterator():
        way.seen[Kind(kind)].add(external_id)
    return way


def _portion(way: _Way, now: datetime) -> bool:
    """Takes the next rows. False when there are none, or when somebody has stopped it."""
    row = way.row
    with transaction.atomic():
        state = Import.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=row.pk)
        portion = ImportPortion.objects.filter(of=row, number__gte=row.portion).order_by("number").first()
        if state != row.state or portion is None:
            return False
        kind = Kind(portion.kind or row.kind)
        read = list(_read(portion.lines, way.columns(kind), kind, way.seen[kind]))
        entries = [each for each in read if isinstance(each, Entry)]
        done = LOADERS[kind](entries, way.going) if entries else []
        _tell_history(way, kind, now)
        _report(row, kind, sorted([*done, *(each for each in read if isinstance(each, Verdict))], key=_line))
        row.portion, row.done, row.moved_at = portion.number + 1, row.done + len(portion.lines), now
        row.save(update_fields=["portion", "done", "moved_at", "counts"])
        live.publish("import", id=str(row.public_id))
    return True


def _tell_history(way: _Way, kind: Kind, now: datetime) -> None:
    """What changed stands in the history of each row, as if somebody had changed it by hand."""
    changes = [(CHANGED[kind], each, changed) for each, changed in way.going.changes]
    way.going.changes.clear()
    if not way.going.is_trial:
        record_changes(changes, by=way.row.by, now=now, why={"imported": way.row.name})


def _read(lines: Sequence[Any], columns: Columns, kind: Kind, seen: set[str]) -> Iterator[Entry | Verdict]:
    for number, row, problem in lines:
        if problem:
            yield Verdict(number, "", Outcome.WRONG, [(_TOO_LONG, {})])
            continue
        cells = columns.cells(row)
        external_id = cells.get("external_id", "")
        try:
            entry = entry_of(number, cells, kind)
        except Unfit as unfit:
            yield Verdict(number, external_id, unfit.outcome, [unfit.why])
        else:
            yield entry.verdict(Outcome.WRONG, (_TWICE, {})) if external_id in seen else entry
        if external_id:
            seen.add(external_id)  # also that of a row that cannot be read: it has not vanished


def _finish(way: _Way, now: datetime) -> None:
    """What vanished ends; then what was read is forgotten, unless it was a trial and the real thing may follow."""
    row = way.row
    with transaction.atomic():
        state = Import.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=row.pk)
        if state != row.state:
            return
        if row.is_whole:
            for kind in _kinds(row):
                _end_vanished(way, kind, now)
        is_trial = row.is_trial
        row.state, row.moved_at = State.TRIED if is_trial else State.DONE, now
        row.ended_at = None if is_trial else now
        row.save(update_fields=["state", "moved_at", "ended_at", "counts", "trouble", "trouble_detail"])
        if not is_trial:
            ImportPortion.objects.filter(of=row).delete()
            settle(row)
            subject = row.kind or row.get_source_display()
            record(act=Act.IMPORTED, subject=subject, by=row.by, now=now, address=None, detail=row.counts)
        live.publish("import", id=str(row.public_id))


def _kinds(row: Import) -> Sequence[Kind]:
    return [Kind(row.kind)] if row.kind else list(Kind)


def _end_vanished(way: _Way, kind: Kind, now: datetime) -> None:
    row, prefix, outcome = way.row, services.DOMAIN_ID if kind is Kind.DOMAINS else "", Outcome.ENDED
    known = dict(VANISHING[kind]().values_list("external_id", "pk"))
    gone = {
        external_id: key for external_id, key in known.items() if external_id.removeprefix(prefix) not in way.seen[kind]
    }
    if not may_vanish(len(gone), len(known)) and not row.many_may_end:
        row.trouble = Trouble.MANY_VANISHED
        row.trouble_detail = json.dumps([*json.loads(row.trouble_detail or "[]"), [kind, len(gone), len(known)]])
        outcome = Outcome.WAITS
    elif not way.going.is_trial:
        _end(row, kind, list(gone.values()), now)
    verdicts = [Verdict(0, external_id.removeprefix(prefix), outcome) for external_id in sorted(gone)]
    _report(row, kind, verdicts)


def _end(row: Import, kind: Kind, keys: Sequence[int], now: datetime) -> None:
    """What ended stands in its own history, and what belonged to a customer in theirs."""
    ending = list(VANISHING[kind]().filter(pk__in=keys))
    values = ENDERS[kind](keys, now)
    changes = [
        (CHANGED[kind], each, {name: [getattr(each, name), value] for name, value in values.items()}) for each in ending
    ]
    word = BELONGING.get(kind)
    if word:
        owners = Customer.objects.in_bulk({each.customer_id for each in ending if each.customer_id})
        theirs = [(owners[each.customer_id], each) for each in ending if each.customer_id]
        changes += [(Act.CUSTOMER_CHANGED, owner, {word: [str(each), None]}) for owner, each in theirs]
    record_changes(changes, by=row.by, now=now, why={"not_listed": row.name})


def _report(row: Import, kind: Kind, verdicts: Sequence[Verdict]) -> None:
    """Writes the rows of the report, and counts them."""
    with connection.cursor() as cursor, cursor.copy(_REPORT) as copy:
        for each in verdicts:
            why = json.dumps(each.why) if each.why else "[]"
            copy.write_row((row.pk, kind.value, each.line, each.external_id[:ID_LENGTH], each.outcome.value, why))
    counts = Counter(row.counts)
    counts.update(each.outcome.value for each in verdicts)
    row.counts = dict(sorted(counts.items()))


def _give_up(row: Import, error: SourceError, now: datetime) -> None:
    with transaction.atomic():
        ImportPortion.objects.filter(of=row).delete()
        Import.objects.filter(pk=row.pk, state__in=GOING).update(
            state=State.FAILED, trouble=error.trouble, trouble_detail=str(error)[:300], moved_at=now, ended_at=now
        )
        live.publish("import", id=str(row.public_id))


def _line(verdict: Verdict) -> int:
    return verdict.line
