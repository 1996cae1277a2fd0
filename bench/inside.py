"""Where the time of a page goes, and its floor: asked for inside a process of the installation, without a server around it.

Reads requests as JSON from standard input, writes profiles as JSON: `python -m bench.inside`, in the installation's environment.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.template.backends.django import Template
from django.test import Client

from bench.processes import cpu_seconds

VIEWS = 20
FUNCTIONS = 6


@dataclass(frozen=True, slots=True)
class Profile:
    """CPU milliseconds a view. `floor` is what the page's own queries cost alone, client and server together, `python` all that is neither
    a query nor a template: address, session, rules, objects of rows. `functions` are those with the most time of their own, in percent.
    """

    page: str
    queries: int
    database: float
    driver: float
    templates: float
    python: float
    floor: float
    functions: Sequence[tuple[str, float]]


@dataclass
class _Spent:
    """Seconds of this thread, told apart; templates without the queries they run."""

    driver: float = 0.0
    templates: float = 0.0
    depth: int = 0


def main() -> None:
    django.setup()
    json.dump([asdict(profile(**wanted)) for wanted in json.load(sys.stdin)], sys.stdout)


def profile(page: str, host: str, cookies: Mapping[str, str], paths: Sequence[str]) -> Profile:
    client = Client(HTTP_HOST=host, HTTP_ACCEPT_ENCODING="gzip")
    for name, value in cookies.items():
        client.cookies[name] = value

    def view(turn: int) -> None:
        client.get(paths[turn % len(paths)])

    queries = _queries_of(view, len(paths))
    spent = _Spent()
    with _watched(spent):
        python, database = _cpu(view)
    floor, floor_database = _cpu(lambda turn: _replay(queries[turn % len(queries)]))
    driver, templates = spent.driver / VIEWS * 1000, spent.templates / VIEWS * 1000
    return Profile(
        page=page,
        queries=max(map(len, queries)),
        database=database,
        driver=driver,
        templates=templates,
        python=python - driver - templates,
        floor=floor + floor_database,
        functions=_functions(view),
    )


Query = tuple[str, Any]


def _queries_of(view: Callable[[int], None], count: int) -> list[list[Query]]:
    """The reads of each address, as they are sent; asking for them also warms everything up."""
    found: list[list[Query]] = []

    def note(execute: Callable[..., Any], statement: str, values: Any, many: bool, context: Mapping[str, Any]) -> Any:  # noqa: FBT001 - Django's signature
        if statement.lstrip().startswith(("SELECT", "WITH")):
            found[-1].append((statement, values))
        return execute(statement, values, many, context)

    view(0)
    for turn in range(count):
        found.append([])
        with connection.execute_wrapper(note):
            view(turn)
    return found


def _replay(queries: Sequence[Query]) -> None:
    with connection.cursor() as cursor:
        for statement, values in queries:
            cursor.cursor.execute(statement, values)
            cursor.cursor.fetchall()


def _cpu(work: Callable[[int], None]) -> tuple[float, float]:
    """Milliseconds a turn of this thread and of its database server process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    before, begun = cpu_seconds(server), time.thread_time()
    for turn in range(VIEWS):
        work(turn)
    own, its = time.thread_time() - begun, cpu_seconds(server) - before
    return own / VIEWS * 1000, its / VIEWS * 1000


@contextmanager
def _watched(spent: _Spent) -> Iterator[None]:
    def query(execute: Callable[..., Any], *values: Any) -> Any:
        begun = time.thread_time()
        try:
            return execute(*values)
        finally:
            spent.driver += time.thread_time() - begun

    render = Template.render

    def rendered(template: Template, *values: Any, **named: Any) -> Any:
        begun, driver_before = time.thread_time(), spent.driver
        spent.depth += 1
        try:
            return render(template, *values, **named)
        finally:
            spent.depth -= 1
            if not spent.depth:
                spent.templates += time.thread_time() - begun - (spent.driver - driver_before)

    with ExitStack() as stack:
        stack.enter_context(connection.execute_wrapper(query))
        Template.render = rendered  # type: ignore[method-assign,assignment]  # watched from outside, for as long as this lasts
        stack.callback(setattr, Template, "render", render)
        yield


def _functions(view: Callable[[int], None]) -> list[tuple[str, float]]:
    profiler = cProfile.Profile()
    with profiler:
        for turn in range(VIEWS):
            view(turn)
    table: dict[tuple[str, int, str], tuple[int, int, float, float, object]] = pstats.Stats(profiler).stats  # type: ignore[attr-defined]  # not in the stubs
    total = sum(row[2] for row in table.values())
    most = sorted(table.items(), key=lambda item: item[1][2], reverse=True)[:FUNCTIONS]
    return [(_named(*place), round(row[2] / total * 100, 1)) for place, row in most]


def _named(file: str, line: int, function: str) -> str:
    return f"{'/'.join(Path(file).parts[-2:])}:{line} {function}" if line else function


if __name__ == "__main__":
    main()
