"""Every column of words holds something hostile, however it came there: no page runs it or breaks on it (S01, S02).

What stands in the database came by mail, by import, from a name server or from a form; a page must not rely on which of them it was.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, Field, JSONField, Model, TextField
from psycopg import sql

from tests.walls.hostile.forms import Site
from tests.walls.hostile.pages import harms_of
from tests.walls.hostile.tally import IS_LONG, Tally
from tests.walls.hostile.words import QUERIES, SCRIPTS, TEMPLATES
from tests.walls.visitors import ADMIN, people, undone
from tests.walls.world import World

pytestmark = [pytest.mark.slow(30), pytest.mark.timeout(3600 if IS_LONG else 600)]
Record = Callable[[str, object], None]
BREAKS_OUT = SCRIPTS[0]
"""Of a text and of an attribute: before every word, so that one round is enough to find a place where words are taken for HTML."""
WORDS = (*SCRIPTS, *TEMPLATES, *QUERIES)
ROUNDS = 12 if IS_LONG else 1
"""In each of them every column has another word."""
CODES = frozenset(
    {
        "accounts_user.password",  # whose change ends the session
        "mail_outboundmail.html",  # written by us, and shown in a frame without scripts
        "tickets_message.html",  # cleaned when it came (S05), and shown in a frame without scripts
        "triage_calendar.timezone",  # chosen from a list
        "triage_queue.slug",  # by which the program finds its own queues
    }
)
"""What is no stranger's words, each with its reason."""
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OPENED = 100
"""So many pages the administrator must have been let into, else this has shown nothing."""


def columns() -> Iterator[tuple[type[Model], Field[Any, Any]]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            holds_words = isinstance(field, CharField | TextField | ArrayField | JSONField) and not field.choices
            is_code = f"{model._meta.db_table}.{field.column}" in CODES
            if model.__module__.startswith("sportello.") and holds_words and not is_code:
                yield model, field


def fill(turn: int) -> list[str]:
    """Puts a word into each column of each row, where the database lets it; says which columns have one now."""
    filled = []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # else what is append-only would stay as it is
        for number, (model, field) in enumerate(columns()):
            word = f"{BREAKS_OUT}{WORDS[(turn + number) % len(WORDS)]}".replace("\0", "")
            try:
                with transaction.atomic():
                    if put(cursor, model, field, word):
                        filled.append(f"{model._meta.db_table}.{field.column}")
            except DatabaseError:
                continue
    return filled


def put(cursor: Any, model: type[Model], field: Field[Any, Any], word: str) -> int:
    """In how many rows."""
    table, column = sql.Identifier(model._meta.db_table), sql.Identifier(str(field.column))
    longest = field.max_length or 1000
    if isinstance(field, JSONField):
        cursor.execute(sql.SQL("SELECT ctid, {} FROM {} WHERE {} IS NOT NULL").format(column, table, column))
        rows = cursor.fetchall()
        for place, value in rows:
            kept = json.loads(value) if isinstance(value, str) else value
            new = json.dumps(with_word(kept, word))
            cursor.execute(sql.SQL("UPDATE {} SET {} = %s WHERE ctid = %s").format(table, column), [new, place])
        return len(rows)
    if isinstance(field, ArrayField):
        cursor.execute(sql.SQL("UPDATE {} SET {} = ARRAY[%s]").format(table, column), [word])
    elif field.unique:
        cursor.execute(sql.SQL("UPDATE {} SET {} = left(%s || ctid::text, %s)").format(table, column), [word, longest])
    else:
        cursor.execute(sql.SQL("UPDATE {} SET {} = left(%s, %s)").format(table, column), [word, longest])
    return int(cursor.rowcount)


def with_word(value: Any, word: str) -> Any:
    """The same shape, with the word for each text in it that is no id of ours."""
    if isinstance(value, dict):
        return {name: with_word(each, word) for name, each in value.items()}
    if isinstance(value, list):
        return [with_word(each, word) for each in value]
    return word if isinstance(value, str) and not ID.fullmatch(value) else value


def test_s02_whatever_the_columns_hold_the_pages_stay_ours(
    shared_world: World, site: Site, record_property: Record
) -> None:
    tally = Tally("S02 hostile words in every column")
    paths = [path for _, path in site.paths("GET")]
    filled: list[str] = []
    for turn in range(ROUNDS):
        for person in people(shared_world).values():
            opened = 0
            with undone(person.client):
                filled = fill(turn * 7)
                for path in paths:
                    with undone(person.client):
                        answer = person.client.get(path)
                        tally.add(f"{turn} {person.name} {path}", harms_of(answer))
                        opened += answer.status_code == HTTPStatus.OK
            assert person.name != ADMIN or opened > OPENED, opened
    record_property("counted", f"{tally} ({len(filled)} columns)")
    assert len(filled) > OPENED
    tally.settle()
