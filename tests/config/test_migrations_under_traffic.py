"""Every migration since the first release can run while people work, and leaves the release before it able to run (R24).

What takes long, or stops the code of before, comes in two steps over two releases, or in a form that waits for nobody.
"""

from __future__ import annotations

import re
from itertools import chain

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import IntegrityError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from sportello.core.migrating import AddIndexBesideTraffic

FIRST_RELEASE = {"accounts": 3, "customers": 1, "mail": 5, "services": 1, "tickets": 7, "triage": 2}
"""The last migration of each room that began on empty tables."""

_BREAKS_THE_CODE_OF_BEFORE = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.AlterUniqueTogether,
)
_LONG_SQL = re.compile(
    r"CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)|SET\s+NOT\s+NULL|ALTER\s+COLUMN\s+\S+\s+TYPE|DROP\s+(COLUMN|TABLE)|RENAME\s"
    r"|ADD\s+CONSTRAINT(?!.*NOT\s+VALID)|GENERATED\s+ALWAYS\s+AS\s*\(|VACUUM\s+FULL|\bCLUSTER\b|^\s*(UPDATE|DELETE)\s",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)


_REPEATABLE_SQL = re.compile(r"OR\s+REPLACE|IF\s+(NOT\s+)?EXISTS", re.IGNORECASE)


def danger(operation: Operation, made_here: frozenset[str] = frozenset()) -> str:
    """What would go wrong, in words; empty when nothing. `made_here` are the tables that the same migration makes, which nobody uses yet."""
    if getattr(operation, "model_name", "").lower() in made_here:
        return ""
    if isinstance(operation, _BREAKS_THE_CODE_OF_BEFORE):
        return "the code of before still asks for it: first stop using it, remove it a release later"
    if isinstance(operation, migrations.AddField):
        return _danger_of_field(operation.field)
    if isinstance(operation, migrations.RunSQL):
        return "long or breaking SQL" if _LONG_SQL.search(str(operation.sql)) else ""
    return _danger_of_lock(operation)


def _danger_of_field(field: models.Field[object, object]) -> str:
    if isinstance(field, models.GeneratedField):
        return "every row would be written anew under a lock"
    if field.unique or field.many_to_one:
        return "" if field.null else "a column that must be filled: the code of before does not fill it"
    return "" if field.null or field.has_db_default() or field.many_to_many else "needs null=True or db_default"


def _danger_of_lock(operation: Operation) -> str:
    if isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexConcurrently):
        return "writes wait for the index: AddIndexConcurrently"
    if isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddConstraintNotValid):
        return "every row is looked at under a lock: AddConstraintNotValid, then ValidateConstraint"
    if isinstance(operation, migrations.AlterField):
        return "may rewrite the table: add a second column instead"
    if isinstance(operation, migrations.RunPython) and operation.atomic is not False:
        return "rows stay locked to its end: atomic=False, in portions, safe to begin again"
    return ""


def danger_of_half(operation: Operation) -> str:
    """What would go wrong if a migration that is no transaction were begun again after this operation."""
    repeatable = isinstance(operation, AddIndexBesideTraffic | migrations.RunPython) or (
        isinstance(operation, migrations.RunSQL) and _REPEATABLE_SQL.search(str(operation.sql))
    )
    return "" if repeatable else "it fails the second time: put it into a migration of its own that is a transaction"


def dangers() -> list[str]:
    found = MigrationLoader(None).disk_migrations
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("sportello.")}
    return list(chain.from_iterable(_dangers_of(*name, found[name]) for name in sorted(found) if name[0] in ours))


def _dangers_of(app: str, name: str, migration: migrations.Migration) -> list[str]:
    if int(name[:4]) <= FIRST_RELEASE.get(app, 0):
        return []
    made = frozenset(each.name.lower() for each in migration.operations if isinstance(each, migrations.CreateModel))
    words = (
        (each, danger(each, made) or ("" if migration.atomic else danger_of_half(each)))
        for each in migration.operations
    )
    return [f"{app}.{name}: {each.describe()}: {why}" for each, why in words if why]


def test_no_migration_since_the_first_release_stops_traffic_or_the_release_before() -> None:
    assert dangers() == []


_INDEX = models.Index(fields=["state"], name="by_state")
_CHECK = models.CheckConstraint(condition=models.Q(pk__gt=0), name="positive")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("ticket", "subject"),
        migrations.RenameField("ticket", "subject", "title"),
        migrations.AddField("ticket", "colour", models.CharField(max_length=9, default="red")),
        migrations.AlterField("ticket", "subject", models.TextField()),
        migrations.AddIndex("ticket", _INDEX),
        migrations.AddConstraint("ticket", _CHECK),
        migrations.RunPython(migrations.RunPython.noop),
        migrations.RunSQL("CREATE UNIQUE INDEX one ON tickets_ticket (number)"),
        migrations.RunSQL("UPDATE tickets_ticket SET number = number + 1"),
        migrations.RunSQL("ALTER TABLE tickets_ticket ADD CONSTRAINT some CHECK (number > 0)"),
    ],
    ids=lambda operation: str(operation.describe()),
)
def test_what_would_stop_them_is_found(operation: Operation) -> None:
    assert danger(operation) != ""


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("ticket", "colour", models.CharField(max_length=9, null=True)),
        migrations.AddField("ticket", "colour", models.CharField(max_length=9, default="red", db_default="red")),
        AddIndexConcurrently("ticket", _INDEX),
        AddConstraintNotValid("ticket", _CHECK),
        migrations.RunPython(migrations.RunPython.noop, atomic=False),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY one ON tickets_ticket (number)"),
        migrations.RunSQL("ALTER TABLE tickets_ticket ADD CONSTRAINT some CHECK (number > 0) NOT VALID"),
    ],
    ids=lambda operation: str(operation.describe()),
)
def test_what_waits_for_nobody_is_let_through(operation: Operation) -> None:
    assert danger(operation) == ""


@pytest.mark.parametrize(
    ("operation", "can"),
    [
        (AddIndexBesideTraffic("ticket", _INDEX), True),
        (AddIndexConcurrently("ticket", _INDEX), False),
        (migrations.AddField("ticket", "colour", models.CharField(max_length=9, null=True)), False),
        (migrations.RunSQL("CREATE FUNCTION one() RETURNS int RETURN 1"), False),
        (migrations.RunSQL("CREATE OR REPLACE FUNCTION one() RETURNS int RETURN 1"), True),
    ],
    ids=lambda value: str(value.describe()) if isinstance(value, Operation) else "",
)
def test_what_cannot_be_begun_again_is_found(operation: Operation, *, can: bool) -> None:
    """A fault found: a migration of two steps gave way to a lock at the second, and could never be run again since its first was done."""
    assert (danger_of_half(operation) == "") is can


@pytest.mark.django_db(transaction=True)
def test_an_index_that_was_given_up_half_way_is_made_again() -> None:
    """PostgreSQL leaves one that is not valid, under the name of the one that is wanted."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE half (state text); INSERT INTO half VALUES ('a'), ('a')")
    try:
        with pytest.raises(IntegrityError), connection.cursor() as cursor:
            cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY by_state ON half (state)")
        before, after = ProjectState(), ProjectState()
        after.add_model(
            ModelState("tickets", "Half", [("state", models.TextField(primary_key=True))], {"db_table": "half"})
        )
        with connection.schema_editor(atomic=False) as editor:
            AddIndexBesideTraffic("half", _INDEX).database_forwards("tickets", editor, before, after)
        with connection.cursor() as cursor:
            cursor.execute("SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'by_state'::regclass")
            assert cursor.fetchall() == [(True, False)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE half")
