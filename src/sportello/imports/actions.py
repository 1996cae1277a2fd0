"""A file of the billing system comes in: what is new enters, what changed changes, what vanished ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.errors import Refused
from sportello.core.loading import Entry, Outcome, Verdict
from sportello.customers import importing as customers
from sportello.imports.enums import Kind
from sportello.imports.parsing import Line, Table
from sportello.imports.rules import Columns, entry_of
from sportello.services import importing as services

PORTION = 1000
FEW, MOST_VANISHED = 10, 0.3
"""What may vanish at once before the file is taken for one cut short: a few, or a part of what is on file."""

LOADERS: Mapping[Kind, Callable[[Sequence[Entry], datetime], list[Verdict]]] = MappingProxyType(
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
ENDERS: Mapping[Kind, Callable[[Sequence[int], datetime], None]] = MappingProxyType(
    {
        Kind.CUSTOMERS: customers.end_customers,
        Kind.CONTACTS: customers.end_contacts,
        Kind.SERVERS: services.end_servers,
        Kind.SERVICES: services.end_services,
        Kind.DOMAINS: services.end_services,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`is_whole`: the file holds all there is, so that what is not in it has ended. A trial changes nothing."""

    kind: Kind
    table: Table
    columns: Columns
    is_trial: bool = False
    is_whole: bool = False
    many_may_vanish: bool = False


@dataclass(slots=True)
class Result:
    counts: Counter[Outcome] = field(default_factory=Counter)
    rows: int = 0


def carry_out(
    *,
    order: Order,
    by: User | None,
    now: datetime,
    tell: Callable[[Verdict], None],
    progress: Callable[[int], None] = lambda _rows: None,
) -> Result:
    """Carries out an import in portions, each of which stands by itself: done again after a fault, it goes on where it stopped.

    Every row is told, in the order of the file. Raises Refused("too-many-vanished") before anything is ended.
    """
    check_can_administer(by)
    result, seen = Result(), set[str]()
    lines = order.table.lines()
    while portion := list(islice(lines, PORTION)):
        _tell(result, _portion(order, portion, seen, now), tell)
        result.rows += len(portion)
        progress(result.rows)
    if order.is_whole:
        _tell(result, _vanished(order, seen, now), tell)
    if not order.is_trial:
        detail = {str(outcome): count for outcome, count in sorted(result.counts.items())}
        record(act=Act.IMPORTED, subject=order.kind, by=by, now=now, address=None, detail=detail)
    return result


def _tell(result: Result, verdicts: Sequence[Verdict], tell: Callable[[Verdict], None]) -> None:
    for verdict in verdicts:
        result.counts[verdict.outcome] += 1
        tell(verdict)


def _portion(order: Order, lines: Sequence[Line], seen: set[str], now: datetime) -> list[Verdict]:
    """The verdicts on some rows, in their order; in a trial all that was done is undone."""
    read = list(_read(order, lines, seen))
    entries = [each for each in read if isinstance(each, Entry)]
    with transaction.atomic():
        done = LOADERS[order.kind](entries, now) if entries else []
        transaction.set_rollback(order.is_trial)
    return sorted([*done, *(each for each in read if isinstance(each, Verdict))], key=_line)


def _read(order: Order, lines: Sequence[Line], seen: set[str]) -> Iterator[Entry | Verdict]:
    for line in lines:
        if line.problem:
            yield Verdict(line.number, "", Outcome.WRONG, line.problem)
            continue
        try:
            entry = entry_of(line.number, line.cells, order.columns, order.kind)
        except ValueError as error:
            external_id = order.columns.cells(line.cells).get("external_id", "")
            seen.add(external_id)  # a row that cannot be read has not vanished
            yield Verdict(line.number, external_id, Outcome.WRONG, str(error))
            continue
        if entry.external_id and entry.external_id in seen:
            yield entry.verdict(Outcome.WRONG, "an earlier row has this id")
        else:
            seen.add(entry.external_id)
            yield entry


def _vanished(order: Order, seen: set[str], now: datetime) -> list[Verdict]:
    prefix = services.DOMAIN_ID if order.kind is Kind.DOMAINS else ""
    known = dict(VANISHING[order.kind]().values_list("external_id", "pk"))
    gone = {external_id: key for external_id, key in known.items() if external_id.removeprefix(prefix) not in seen}
    if len(gone) > max(FEW, MOST_VANISHED * len(known)) and not order.many_may_vanish:
        said = _("%(gone)d of %(known)d would end: the file may have been cut short. Nothing was ended.")
        raise Refused("too-many-vanished", said % {"gone": len(gone), "known": len(known)})
    if not order.is_trial:
        with transaction.atomic():
            ENDERS[order.kind](list(gone.values()), now)
    return [Verdict(0, external_id.removeprefix(prefix), Outcome.ENDED) for external_id in sorted(gone)]


def _line(verdict: Verdict) -> int:
    return verdict.line
