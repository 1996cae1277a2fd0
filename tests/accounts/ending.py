"""What others do while a request is under way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client


@contextmanager
def ended_meanwhile(client: Client, cookie: str) -> Iterator[None]:
    """Its session, as soon as it was read."""
    rows = Session.objects.filter(session_key=client.cookies[cookie].value)
    with after_reading("django_session", rows.delete):
        yield
    assert not rows.exists()


@contextmanager
def after_reading(table: str, act: Callable[[], object]) -> Iterator[None]:
    """Once, as soon as the request has read the table."""
    done = list[object]()

    def watch(execute: Any, query: str, *more: Any) -> Any:
        result = execute(query, *more)
        if not done and query.lstrip().startswith("SELECT") and table in query:
            done.append(True)
            act()
        return result

    with connection.execute_wrapper(watch):
        yield
    assert done
