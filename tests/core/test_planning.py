"""Plans are kept for statements that come again, and not for those whose plan hangs on their values."""

from __future__ import annotations

import pytest
from django.db import connection

from sportello.core.planning import planned_for_its_values

pytestmark = pytest.mark.django_db


def kept(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement = %s", [statement])
        return int(cursor.fetchone()[0])


def send(statement: str, value: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("$1", "%s"), [value])
        return int(cursor.fetchone()[0])


def test_a_statement_that_comes_again_is_prepared() -> None:
    statement = "SELECT 1 + $1"
    assert [send(statement, value) for value in range(4)] == [1, 2, 3, 4]
    assert kept(statement) == 1


def test_a_statement_that_is_planned_for_its_values_is_not() -> None:
    statement = "SELECT 2 + $1"
    asked = planned_for_its_values(send)
    assert [asked(statement, value) for value in range(4)] == [2, 3, 4, 5]
    assert kept(statement) == 0
    assert [send(statement, value) for value in range(4)] == [2, 3, 4, 5]
    assert kept(statement) == 1
