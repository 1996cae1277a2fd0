"""A first start fills its database from one file: what that gives is what all migrations give. What is not empty is left to them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from sportello.config import snapshot
from tests.config.servers import on_server, url_of

pytestmark = [pytest.mark.system, pytest.mark.slow(50), pytest.mark.timeout(600)]
_NUMBERED_BY_CHANCE = re.compile(r"^INSERT INTO public\.(?:django_migrations|django_content_type|auth_permission) ")
_NUMBER_OR_MOMENT = re.compile(r"(?<=[( ])\d+, |'\d{4}-\d\d-\d\d [^']*'")
MIGRATE_ALONE = "import django; django.setup(); from sportello.config.commands import prepare; prepare.migrate_all()"


@contextmanager
def database(name: str) -> Iterator[str]:
    name = f"{name}_{os.getpid()}"
    on_server("CREATE DATABASE {}", name)
    yield url_of(name)
    on_server("DROP DATABASE {} WITH (FORCE)", name)


def run(url: str, folder: Path, *arguments: str) -> str:
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "SPORTELLO_DATA": str(folder),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    return subprocess.run(
        [sys.executable, *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def dumped(url: str) -> tuple[list[str], list[str]]:
    """Its tables, and its rows in any order. Some are numbered as they come, and bear the moment."""
    with psycopg.connect(url) as line:
        major = line.info.server_version // 10_000
    lines = snapshot.dump(url, major=major).splitlines()
    rows = [line for line in lines if line.startswith("INSERT ")]
    bare = [_NUMBER_OR_MOMENT.sub("", row) if _NUMBERED_BY_CHANCE.match(row) else row for row in rows]
    return [line for line in lines if not line.startswith("INSERT ")], sorted(bare)


def test_the_file_leads_to_what_the_migrations_lead_to(tmp_path: Path) -> None:
    """If this fails after a new migration: `make schema`."""
    with database("by_file") as by_file, database("by_migrations") as by_migrations:
        run(by_file, tmp_path, "-m", "sportello", "migrate")
        run(by_migrations, tmp_path, "-c", MIGRATE_ALONE)
        tables, rows = dumped(by_file)
        assert len(tables) > 1000
        assert (tables, rows) == dumped(by_migrations)


def test_a_database_in_which_anything_stands_is_left_to_the_migrations(tmp_path: Path) -> None:
    with database("somebodys") as url:
        with psycopg.connect(url, autocommit=True) as line:
            line.execute("CREATE TABLE somebodys (id integer)")
        program = "import django; django.setup(); from sportello.config import snapshot; print(snapshot.load_where_nothing_is())"
        assert run(url, tmp_path, "-c", program) == "False\n"
        with psycopg.connect(url) as line:
            assert line.execute("SELECT to_regclass('tickets_ticket')").fetchone() == (None,)
