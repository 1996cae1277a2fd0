"""A restore that was killed can be done again."""

from __future__ import annotations

from functools import partial

import psycopg
import pytest
from django.db import connection as django
from procrastinate.contrib.django import connector_params

from sportello.config.backups import restoring
from tests.config.house import until

_END_OTHERS = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
"""Threads of tests before this one may have left connections behind, which a pool replaces once when they break."""


def _is_alone(connection: psycopg.Connection) -> bool:
    """Each look in a transaction of its own: within one PostgreSQL shows who was connected at the first."""
    ended = connection.execute(_END_OTHERS).rowcount
    connection.commit()
    return ended == 0


@pytest.mark.django_db(transaction=True)
def test_r25_what_a_killed_restore_left_is_as_good_as_an_empty_database() -> None:
    django.close()
    with psycopg.connect(**connector_params()) as connection:
        until(partial(_is_alone, connection), seconds=20, what="nobody else is connected")
        connection.execute("ALTER SCHEMA public RENAME TO gone")
        restoring.check_free(connection, overwrite=False)
        connection.rollback()
