"""SQL that is put together once: for the few statements that every mail goes through, which the ORM takes longer to write down than PostgreSQL to do.

What is read and written are the ORM's own rows. Only where a measurement asks for it; elsewhere the ORM itself is shorter.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Expression, Field, JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import RelatedPopulator
from django.db.models.sql.compiler import SQLCompiler
from psycopg import sql

Row = TypeVar("Row", bound=Model)
Given = Mapping[str, str]
NOTHING: Given = {}
_PREPARED = (JSONField, ArrayField)
"""The kinds of columns whose values are not handed to the driver as they are."""
_AS_TEXT = (int, datetime)


class Place(Expression):
    """Stands in a statement for a value that is given when it runs."""

    def __init__(self, index: int) -> None:
        super().__init__()
        self.index = index

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:  # noqa: ARG002 - Django's
        return "%s", [self]


class Reading(Generic[Row]):
    """A query that is put together at its first use: `Reading(lambda address: Contact.objects.filter(address=address))("a@b.example")`."""

    def __init__(self, rows: Callable[..., QuerySet[Row]]) -> None:
        self._rows = rows

    def __call__(self, *values: object) -> list[Row]:
        return self._plan.run(values)

    def first(self, *values: object) -> Row | None:
        found = self._plan.run(values)
        return found[0] if found else None

    @cached_property
    def _plan(self) -> _Plan:
        return _Plan(_Statement(self._rows))


class Columns:
    """The same for chosen columns: a query with `values_list`, which gives tuples."""

    def __init__(self, rows: Callable[..., QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._rows = rows

    def __call__(self, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._statement.run(values)]

    @cached_property
    def _statement(self) -> _Statement:
        return _Statement(self._rows)


class _Statement:
    def __init__(self, rows: Callable[..., QuerySet[Any, Any]]) -> None:
        places = map(Place, range(len(inspect.signature(rows).parameters)))
        self.compiler = rows(*places).query.get_compiler(using="default")
        self._sql, self._order = _written(*self.compiler.as_sql())
        self._converters = self.compiler.get_converters([column[0] for column in self.compiler.select])

    def run(self, values: Sequence[object]) -> Iterable[Sequence[Any]]:
        given: list[Any] = [values[index] for index in self._order]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, given)
            rows = cursor.fetchall()
        converted: Iterable[Sequence[Any]] = self.compiler.apply_converters(rows, self._converters)
        return converted


def _written(statement: str, params: Sequence[Any]) -> tuple[str, list[int]]:
    """The statement with what is the same each time written into it, and which value is given at each place that is left.

    So the server's plan for any values knows as much as one for these values would; else it makes a new one each time.
    """
    connection.ensure_connection()
    given, order = iter(params), []

    def put(found: re.Match[str]) -> str:
        if found[0] != "%s":
            return found[0]
        param = next(given)
        if not isinstance(param, Place):
            return sql.quote(param, connection.connection).replace("%", "%%")
        order.append(param.index)
        return "%s"

    return re.sub("%.", put, statement), order


class _Plan:
    def __init__(self, statement: _Statement) -> None:
        info, select = statement.compiler.klass_info, statement.compiler.select
        assert info is not None  # noqa: S101 - every query of rows has one
        own = info["select_fields"]
        self._model, self._own = info["model"], slice(own[0], own[-1] + 1)
        self._names = [column[0].target.attname for column in select[self._own]]
        populator: Any = RelatedPopulator  # its stub is that of Django 6
        self._added = statement.compiler.annotation_col_map or {}
        self._related = [populator(of, select, "default") for of in info.get("related_klass_infos", [])]
        self._statement = statement

    def run(self, values: Sequence[object]) -> list[Any]:
        return [self._row(row) for row in self._statement.run(values)]

    def _row(self, columns: Sequence[Any]) -> Any:
        row = _made(self._model, self._names, columns[self._own])
        row.__dict__.update((name, columns[place]) for name, place in self._added.items())
        for related in self._related:
            _populate(related, columns, row)
        return row


def _stored(row: Model) -> None:
    """It stands in the database: saving it again updates it."""
    row._state.adding, row._state.db = False, "default"  # noqa: SLF001 - Django's public API


def _made(model: type[Model], names: Sequence[str], values: Sequence[Any]) -> Any:
    """A row as `from_db` makes it, without asking each field for leave."""
    row = model.__new__(model)
    row._state = ModelState()  # noqa: SLF001 - Django's public API
    _stored(row)
    row.__dict__.update(zip(names, values, strict=True))
    return row


def _populate(related: Any, columns: Sequence[Any], row: Model) -> None:
    """Hangs a row on the one that points at it, as Django's RelatedPopulator does, and what hangs on it in turn."""
    values = columns[related.cols_start : related.cols_end]
    found = None if values[related.pk_idx] is None else _made(related.model_cls, related.init_list, values)
    related.local_setter(row, found)
    if found is not None:
        related.remote_setter(found, row)
        for further in related.related_populators:
            _populate(further, columns, found)


def insert(*rows: Model, given: Given = NOTHING) -> None:
    """INSERTs rows of one model and gives them their keys. `given` says which columns are filled by SQL, which the rows are given back, too."""
    shape = _shape(type(rows[0]), tuple(given.items()))
    with connection.cursor() as cursor:
        cursor.execute(shape.statement(len(rows)), [value for row in rows for value in shape.values(row)])
        for row, found in zip(rows, cursor.fetchall(), strict=True):
            for name, value in zip(shape.returned, found, strict=True):
                setattr(row, name, value)
            _stored(row)


def insert_new(*rows: Model) -> None:
    """INSERTs rows of one model, but for those that are there already by a unique constraint; none is given its key."""
    shape = _shape(type(rows[0]))
    with connection.cursor() as cursor:
        cursor.execute(
            f"{shape.values_for(len(rows))} ON CONFLICT DO NOTHING",
            [value for row in rows for value in shape.values(row)],
        )


def insert_all(*rows: Model) -> None:
    """INSERTs rows of several models, none of which points at another, in one statement, and gives them their keys."""
    by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    statement = _together(tuple((model, len(of)) for model, of in by_model.items()))
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [value for model, of in by_model.items() for row in of for value in _shape(model).values(row)]
        )
        for of, found in zip(by_model.values(), cursor.fetchone() or (), strict=True):
            for row, key in zip(of, found, strict=True):
                row.pk = key
                _stored(row)


@cache
def _together(counts: tuple[tuple[type[Model], int], ...]) -> str:
    parts = [f"new_{place} AS ({_shape(model).statement(count)})" for place, (model, count) in enumerate(counts)]
    found = [(f"new_{place}", _shape(model).returned[0]) for place, (model, _count) in enumerate(counts)]
    keys = [f'ARRAY(SELECT "{key}" FROM {name})' for name, key in found]  # noqa: S608 - names of our own models
    return f"WITH {', '.join(parts)} SELECT {', '.join(keys)}"


def update(row: Model, *names: str) -> bool:
    """Writes these columns of a row; False when it is gone."""
    statement, fields = _update(type(row), names)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*fields.of(row), row.pk])
        return bool(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class _Shape:
    beginning: str
    row: str
    end: str
    fields: _Values
    returned: tuple[str, ...]

    def statement(self, count: int) -> str:
        return f"{self.values_for(count)} {self.end}"

    def values_for(self, count: int) -> str:
        return f"{self.beginning} {', '.join([self.row] * count)}"

    def values(self, row: Model) -> list[Any]:
        return self.fields.of(row)


@cache
def _shape(model: type[Model], given: tuple[tuple[str, str], ...] = ()) -> _Shape:
    filled, meta = dict(given), model._meta  # noqa: SLF001 - Django's public API
    key = meta.pk
    columns = [field for field in meta.concrete_fields if field is not key and not field.generated]
    quoted = '"{}"'.format
    returned = [key, *(field for field in columns if field.attname in filled)]
    names = ", ".join(quoted(field.column) for field in columns)
    return _Shape(
        f'INSERT INTO "{meta.db_table}" ({names}) VALUES',
        f"({', '.join(filled.get(field.attname, _placeholder(field)) for field in columns)})",
        f"RETURNING {', '.join(quoted(field.column) for field in returned)}",
        _Values([field for field in columns if field.attname not in filled]),
        tuple(field.attname for field in returned),
    )


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, _Values]:
    meta = model._meta  # noqa: SLF001 - Django's public API
    by_name = {field.name: field for field in meta.concrete_fields}
    fields = [by_name[name] for name in names]
    changes = ", ".join(f'"{field.column}" = {_placeholder(field)}' for field in fields)
    return f'UPDATE "{meta.db_table}" SET {changes} WHERE "{meta.pk.column}" = %s', _Values(fields)  # noqa: S608 - names of our own models


def _placeholder(field: Field[Any, Any]) -> str:
    return f"%s::{field.db_type(connection)}" if isinstance(field, ArrayField) else "%s"


class _Values:
    """What a row has in these columns, as the driver takes it.

    Whole numbers and instants as text, whose type the server takes from the column: the driver prepares a statement once for all values of one
    type, and a number is of another type when it is larger or missing. A statement of many columns would hardly ever be the same twice.
    """

    def __init__(self, fields: Sequence[Field[Any, Any]]) -> None:
        self._all = attrgetter(*(field.attname for field in fields), "pk")
        self._prepared = [(place, field) for place, field in enumerate(fields) if isinstance(field, _PREPARED)]

    def of(self, row: Model) -> list[Any]:
        *values, _key = self._all(row)
        for place, field in self._prepared:
            values[place] = field.get_db_prep_save(values[place], connection)
        return [str(value) if isinstance(value, _AS_TEXT) else value for value in values]
