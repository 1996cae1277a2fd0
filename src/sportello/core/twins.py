"""What somebody sends twice, by a double click or in a second window, while the first is still being written."""

from __future__ import annotations

from django.db import connection

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('sportello.sent:' || %s, 0))"


def one_at_a_time(*said: object) -> None:
    """Until the end of the transaction whoever sends the same waits, and then finds what was written."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [repr(said)])
