"""The thread by which a process shows that it lives, and by which the pages know what is wrong.

A sign is written only after a proof from outside: the mail door has greeted, the live process has answered, the worker has made a round trip. A
process that stands still while its threads run is thus as silent as a dead one.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.db import DatabaseError, connection
from procrastinate.contrib.django import connector_params
from psycopg_pool import PoolTimeout

from sportello.core import clock, files, replica
from sportello.core.ending import end_process
from sportello.core.patience import disk_is_full, within
from sportello.watch import actions, queries
from sportello.watch.enums import Cause, Work
from sportello.watch.rules import SILENT, Problem

log = logging.getLogger(__name__)
BEAT_SECONDS = 10.0
LOOKS_BEFORE_THE_END = 6
COMES_UP_SECONDS = 20.0
"""So long a process may take until it listens, without a warning: it beats from the beginning."""
PROBE_SECONDS = 20.0
PROBE_MAY_LAST = 30.0
LEAST_FREE_BYTES = 200_000_000
_OF_STORE = {errno.ENOSPC: Cause.FILES_FULL, errno.EDQUOT: Cause.FILES_FULL, errno.ENXIO: Cause.FILES_GONE}
Proof = Callable[[], bool]


class StoreProbe:
    """Writes and removes a small file now and then, in a thread of its own, since a store over the network may never answer."""

    def __init__(self, node: str) -> None:
        self._name = f".probe-{node}-{os.getpid()}"
        self._begun_at: float | None = None
        self._found = ""
        self._mark_is_known = False

    def run(self) -> None:
        while True:
            self._begun_at = time.monotonic()
            self._found = self._try()
            self._begun_at = None
            connection.close()
            time.sleep(PROBE_SECONDS)

    @property
    def trouble(self) -> str:
        """A Cause, or nothing."""
        if self._begun_at is not None and time.monotonic() - self._begun_at > PROBE_MAY_LAST:
            return Cause.FILES_SILENT
        return self._found

    def _try(self) -> str:
        store = storages["default"]
        try:
            self._see_to_the_mark()
            kept = store.save(self._name, ContentFile(b"probe"))
            store.delete(kept)
            return _free_space(store)
        except DatabaseError as error:
            log.warning("nothing is known of the file store: %s", str(error).strip())
            return self._found
        except OSError as error:
            log.error("the file store cannot be written to: %s", error)  # noqa: TRY400 - the line says all
            return _OF_STORE.get(error.errno or 0, Cause.FILES_UNWRITABLE)
        except Exception:
            log.exception("the file store cannot be written to")  # a store elsewhere has exceptions of its own
            return Cause.FILES_UNWRITABLE

    def _see_to_the_mark(self) -> None:
        """Told once in a process's life. Raises FileStoreAway, DatabaseError."""
        with within(BEAT_SECONDS):
            files.check_there()
            if not self._mark_is_known:
                actions.note_mark(now=clock.now())
        self._mark_is_known = True


def _free_space(store: object) -> str:
    if not isinstance(store, FileSystemStorage):
        return ""
    disk = os.statvfs(store.location)
    return Cause.FILES_FULL if disk.f_bavail * disk.f_frsize < LEAST_FREE_BYTES else ""


class Pacemaker:
    """Beats for one process until `stop`."""

    def __init__(self, work: Work, *, proof: Proof, counts: Callable[[], Mapping[str, Any]] = dict) -> None:
        self._work = work
        self._proof = proof
        self._counts = counts
        self._stop = threading.Event()
        self._probe = StoreProbe(settings.NODE) if work in {Work.WEB, Work.WORKER} else None
        self._process = actions.process_name()
        self._latest: tuple[Problem, ...] = ()
        self._frozen: dict[str, int] = {}
        self._in_vain = 0

    @property
    def latest(self) -> tuple[Problem, ...]:
        """What was wrong at the last look, by a process for pages."""
        return self._latest

    def start(self) -> None:
        if self._probe is not None:
            threading.Thread(target=self._probe.run, name="store-probe", daemon=True).start()
        threading.Thread(target=self._run, name="pulse", daemon=True).start()

    def stop(self) -> None:
        """At an orderly end. Raises nothing: a sign that stays is cleared away by the next process."""
        self._stop.set()
        with suppress(DatabaseError):
            actions.leave(work=self._work, node=settings.NODE, process=self._process)

    def _run(self) -> None:
        """Whatever goes wrong in a round, the next one comes: a thread that ended would be a false alarm for ever."""
        while True:
            try:
                self._round()
            except Exception:
                log.exception("no sign of life could be written")
            finally:
                connection.close()
            if self._stop.wait(BEAT_SECONDS):
                return

    def _round(self) -> None:
        try:
            if self._proof():
                self._beat()
                self._look_at_the_standby()
                self._end_the_frozen()
                self._in_vain = 0
        except DatabaseError as error:
            self._frozen.clear()
            log.warning("no sign of life could be written: %s", str(error).strip())
            connection.close()
            self._end_without_a_pool(error)
        if self._work is Work.WEB:
            self._latest = queries.examine(now=clock.now()).problems

    def _end_the_frozen(self) -> None:
        """A neighbour that stands still keeps those who came to it waiting for ever.

        Seen at so many looks in a row, each after a sign of ours, that it was not the database or the whole machine that stood still.
        """
        found = actions.frozen(node=settings.NODE, silent=SILENT)
        self._frozen = {name: self._frozen.get(name, 0) + 1 for name in found}
        for name in [name for name, looks in self._frozen.items() if looks >= LOOKS_BEFORE_THE_END]:
            log.critical("process %s gives no sign any more and is ended", name)
            actions.end_at_once(name)

    def _end_without_a_pool(self, error: DatabaseError) -> None:
        """A pool that could not begin its threads gives out no connection any more, while the database is there: this process is of no use."""
        self._in_vain = self._in_vain + 1 if isinstance(error.__cause__, PoolTimeout) else 0
        if self._in_vain >= LOOKS_BEFORE_THE_END and _takes_another_connection():
            end_process("this process gets no connection to a database that is there")

    def _trouble(self) -> str:
        """A Cause that only this process sees, or nothing."""
        if disk_is_full():
            return Cause.DATABASE_FULL
        return (self._probe.trouble if self._probe else "") or (Cause.STANDBY if replica.is_ill() else "")

    def _look_at_the_standby(self) -> None:
        """By those that search."""
        if self._probe is not None:
            replica.look()

    def _beat(self) -> None:
        with within(BEAT_SECONDS):
            actions.beat(
                work=self._work,
                node=settings.NODE,
                process=self._process,
                trouble=self._trouble(),
                figures=self._counts(),
            )


def _takes_another_connection() -> bool:
    try:
        psycopg.connect(**connector_params()).close()
    except psycopg.Error:
        return False
    return True


_of_this_process: list[Pacemaker] = []


def begin(work: Work, *, proof: Proof, counts: Callable[[], Mapping[str, Any]] = dict) -> Pacemaker:
    """Beat from now on, for as long as this process lives."""
    pacemaker = Pacemaker(work, proof=proof, counts=counts)
    _of_this_process.append(pacemaker)
    pacemaker.start()
    return pacemaker


def latest_problems() -> tuple[Problem, ...]:
    """What this process last found wrong, at most a few seconds ago; without a query."""
    return tuple(problem for pacemaker in _of_this_process for problem in pacemaker.latest)


def greets(host: str, port: int) -> Proof:
    """Whether a mail door says its first line."""
    begun = time.monotonic()

    def ask() -> bool:
        try:
            with socket.create_connection((_reachable(host), port), timeout=5) as line:
                line.settimeout(5)
                greeted = line.recv(64).startswith((b"220", b"421"))
                line.sendall(b"QUIT\r\n")
                return greeted
        except OSError as error:
            log.log(_weight(begun), "our own mail door does not greet: %s", error)
            return False

    return ask


def answers(host: str, port: int) -> Proof:
    """Whether an HTTP process answers at all."""
    begun = time.monotonic()

    def ask() -> bool:
        try:
            with socket.create_connection((_reachable(host), port), timeout=5) as line:
                line.settimeout(5)
                line.sendall(b"GET /alive HTTP/1.0\r\n\r\n")
                return line.recv(64).startswith(b"HTTP/")
        except OSError as error:
            log.log(_weight(begun), "our own port %s does not answer: %s", port, error)
            return False

    return ask


def _weight(begun: float) -> int:
    return logging.WARNING if time.monotonic() - begun >= COMES_UP_SECONDS else logging.DEBUG


def _reachable(host: str) -> str:
    return "127.0.0.1" if host in {"", "0.0.0.0"} else "::1" if host == "::" else host  # noqa: S104 - compared with
