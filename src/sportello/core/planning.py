"""Which statements keep their plan: what a connection has sent twice is prepared (ADR 20), and may then be planned for any values."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")


def planned_for_its_values(work: Callable[P, T]) -> Callable[P, T]:
    """For queries whose good plan hangs on what is asked for, such as how frequent a word is: each run is planned anew. On the standby all are."""

    @wraps(work)
    def outer(*args: P.args, **kwargs: P.kwargs) -> T:
        connection.ensure_connection()
        line = connection.connection
        before, line.prepare_threshold = line.prepare_threshold, None
        try:
            return work(*args, **kwargs)
        finally:
            line.prepare_threshold = before

    return outer
