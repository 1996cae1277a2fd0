"""Many rows at once: what is new and what changed, in one statement each; and words taken out of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, ForeignKey, Model, Q, QuerySet
from django.db.models.expressions import DatabaseDefault
from psycopg import sql

from sportello.core.blotting import Blot
from sportello.core.loading import CHANGED, Outcome, Pass, Said

_KEYS = "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)"


def set_values(row: Model, values: Mapping[str, Any], going: Pass) -> tuple[Outcome, list[Said]]:
    """Sets the columns of a row; whether it is new, changed, or as it was, and which of its columns changed."""
    changed = {name: [getattr(row, name), value] for name, value in values.items() if getattr(row, name) != value}
    for name, (_before, value) in changed.items():
        setattr(row, name, value)
    if not row.pk:
        return Outcome.NEW, []
    if not changed:
        return Outcome.SAME, []
    going.changes.append((row, changed))
    return Outcome.CHANGED, [(CHANGED, {"fields": list(changed)})]


def store(rows: Iterable[Model], names: Collection[str]) -> None:
    """Rows without a key enter; of the others these columns are written."""
    new: list[Model] = []
    known: list[Model] = []
    for row in rows:
        (known if row.pk else new).append(row)
    if new:
        enter(new)
    if known:
        type(known[0])._default_manager.bulk_create(  # noqa: SLF001 - Django's public API
            known, update_conflicts=True, unique_fields=["id"], update_fields=list(names)
        )


def put(row: Model, *, key: Sequence[str], names: Iterable[str]) -> None:
    """The one row with this unique key is made, or these columns of it are written: one statement, in which nobody can come between."""
    type(row)._default_manager.bulk_create(  # noqa: SLF001 - Django's public API
        [row], update_conflicts=True, unique_fields=list(key), update_fields=list(names)
    )


def enter(rows: Sequence[Model]) -> None:
    """Rows of one table, none of which has a key: copied in, which costs a third of an INSERT with as many values. They have keys afterwards."""
    meta = rows[0]._meta  # noqa: SLF001 - Django's public API
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [meta.db_table, meta.pk.column, len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key
        fields = [field for field in meta.concrete_fields if any(_is_said(field, row) for row in rows)]
        columns = sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields])
        written = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(meta.db_table), columns)
        with cursor.copy(written) as copy:
            for row in rows:
                copy.write_row([_written(field, row) for field in fields])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - Django's public API


def _is_said(field: Field[Any, Any], row: Model) -> bool:
    """Not what the database fills in by itself."""
    return not isinstance(getattr(row, field.attname), DatabaseDefault)


def _written(field: Field[Any, Any], row: Model) -> object:
    """As the database takes it. An enum is its text; of a row that got its key a moment ago, so is what points to it."""
    if isinstance(field, ForeignKey) and field.is_cached(row):
        return getattr(field.get_cached_value(row), "pk", None)
    value = field.get_db_prep_save(field.pre_save(row, add=True), connection)
    return str(value) if isinstance(value, str) else value


def blot_rows(rows: QuerySet[Any], blot: Blot, *names: str) -> int:
    """Takes words out of these columns of text or JSON, for good; returns in how many places they stood."""
    count = 0
    for row in rows.iterator():
        done = {name: blot.json(getattr(row, name)) for name in names}
        found = sum(number for _rest, number in done.values())
        if found:
            changed = {name: rest for name, (rest, _number) in done.items()}
            rows.model._default_manager.filter(pk=row.pk).update(**changed)  # noqa: SLF001 - Django's public API
        count += found
    return count


def mentions(words: Iterable[str], *columns: str) -> Q:
    """That one of the words stands in one of the columns, whatever the capitals; nothing without words."""
    found = Q(pk__in=[])
    for word in words:
        for column in columns:
            found |= Q(**{f"{column}__icontains": word})
    return found
