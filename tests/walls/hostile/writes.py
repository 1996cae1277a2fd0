"""What a form writes: the tables that it changes, row by row; and what of it is not the same another time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection

from sportello.accounts.enums import Role
from tests.walls.hostile.forms import Form
from tests.walls.visitors import undone
from tests.walls.world import Person

Rows = dict[str, list[dict[str, Any]]]

COLUMNS = {
    "is_staff": "1", "is_active": "0", "is_superuser": "1", "role": Role.ADMIN, "user": "1", "user_id": "1", "assignee": "1", "assignee_id": "1", "author": "staff", "contact": "1",
    "contact_id": "1", "customer": "1", "customer_id": "1", "status": "closed", "priority": "9", "is_outage": "1", "is_request": "0", "queue": "presales", "queue_id": "1", "internal": "1",
    "bcc": "evil@evil.example", "cc": "evil@evil.example", "created_at": "2001-01-01T00:00:00Z", "at": "2001-01-01", "due_at": "2001-01-01", "id": "1", "pk": "1", "number": "1",
    "public_id": "00000000-0000-4000-8000-000000000000", "merged_into": "1", "channel": "phone", "mailbox": "1", "mailbox_id": "1", "html": "<b>x</b>", "version": "9", "by": "1",
    "verified_at": "2001-01-01", "sender_verified": "1", "secret_sha256": "0", "expires_at": "2999-01-01", "password": "x", "email": "evil@evil.example", "last_uid": "9", "uidvalidity": "9",
}  # fmt: skip
"""Of the rows behind."""
NOT_OF_A_FORM = frozenset({"next", "csrfmiddlewaretoken"})
"""Where to go afterwards may stand in any form."""
_WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables
     WHERE relname NOT IN ('django_session', 'cache', 'accounts_attempts') AND relname NOT LIKE 'procrastinate_%'
"""


def figures() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def rows_of(table: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT to_jsonb(row) FROM "{table}" AS row')  # noqa: S608 - the name of a table
        rows = [json.loads(row) if isinstance(row, str) else row for (row,) in cursor.fetchall()]
    return sorted(rows, key=lambda row: (row.get("id", 0), str(row)))


def written(person: Person, form: Form, more: Mapping[str, str]) -> Rows:
    """The tables that the form changes, with all their rows."""
    with undone(person.client):
        before = figures()
        person.client.post(form.action, {**more, **dict(form.fields)})
        changed = [table for table, count in figures().items() if count != before.get(table, 0)]
        return {table: rows_of(table) for table in changed}


def differences(first: Rows, again: Rows, other: Rows) -> Iterator[str]:
    """In what `other` differs from the first two, which differ from each other in times and random names only."""
    if first.keys() != other.keys():
        yield f"other tables: {sorted(first.keys() ^ other.keys())}"
    for table in first.keys() & other.keys():
        rows, repeated = first[table], again.get(table, [])
        if len(rows) != len(other[table]):
            yield f"{table}: {len(rows)} rows, {len(other[table])} rows"
            continue
        unsteady = {
            name for one, two in zip(rows, repeated, strict=False) for name in one if one[name] != two.get(name)
        }
        for one, two in zip(rows, other[table], strict=True):
            yield from (
                f"{table}.{name}: {one[name]!r}, {two[name]!r}"
                for name in one
                if name not in unsteady and one[name] != two[name]
            )
