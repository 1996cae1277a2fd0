"""Our connections read instants as Django's own do, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

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
