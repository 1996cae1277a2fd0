"""Other databases on the server of the tests."""

from __future__ import annotations

import os
from typing import LiteralString
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql


def url_of(name: str) -> str:
    """The address of another database on the server of the tests."""
    server = urlsplit(os.environ["DATABASE_URL"])
    return server._replace(path=f"/{quote(name)}").geturl()


def on_server(statement: LiteralString, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
