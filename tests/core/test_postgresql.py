"""Our connections read instants as Django's own do, in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from sportello.accounts.models import User

AT = datetime(2026, 10, 25, 0, 30, 0, 123456, tzinfo=UTC)


@pytest.mark.django_db
def test_an_instant_is_read_in_utc_alone_in_a_list_and_when_there_is_none() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz, NULL::timestamptz, ARRAY[%s::timestamptz]", [AT, AT])
        ((alone, none, several),) = cursor.fetchall()
    assert (alone, none, several) == (AT, None, [AT])
    assert (alone.tzinfo, several[0].tzinfo) == (UTC, UTC)


@pytest.mark.django_db
def test_rows_that_are_read_in_portions_have_the_same_instants() -> None:
    agent = User.objects.create(email="anna@desk.example", name="Anna")
    assert [row.created_at for row in User.objects.filter(pk=agent.pk).iterator()] == [agent.created_at]


@pytest.mark.django_db(transaction=True)
def test_r12_instants_are_read_whatever_an_administrator_has_set_for_the_database() -> None:
    """A fault found: with another DateStyle every page and health were "our fault", and no mail was taken."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {name} SET datestyle = 'SQL, DMY'")
    try:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT setting FROM pg_db_role_setting, unnest(setconfig) setting WHERE setting ~ 'DateStyle'"
            )
            assert cursor.fetchall() == [("DateStyle=SQL, DMY",)]
            cursor.execute("SELECT %s::timestamptz, '2026-11-30'::date", [AT])
            assert cursor.fetchone() == (AT, date(2026, 11, 30))
    finally:
        connection.close()
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER DATABASE {name} RESET datestyle")
