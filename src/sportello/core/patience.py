"""How long somebody who waits for an answer of ours may be kept waiting by the database.

A server that is frozen keeps its end of the line alive, so neither keepalives nor tcp_user_timeout notice; one whose tables are locked, or whose
network loses what we send, is as silent. Whoever waits at a page or at the mail door gets an honest "not now" instead: what the database does not
say in time is an OperationalError, whatever the reason. Only the time spent waiting for the database counts.

Work that nobody waits for may take as long as the server works on it. Whether it does is asked beside: an answer that was lost on a line that has
gone deaf would be waited for without end (docs/adr/0027-is-the-server-still-at-it.md).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any, Self, TypeVar

import psycopg
from django.http import HttpRequest, HttpResponseBase
from psycopg.abc import PQGen

T = TypeVar("T")

PAGE_SECONDS = 8.0
ANSWER_SECONDS = 30.0
"""For one answer to work that nobody waits for: a line that went deaf while its TCP stays up would hold it for ever."""
LAST_SECONDS = 2.0
"""For an answer that was on its way while we asked."""
UNSURE_SECONDS = 3600.0
"""Without an answer, and without word from the server whether it is at it. No statement of ours takes so long at the sizes measured."""
SHORT_SECONDS = 12.0
"""For one answer to what asks little and often, as for jobs and for notices. A slow line takes five."""
ASK_SECONDS = 5
"""For the whole of the question beside."""
ONCE_LOST_SECONDS = 2.0
"""After one who waited in vain the next ones wait less, until one has had all its answers: a silent database must not hold every thread."""
CANCEL_SECONDS = 1.0
FULL_SECONDS = 30.0
"""After its last word of a full disk the database counts as mended."""
WAKE_SECONDS = 0.1
"""psycopg's own: how often one that waits looks whether it was interrupted."""


@dataclass(slots=True)
class Patience:
    left: float
    is_renewed: bool = False
    """For each answer anew."""
    has_no_connection: bool = False
    """None was to be had in time, which says nothing of how soon the server answers: on a busy machine it takes long to begin one."""


@dataclass(slots=True)
class Standing:
    """What this process last saw of a server."""

    is_lost: bool = False
    disk_was_full_at: float | None = None


_standing = Standing()
_PASSING = (
    psycopg.errors.ReadOnlySqlTransaction,
    psycopg.errors.IdleInTransactionSessionTimeout,
    psycopg.errors.TransactionTimeout,
)
"""For psycopg faults of ours. It is the server that can do nothing for now, or an administrator's limit that has cut us off, and whoever copes with
a server that is away copes with this."""
_FORGOTTEN = (psycopg.errors.InvalidSqlStatementName, psycopg.errors.DuplicatePreparedStatement)
"""What we prepared on a connection is not there, or something else is: somebody between us and the server has said DISCARD ALL, or gives us another
connection each time."""
_PLAN_IS_OLD = "RevalidateCachedQuery"
"""Where the server says that a kept statement would now give other columns, after a migration: its words are in the server's language."""
WITHOUT_LIMITS = """
    SELECT set_config(name, '0', false) FROM pg_settings
     WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout')
"""
"""For the connection of work that may take hours: what an administrator has limited for role, database or server would end it each time."""
# A machine of ours that vanishes without a word would keep its locks for as long as the server's kernel waits for it, hours by default. Over a Unix
# socket nobody vanishes. Our own end notices within 15 s (settings.py).
_FORGET_US_SOON = """
    SELECT set_config('tcp_keepalives_idle', '8', false), set_config('tcp_keepalives_interval', '4', false),
           set_config('tcp_keepalives_count', '3', false), set_config('tcp_user_timeout', '20s', false),
           set_config('client_connection_check_interval', '10s', false)
"""
# Whether a process of the server works on what it was asked. One that waits for us to read or to speak has heard nothing of us, or we nothing of it.
_IS_AT_IT = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity WHERE pid = %s AND state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'
    )
"""
_ours: ContextVar[Patience | None] = ContextVar("patience", default=None)


def disk_is_full() -> bool:
    """Whether the server told this process lately that its disk is full. Much can still be read and some written then, so that it answers as ever."""
    at = _standing.disk_was_full_at
    return at is not None and monotonic() - at < FULL_SECONDS


@contextmanager
def within(seconds: float, *, standing: Standing = _standing) -> Iterator[Patience]:
    """In the body the database is waited for so long in all. What it then still owes raises OperationalError, and is called off.

    `standing` is another one where another server than the primary is asked.
    """
    around = _ours.get()
    allowed = min(seconds, ONCE_LOST_SECONDS) if standing.is_lost else seconds
    patience = Patience(allowed if around is None else min(allowed, around.left))
    token = _ours.set(patience)
    try:
        yield patience
    finally:
        _ours.reset(token)
        if patience.left < allowed and not patience.has_no_connection:
            standing.is_lost = patience.left <= 0


@contextmanager
def each_within(seconds: float) -> Iterator[None]:
    """In the body each answer of the database is waited for so long, however many there are: a slow server is borne, a silent one is not."""
    token = _ours.set(Patience(seconds, is_renewed=True))
    try:
        yield
    finally:
        _ours.reset(token)


@contextmanager
def for_a_connection(seconds: float) -> Iterator[float]:
    """So long may be waited for a connection in the body, which counts as waiting for an answer does. Who got none need not ask again."""
    patience = _ours.get()
    if patience is None or patience.is_renewed:
        yield seconds
        return
    begun, had = monotonic(), max(patience.left, 0.0)
    try:
        yield min(seconds, had)
    except psycopg.OperationalError:
        patience.has_no_connection = patience.left > 0  # else one that was kept was tried, and is silent
        patience.left = 0.0
        raise
    patience.left = had - (monotonic() - begun)


class Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection on which nobody waits longer than `within` allows, or than the server works. One that may only read, or cuts us off, is away."""

    @classmethod
    def connect(cls, conninfo: str = "", **given: Any) -> Self:
        """Its first statement is waited for as its beginning is: a pool has few hands to begin connections with."""
        connection = super().connect(conninfo, **given)
        if not _is_local(connection):
            try:
                with within(ASK_SECONDS, standing=Standing()):
                    connection.execute(_FORGET_US_SOON)
                    if not connection.autocommit:
                        connection.commit()
            except BaseException:
                connection.close()
                raise
        return connection

    def wait(self, gen: PQGen[T], interval: float = WAKE_SECONDS, timeout: float | None = None) -> T:
        try:
            return self._wait(gen, interval, timeout)
        except psycopg.errors.DiskFull:
            _standing.disk_was_full_at = monotonic()
            raise
        except _PASSING as error:
            if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
                self.close()  # what was set for role or database stays with a session until its end, also when it is taken back
            raise psycopg.OperationalError(str(error)) from error
        except (*_FORGOTTEN, psycopg.errors.FeatureNotSupported) as error:
            if isinstance(error, _FORGOTTEN) or error.diag.source_function == _PLAN_IS_OLD:
                self.close()  # else each who is given this connection would meet the same
                raise psycopg.OperationalError(str(error)) from error
            raise

    def _wait(self, gen: PQGen[T], interval: float, timeout: float | None) -> T:
        patience = _ours.get()
        if patience is None:
            return self._wait_while_at_it(gen, interval) if timeout is None else super().wait(gen, interval, timeout)
        begun, allowed = monotonic(), max(patience.left, 0.0)
        try:
            return super().wait(gen, interval, allowed if timeout is None else min(timeout, allowed))
        except psycopg.OperationalError:
            if monotonic() - begun >= allowed:
                self._give_up()
            raise
        finally:
            if not patience.is_renewed:
                patience.left -= monotonic() - begun

    def _wait_while_at_it(self, gen: PQGen[T], interval: float) -> T:
        allowed, unsure = ANSWER_SECONDS, 0.0
        while True:
            begun = monotonic()
            try:
                return super().wait(gen, interval, allowed)
            except psycopg.OperationalError as error:
                if error.sqlstate or monotonic() - begun < allowed:
                    raise
                is_at_it = self._server_is_at_it()
                unsure = 0.0 if is_at_it else unsure + allowed
                if (is_at_it is False and allowed == LAST_SECONDS) or unsure >= UNSURE_SECONDS:
                    self._give_up()
                    raise
                allowed = LAST_SECONDS if is_at_it is False else ANSWER_SECONDS

    def _server_is_at_it(self) -> bool | None:
        """Whether the server works on what was asked here; None when it cannot be asked, or somebody between us gives its processes other numbers."""
        try:
            with (
                within(ASK_SECONDS, standing=Standing()),
                type(self).connect(
                    self.info.dsn, password=self.info.password, connect_timeout=ASK_SECONDS, autocommit=True
                ) as beside,
            ):
                ((number,),) = beside.execute("SELECT pg_backend_pid()").fetchall()
                if number != beside.info.backend_pid:
                    return None
                ((found,),) = beside.execute(_IS_AT_IT, [self.info.backend_pid]).fetchall()
                return bool(found)
        except psycopg.Error:
            return None

    def _give_up(self) -> None:
        """Nobody waits for the answer any more. A server that hears us stops working on it; a COMMIT may be done or not, as on a cut line."""
        if psycopg.capabilities.has_cancel_safe():
            with suppress(psycopg.Error):
                self.cancel_safe(timeout=CANCEL_SECONDS)
        self.close()


class AsyncConnection(psycopg.AsyncConnection[tuple[Any, ...]]):
    """A connection for what asks little and often: each answer is waited for `SHORT_SECONDS`, then it is closed."""

    @classmethod
    async def connect(cls, conninfo: str = "", **given: Any) -> Self:
        connection = await super().connect(conninfo, **given)
        if not _is_local(connection):
            try:
                await connection.execute(_FORGET_US_SOON)
                if not connection.autocommit:
                    await connection.commit()
            except BaseException:
                await connection.close()
                raise
        return connection

    async def wait(self, gen: PQGen[T], interval: float = WAKE_SECONDS, timeout: float | None = None) -> T:  # noqa: ASYNC109 - as psycopg calls it
        begun = monotonic()
        try:
            return await super().wait(gen, interval, SHORT_SECONDS if timeout is None else timeout)
        except psycopg.OperationalError:
            if timeout is None and monotonic() - begun >= SHORT_SECONDS:
                await self.close()
            raise


def _is_local(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> bool:
    return connection.info.host.startswith("/")


class PatientPages:
    """Middleware: a page says within some ten seconds that the database is away, whatever is the matter with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with within(PAGE_SECONDS):
            return self._get_response(request)
