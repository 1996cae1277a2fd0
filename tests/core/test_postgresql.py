"""Our connections read instants as Django's do."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import BaseTzLoader

from sportello.accounts.models import User

_ASKED = "SELECT %s::timestamptz, NULL::timestamptz, ARRAY[%s::timestamptz]"
AT = datetime(2026, 10, 25, 0, 30, 0, 123456, tzinfo=UTC)


class OfDjango(BaseTzLoader):
    timezone = UTC


def _read() -> tuple[object, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, [AT, AT])
        (row,) = cursor.fetchall()
    return tuple(row)


@pytest.mark.django_db
def test_an_instant_is_read_in_utc_as_django_reads_it() -> None:
    found = _read()
    with connection.cursor() as cursor:
        cursor.cursor.adapters.register_loader("timestamptz", OfDjango)
        cursor.execute(_ASKED, [AT, AT])
        assert found == tuple(cursor.fetchone()) == (AT, None, [AT])
    assert isinstance(found[0], datetime)
    assert found[0].tzinfo is UTC


@pytest.mark.django_db
def test_rows_that_are_read_in_portions_have_the_same_instants() -> None:
    agent = User.objects.create(email="anna@desk.example", name="Anna")
    assert [row.created_at for row in User.objects.filter(pk=agent.pk).iterator()] == [agent.created_at]
