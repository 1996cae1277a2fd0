"""Receipts on their way: sent by one thread of the worker that wrote them, not each by a job.

What it has not sent when the process dies is a row without a job: the next worker gives it one as it starts, and every worker within two minutes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from queue import Empty, SimpleQueue

from django.db import DatabaseError, connection

from sportello.core import clock
from sportello.mail.actions import outbound
from sportello.mail.adapters import transport

log = logging.getLogger(__name__)

MOST = 50
"""So many wait here at most; behind a slow mail server the others get jobs, which are done several at a time."""
LOOK_SECONDS = 0.5


class Messenger:
    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._waiting: SimpleQueue[int] = SimpleQueue()
        self._thread = threading.Thread(target=self._go, name="messenger", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @contextmanager
    def errands(self) -> Iterator[None]:
        """Takes the receipts that the body writes, as far as there is room, once it has come to a good end."""
        if self._waiting.qsize() >= MOST:
            yield
            return
        with outbound.errands() as written:
            yield
        for outbound_id in written:
            self._waiting.put(outbound_id)

    def _go(self) -> None:
        _give_jobs_to_what_was_left()
        while not self._stop.is_set():
            try:
                outbound_id = self._waiting.get(timeout=LOOK_SECONDS)
            except Empty:
                connection.close()
            else:
                _send(outbound_id)
        connection.close()


def _send(outbound_id: int) -> None:
    try:
        outbound.deliver(outbound_id=outbound_id, transport=transport.configured())
    except DatabaseError as error:
        log.warning("outbound mail %s is sent later, the database does not answer: %s", outbound_id, str(error).strip())
        connection.close()
    except Exception:
        log.exception("The outbound mail %s could not be sent by the messenger, and gets a job.", outbound_id)


def _give_jobs_to_what_was_left() -> None:
    try:
        outbound.sweep(now=clock.now(), patience=timedelta())
    except DatabaseError as error:
        log.warning("receipts left over were not looked for: %s", str(error).strip())
        connection.close()
