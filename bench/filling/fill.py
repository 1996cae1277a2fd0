from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import LiteralString

import psycopg
from django.db import connection
from psycopg import sql

from bench.cast import AGENT, AGENTS, MAILERS, PASSWORD, SUPPORT
from bench.filling import rows
from bench.words import Writer
from sportello.accounts.actions import create_user
from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.mail.models import Mailbox
from sportello.tickets.models import Tag

POOL = 20_000
"""Half texts; a message is two of them, so that few are alike."""
PART = 20_000
SPAN = timedelta(days=3 * 365)
TICKETS_A_CUSTOMER = 50
LARGE = (
    "tickets_ticket",
    "tickets_message",
    "tickets_event",
    "tickets_follower",
    "mail_inboundmail",
    "mail_outboundmail",
)
TAGS = ("migrazione", "posta", "rinnovo", "sicurezza", "wordpress")


def fill(url: str, tickets: int, now: datetime) -> None:
    """`tickets` tickets of five messages each over three years, the newest twentieth still on the desk.

    One in five hundred has twenty messages. Some customers write much more than others; there are two thousand, or more of them when
    each would have more than fifty tickets.
    """
    figures = {
        "tickets": tickets,
        "customers": max(MAILERS, tickets // TICKETS_A_CUSTOMER),
        "pool": POOL,
        "agents": AGENTS,
        "now": now,
        "span": SPAN,
    }
    _staff(now)
    with psycopg.connect(url, autocommit=True, cursor_factory=psycopg.ClientCursor) as line, _without_indexes(line):
        for statement in (rows.PICK, *rows.POOL_TABLES):
            line.execute(statement)
        _fill_pool(line)
        for statement in rows.PEOPLE:
            _run(line, statement, figures)
        _in_parts(url, tickets, figures)
        for statement in rows.AFTERWARDS:
            line.execute(statement)
        for table in rows.NUMBERED:
            line.execute(sql.SQL(rows.SEQUENCE).format(name=table, table=sql.Identifier(table)))
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("VACUUM (ANALYZE, PARALLEL 2)")


def _staff(now: datetime) -> None:
    """One agent who can sign in, and colleagues; a mailbox; tags."""
    create_user(email=AGENT, name="Ada Bench", role=Role.AGENT, password=PASSWORD, by=None, now=now)
    User.objects.bulk_create(
        User(email=f"agent{number}@bench.example", name=f"Agente {number}", role=Role.AGENT)
        for number in range(2, AGENTS + 1)
    )
    Mailbox.objects.create(address=SUPPORT, display_name="Bench")
    Tag.objects.bulk_create(Tag(name=name) for name in TAGS)
    connection.close()


def _fill_pool(line: psycopg.Connection) -> None:
    writer = Writer()
    with line.cursor() as cursor, cursor.copy("COPY bench_text (id, subject, half) FROM STDIN") as copy:
        for key in range(POOL):
            copy.write_row((key, writer.subject(), writer.half_text()))
    line.execute("ANALYZE bench_text")


def _in_parts(url: str, tickets: int, figures: Mapping[str, object]) -> None:
    def part(start: int) -> None:
        with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as line:
            line.execute("SET LOCAL session_replication_role = replica")
            line.execute("SET LOCAL synchronous_commit = off")
            for statement in rows.TICKETS:
                _run(line, statement, {**figures, "first": start, "last": min(start + PART, tickets + 1) - 1})

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(part, range(1, tickets + 1, PART)))


def _run(line: psycopg.Connection, statement: LiteralString, figures: Mapping[str, object]) -> None:
    """Only the figures that a statement names are handed over: the driver binds them by name."""
    line.execute(statement, figures)


@contextmanager
def _without_indexes(line: psycopg.Connection) -> Iterator[None]:
    """Takes the secondary indexes of the large tables away while they are filled, and makes them again."""
    found = line.execute(rows.INDEXES, [list(LARGE)]).fetchall()
    for name, _ in found:
        line.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    line.execute("ALTER SYSTEM SET max_wal_size = '8GB'")
    line.execute("SELECT pg_reload_conf()")
    yield
    line.execute("SET maintenance_work_mem = '512MB'")
    for _, definition in found:
        line.execute(definition)
    line.execute("ALTER SYSTEM RESET max_wal_size")
    line.execute("SELECT pg_reload_conf()")
