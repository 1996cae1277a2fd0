"""R24: a change of a table that is in use gives way, is given up in the end, and can be done again as if nothing had been."""

from __future__ import annotations

import time

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from procrastinate.contrib.django import connector_params

from sportello.config.commands import prepare

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow(15)]
ROOM, BEFORE, BEFORE_AN_INDEX = "mail", "0004", "0010"
READ = "SELECT count(*) FROM mail_inboundmail"


def test_r24_a_migration_that_cannot_have_its_lock_stops_nobody_and_is_done_again_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(prepare, "LOCK_ATTEMPTS", 2)
    monkeypatch.setattr(prepare, "LOCK_SECONDS", 0.3)
    call_command("migrate", ROOM, BEFORE, verbosity=0)
    waiting = prepare.migrations_waiting()
    assert waiting
    try:
        with psycopg.connect(**connector_params()) as reader, psycopg.connect(**connector_params()) as other:
            reader.execute(READ)  # and stays in its transaction
            begun = time.monotonic()
            with pytest.raises(OperationalError, match="lock timeout"):
                prepare.migrate_beside_traffic()
            assert time.monotonic() - begun < 10
            assert other.execute(READ).fetchone() == (0,)
        assert prepare.migrations_waiting() == waiting
    finally:
        connection.close()
        prepare.migrate_beside_traffic()
    assert prepare.migrations_waiting() == []


def test_r24_an_index_that_was_broken_off_is_built_again() -> None:
    """As it waits for a transaction that somebody left open; what it leaves bears its name and is of no use."""
    call_command("migrate", ROOM, BEFORE_AN_INDEX, verbosity=0)
    try:
        with psycopg.connect(**connector_params()) as somebody:
            somebody.execute("LOCK TABLE mail_outboundmail IN ROW EXCLUSIVE MODE")
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = '1s'")
            with pytest.raises(OperationalError, match="statement timeout"):
                prepare.migrate_beside_traffic()
        assert is_valid("outbound_held") == [False]
    finally:
        connection.close()
        prepare.migrate_beside_traffic()
    assert is_valid("outbound_held") == [True]


def is_valid(index: str) -> list[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index])
        return [valid for (valid,) in cursor.fetchall()]
