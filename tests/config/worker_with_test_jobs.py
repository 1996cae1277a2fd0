"""`sportello worker` with two jobs more than it has: run as a program by test_worker.py."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from pathlib import Path

import django

os.environ.setdefault("SPORTELLO_DATABASE_POOL", "3")
django.setup()

from django.db import connection  # noqa: E402 - Django is set up above
from procrastinate.contrib.django import app  # noqa: E402 - tasks can be named only once Django is set up

from sportello.core import patience  # noqa: E402 - after Django, which is set up above, as the import before it

patience.ANSWER_SECONDS, patience.SHORT_SECONDS = 3.0, 6.0  # sooner than a desk's, so that a test need not wait as long


@app.task(name="tests.note")
def note(*, file: str, word: str) -> None:
    with Path(file).open("a", encoding="utf-8") as notes:
        notes.write(f"{word}\n")


@app.task(name="tests.sleep")
def sleep(*, file: str, seconds: float) -> None:
    note(file=file, word="begun")
    time.sleep(seconds)
    note(file=file, word="ended")


@app.task(name="tests.ask")
def ask(*, file: str) -> None:
    """Takes its time in the database; long only the first time."""
    note(file=file, word="begun")
    seconds = 600 if Path(file).read_text(encoding="utf-8").split().count("begun") == 1 else 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])
    note(file=file, word="ended")


@app.task(name="tests.exhaust")
def exhaust(*, file: str) -> None:
    """Leaves no room for another open file, the first time."""
    note(file=file, word="begun")
    if Path(file).read_text(encoding="utf-8").split() == ["begun"]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    note(file=file, word="ended")


if __name__ == "__main__":
    from sportello.config.commands import work

    sys.exit(work.run(argparse.Namespace()))
