"""R03: how long the database is waited for, against a real one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import psycopg
import pytest
from django.db import OperationalError, connection
from procrastinate.contrib.django import connector_params
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from sportello.config import census, pooling, stamp
from sportello.config.env import SettingError
from sportello.core import patience
from sportello.core.patience import Connection, each_within, within
from sportello.core.postgresql.base import DatabaseWrapper
from tests.config.house import until
from tests.ports import free_port
from tests.servers.line import Line

pytestmark = pytest.mark.django_db(transaction=True)
STILL_AT_IT = "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(300)' AND state = 'active'"

READY = b"Z\0\0\0\5"
"""With what the server ends each answer, and its greeting."""
_IS_THERE = "SELECT count(*) FROM pg_stat_activity WHERE pid = %s"


@pytest.fixture
def line() -> Iterator[Connection]:
    with Connection.connect(**connector_params(), autocommit=True) as found:
        yield found
    patience._standing.is_lost, patience._standing.disk_was_full_at = False, None  # what a process remembers


def test_what_is_not_said_in_time_is_called_off_on_the_server_too(line: Connection) -> None:
    with within(0.3), pytest.raises(psycopg.OperationalError):
        line.execute("SELECT pg_sleep(300)")
    assert line.closed
    with psycopg.connect(**connector_params(), autocommit=True) as other:
        end = time.monotonic() + 60
        while other.execute(STILL_AT_IT).fetchone() != (0,):
            assert time.monotonic() < end, "the server still works for nobody"
            time.sleep(0.05)


def test_r12_a_process_that_keeps_no_connections_waits_no_longer_than_the_others(
    line: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With SPORTELLO_DATABASE_POOL=0 a page waited for a silent database without end."""
    monkeypatch.setenv("SPORTELLO_DATABASE_POOL", "0")
    monkeypatch.setattr(pooling._process, "connections", 2)
    with (
        ConnectionPool(**pooling.options()["pool"], kwargs=connector_params(), open=True) as pool,
        pool.connection() as found,
        within(0.3),
        pytest.raises(psycopg.OperationalError),
    ):
        found.execute("SELECT pg_sleep(300)")


def test_after_one_who_waited_in_vain_the_next_wait_less_until_one_has_its_answer(line: Connection) -> None:
    with within(0.1), pytest.raises(psycopg.OperationalError):
        line.execute("SELECT pg_sleep(300)")
    with Connection.connect(**connector_params(), autocommit=True) as other:
        with within(60) as left:
            assert left.left == patience.ONCE_LOST_SECONDS
            other.execute("SELECT 1")
        with within(60) as left:
            assert left.left == 60


def test_r04_waiting_for_a_connection_counts_as_waiting_for_an_answer(line: Connection) -> None:
    """A fault found: a page whose every layer asked for a connection of its own to a server that was gone took 5 s for each, 15 in all."""
    pool = {"connection_class": Connection, "min_size": 0, "max_size": 1, "timeout": 0.3}
    elsewhere = {"HOST": "127.0.0.1", "PORT": free_port(), "OPTIONS": {"pool": pool}}
    nowhere = DatabaseWrapper({**connection.settings_dict, **elsewhere}, "nowhere")
    try:
        with within(60) as left:
            with pytest.raises(OperationalError):
                nowhere.ensure_connection()
            assert left.left == 0
        assert not patience._standing.is_lost
    finally:
        nowhere.close_pool()


def test_r03_a_connection_that_a_pool_has_kept_is_tried_within_the_patience_that_is_left(line: Connection) -> None:
    """A fault found: the trial of each one was given no time at all, so that none was good."""
    pool = {"connection_class": Connection, "min_size": 0, "max_size": 1, "timeout": 30}
    options = {**connector_params(), "pool": pool}
    pooled = DatabaseWrapper({**connection.settings_dict, "CONN_HEALTH_CHECKS": True, "OPTIONS": options}, "pooled")
    try:
        for _ in range(3):
            with within(60) as left:
                found = pooled.get_new_connection({})
                assert 0 < left.left < 60
            pooled.pool.putconn(found)
        assert pooled.pool.get_stats()["connections_num"] == 1
    finally:
        pooled.close_pool()


def test_r03_a_kept_connection_that_is_silent_shortens_the_patience_of_the_next() -> None:
    """A fault found: each of a pool that had gone deaf was waited for as long as the first, and the desk was back twice as late."""
    with through_a_line() as (line, _address):
        pool = {"connection_class": Connection, "min_size": 0, "max_size": 1, "timeout": 30}
        reached = {"HOST": "127.0.0.1", "PORT": line.port, "OPTIONS": {"pool": pool}}
        kept = DatabaseWrapper({**connection.settings_dict, "CONN_HEALTH_CHECKS": True, **reached}, "kept")
        try:
            with within(60):
                kept.pool.putconn(kept.get_new_connection({}))
            line.deaf.set()
            with within(0.3), pytest.raises(psycopg.OperationalError):
                kept.get_new_connection({})
            assert patience._standing.is_lost
        finally:
            patience._standing.is_lost = False
            kept.close_pool()


READY_FOR_QUERY = b"Z\x00\x00\x00\x05I"
FORGETS = """
    SELECT name FROM pg_settings WHERE source = 'session' AND name IN ('tcp_keepalives_idle', 'tcp_user_timeout', 'client_connection_check_interval')
"""


@pytest.mark.parametrize("autocommit", [True, False])
def test_r26_the_server_soon_forgets_a_machine_of_ours_that_vanishes(autocommit: bool) -> None:
    """A fault found: its locks outlived it for hours, also the one by which a mailbox is fetched by one node only."""
    with through_a_line() as (_line, address):

        async def asked() -> list[tuple[str]]:
            async with await patience.AsyncConnection.connect(address, autocommit=autocommit) as line:
                return await (await line.execute(FORGETS)).fetchall()

        with Connection.connect(address, autocommit=autocommit) as line:
            line.rollback()
            assert len(line.execute(FORGETS).fetchall()) == 3
        assert len(asyncio.run(asked())) == 3


@pytest.mark.timeout(25)
def test_r03_a_connection_on_a_line_that_goes_deaf_as_it_begins_is_soon_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault found: its first statement was waited for 30 s and more, by each of the few hands of a pool, while new lines were good again."""
    monkeypatch.setattr(patience, "ASK_SECONDS", 0.5)
    with through_a_line() as (line, address):

        def goes_deaf(words: bytes) -> bool:
            if words.endswith(READY_FOR_QUERY):
                line.deaf.set()
            return False

        line.cuts_before = goes_deaf
        with pytest.raises(psycopg.OperationalError):
            Connection.connect(address)
        assert not patience._standing.is_lost


def test_only_waiting_for_the_database_counts_and_no_one_inside_gets_more(line: Connection) -> None:
    with within(1.0) as outer:
        time.sleep(0.2)
        assert outer.left == 1.0
        line.execute("SELECT pg_sleep(0.2)")
        with within(60) as inner:
            assert inner.left == outer.left < 0.9


def test_r04_a_disk_of_the_database_that_is_full_is_told_for_half_a_minute(
    line: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not patience.disk_is_full()
    with pytest.raises(psycopg.OperationalError):
        line.execute("DO $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$")
    assert patience.disk_is_full()
    monkeypatch.setattr(patience, "FULL_SECONDS", 0.0)
    assert not patience.disk_is_full()


def test_a_server_that_may_only_read_counts_as_away(line: Connection) -> None:
    line.execute("SET default_transaction_read_only = on")
    with pytest.raises(psycopg.OperationalError, match="read-only"):
        line.execute("CREATE TABLE nothing ()")


def test_r12_a_session_that_may_only_read_is_not_used_again(line: Connection) -> None:
    """A fault found: what is set for a role or a database is told to a session as it begins, so that ours went on only reading for up to an hour."""
    line.execute("SET default_transaction_read_only = on")
    with pytest.raises(psycopg.OperationalError, match="read-only"):
        line.execute("CREATE TABLE nothing ()")
    assert line.closed


def test_r12_work_that_may_take_hours_is_not_ended_by_a_limit_of_the_role(line: Connection) -> None:
    """A fault found: a backup, a restore or a migration that took longer was ended each time."""
    line.execute("SET statement_timeout = 200")
    line.execute(patience.WITHOUT_LIMITS)
    assert line.execute("SELECT true FROM pg_sleep(0.5)").fetchone() == (True,)


@pytest.mark.parametrize("limit", ["idle_in_transaction_session_timeout", "idle_session_timeout"])
def test_r12_an_administrators_limit_that_cuts_us_off_counts_as_away(line: Connection, limit: str) -> None:
    """A fault found: the first was taken for a fault of ours, and a mail that met it five times became a mere file."""
    line.execute(f"SET {limit} = 100".encode())
    if limit == "idle_in_transaction_session_timeout":
        line.execute("BEGIN")
    with psycopg.connect(**connector_params(), autocommit=True) as other:
        until(lambda: other.execute(_IS_THERE, [line.info.backend_pid]).fetchone() == (0,), seconds=30, what="cut off")
    with pytest.raises(psycopg.OperationalError):
        line.execute("SELECT 1")


def test_r12_a_connection_that_has_forgotten_what_was_prepared_on_it_is_not_used_again(line: Connection) -> None:
    """A fault found: it failed each who was given it, until it was closed for its age."""
    line.prepare_threshold = 0
    line.execute("SELECT 7")
    line.pgconn.exec_(b"DISCARD ALL")  # past the driver, as by somebody between us and the server
    with pytest.raises(psycopg.OperationalError):
        line.execute("SELECT 7")
    assert line.closed


def test_r24_a_connection_whose_kept_statement_gives_other_columns_now_is_not_used_again(line: Connection) -> None:
    line.prepare_threshold = 0
    line.execute("CREATE TEMPORARY TABLE kept AS SELECT 1 AS one")
    line.execute("SELECT * FROM kept")
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        line.execute("SELECT count(DISTINCT 1) OVER ()")
    assert not line.closed
    line.pgconn.exec_(b"ALTER TABLE kept ADD two integer")  # as by the migration of another process
    with pytest.raises(psycopg.OperationalError):
        line.execute("SELECT * FROM kept")
    assert line.closed


def test_r03_work_that_nobody_waits_for_bears_a_slow_server_but_no_silent_one(line: Connection) -> None:
    """A fault found: on a line that went deaf while its TCP stayed up, the hands that read mail waited for eight minutes and more."""
    with each_within(0.5):
        line.execute("SELECT pg_sleep(0.05)")
        left = patience._ours.get()
        assert left is not None
        assert left.left == 0.5
        with pytest.raises(psycopg.OperationalError):
            line.execute("SELECT pg_sleep(300)")
    assert line.closed


def test_r03_work_without_a_limit_bears_whatever_takes_the_server_long(
    line: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.2)
    assert line.execute("SELECT 7 FROM pg_sleep(1.5)").fetchone() == (7,)


def test_r03_an_answer_that_a_line_gone_deaf_has_swallowed_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fault found: jobs, the pools' own threads and the commands waited for it without end."""
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    with through_a_line() as (line, url), Connection.connect(url, autocommit=True) as found:
        found.execute("SELECT 1")
        line.deaf.set()
        line.forget()
        with pytest.raises(psycopg.OperationalError):
            found.execute("SELECT 1")
        assert found.closed


def test_r03_a_server_that_nobody_can_ask_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    monkeypatch.setattr(patience, "UNSURE_SECONDS", 1.0)
    monkeypatch.setattr(patience, "ASK_SECONDS", 2)
    with through_a_line() as (line, url), Connection.connect(url, autocommit=True) as found:
        line.frozen.set()
        with pytest.raises(psycopg.OperationalError):
            found.execute("SELECT 1")
        line.frozen.clear()


def test_r03_a_process_that_waits_for_somebody_to_read_its_answer_is_not_at_it(line: Connection) -> None:
    """Else a line that takes nothing any more would keep both waiting for each other."""
    with psycopg.connect(**connector_params(), autocommit=True) as other:
        other.pgconn.send_query(b"SELECT repeat('x', 1000) FROM generate_series(1, 100000)")
        asked = (patience._IS_AT_IT, [other.info.backend_pid])
        until(lambda: line.execute(*asked).fetchone() == (False,), seconds=30, what="it waits for a reader")
        at_it = "SELECT state FROM pg_stat_activity WHERE pid = %s"
        assert line.execute(at_it, [other.info.backend_pid]).fetchone() == ("active",)
        other.pgconn.finish()


@pytest.mark.parametrize("ask", [stamp._migrations, census.take])
def test_r03_a_start_does_not_wait_for_an_answer_that_never_comes(
    ask: Callable[[str], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (stamp, census):
        monkeypatch.setattr(module, "PAGE_SECONDS", 0.5)
    with through_a_line() as (line, url):
        line.cuts_before = partial(goes_deaf_once_it_is_greeted, line)
        with pytest.raises(SettingError):
            ask(url)
    patience._standing.is_lost = False


def goes_deaf_once_it_is_greeted(line: Line, words: bytes) -> bool:
    """What the server says when one may ask it passes, and nothing from then on."""
    if READY in words:
        line.deaf.set()
    return False


@contextmanager
def through_a_line() -> Iterator[tuple[Line, str]]:
    """A line to the database of the tests, and its address there."""
    direct = connector_params()
    host, port = str(direct.get("host") or "localhost"), int(direct.get("port") or 5432)
    with Line(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else port) as line:
        given = {name: direct[name] for name in ("dbname", "user", "password") if direct.get(name)}
        yield line, make_conninfo(host="127.0.0.1", port=line.port, **given)
