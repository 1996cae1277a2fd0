"""PostgreSQL calls off one write of a form for the sake of another transaction (R03, S48): nothing of the form is done, and the page says so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.urls import resolve

from tests.walls.hostile.forms import Form, Site
from tests.walls.visitors import people, undone
from tests.walls.world import Person, World

pytestmark = [pytest.mark.slow(90), pytest.mark.timeout(900)]
Contents = dict[str, str | None]
KIND = ("409", "503")
MOST_WRITES = 8
IN_STEPS = {"desk:dismiss-concern", "desk:restore-concern"}
"""The word is kept first; what follows from it for tickets is worked out after, for a customer and a ticket are never held together."""
_WRITE = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM)\b")
_BESIDE = "django_session|customers_contactsession|cache|accounts_attempts|procrastinate_.*"
"""Kept of anybody who asks, whatever becomes of it; jobs have their own tests."""
_TABLES = "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname !~ %s"
_DIGEST = "SELECT '{0}', md5(string_agg(row::text, '' ORDER BY row::text)) FROM {0} AS row"
_CALL_OFF = "DO $$ BEGIN RAISE EXCEPTION 'chosen' USING ERRCODE = '40P01'; END $$"


@dataclass
class Victim:
    """Stands between us and the database: the `at`-th write is called off there."""

    at: int
    writes: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITE.search(sql) and not re.search(rf"\b(?:{_BESIDE})\b", sql):
            self.writes += 1
            if self.writes == self.at:
                return execute(_CALL_OFF, None, False, context)
        return execute(sql, params, many, context)


@contextmanager
def victim(at: int) -> Iterator[Victim]:
    standing = Victim(at)
    with connection.execute_wrapper(standing):
        yield standing


def contents() -> Contents:
    """A digest of all rows of each table."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES, [f"^(?:{_BESIDE})$"])
        cursor.execute(" UNION ALL ".join(_DIGEST.format(table) for (table,) in cursor.fetchall()))
        return dict(cursor.fetchall())


def half_done(person: Person, form: Form, at: int, before: Contents) -> str:
    """What is wrong once its `at`-th write was called off; empty if nothing is."""
    with victim(at) as standing:
        answer = person.client.post(form.action, dict(form.fields))
    after = contents()
    changed = [table for table in after if after[table] != before[table]]
    was_called_off = standing.writes >= at
    is_kind = str(answer.status_code) in KIND
    return f"{form}, write {at}: {answer.status_code}, {changed}" if was_called_off and (changed or not is_kind) else ""


@pytest.mark.django_db(transaction=True)
def test_s48_r03_a_form_of_which_one_write_is_called_off_changes_nothing_and_says_so() -> None:
    """A fault found: passwords and passkeys were changed without their entry in the audit, or the mail that tells the owner of a thief."""
    world = World()
    assert world.everybody, "signed in here"
    site = Site.of(world)
    forms = {
        (resolve(urlsplit(form.action).path).view_name, form.key[2]): (person, form)
        for person in people(world).values()
        for form in site.forms(person.client)
        if form.method == "POST"
    }
    tried = 0
    wrong: list[str] = []
    for (name, _), (person, form) in forms.items():
        if name in IN_STEPS:
            continue
        person.client.raise_request_exception = False
        with undone(person.client), victim(0) as counted:
            person.client.post(form.action, dict(form.fields))
        before = contents()
        found = [half_done(person, form, at, before) for at in range(1, min(counted.writes, MOST_WRITES) + 1)]
        tried += len(found)
        wrong += filter(None, found)
    assert not wrong, "\n".join(wrong)
    assert tried > 40
