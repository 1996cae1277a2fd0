"""Receipts on their way: sent by one thread of the worker that wrote them, not each by a job.

What it has not sent when the process dies is a row without a job: the next worker gives it one as it starts, and every worker within two
minutes. What it was sending gets one from any worker within a minute.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from queue import Empty, SimpleQueue
from time import monotonic

from django.db import Error, InterfaceError, OperationalError, connection

from sportello.core import clock
from sportello.core.patience import ANSWER_SECONDS, each_within
from sportello.mail.actions import outbound
from sportello.mail.adapters import transport
from sportello.mail.models import OutboundMail
from sportello.tickets.queries import readers_by_now

log = logging.getLogger(__name__)

MOST = 50
"""So many wait here at most; behind a slow mail server the others get jobs, which are done several at a time."""
LOOK_SECONDS = 0.5
END_SECONDS = 5  # a worker that is to stop has thirty in all
DEAD_SECONDS = 20
"""How often it is looked for mails that another one died with."""


class Messenger:
    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._waiting: SimpleQueue[OutboundMail] = SimpleQueue()
        self._answers_for = 0
        self._thread = threading.Thread(target=self._go, name="messenger", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wait_to_end(self) -> None:
        """Once it was told to stop: until the mail that is being sent is noted as sent, or until the mail server has had time enough."""
        self._thread.join(END_SECONDS)

    @contextmanager
    def errands(self) -> Iterator[None]:
        """Takes the receipts that the body writes, as far as there is room, once it has come to a good end."""
        if self._waiting.qsize() >= MOST:
            yield
            return
        with outbound.errands() as written:
            yield
        for mail in written:
            self._waiting.put(mail)

    def _go(self) -> None:
        with each_within(ANSWER_SECONDS):
            self._go_on()

    def _go_on(self) -> None:
        _give_jobs_to_what_was_left()
        looked_at = monotonic()
        while not self._stop.is_set():
            if monotonic() - looked_at > DEAD_SECONDS:
                _take_over_the_dead()
                looked_at = monotonic()
            try:
                mail = self._waiting.get(timeout=LOOK_SECONDS)
            except Empty:
                self._rest()
            else:
                self._send(mail)
            if self._answers_for >= MOST:
                self._rest()
        self._rest()

    def _send(self, mail: OutboundMail) -> None:
        """What the database broke off is tried again as soon as it answers: what went out meanwhile is not ours to send any more."""
        self._answers_for += 1
        try:
            outbound.deliver_without_job(mail=mail, transport=transport.configured(), readers=readers_by_now)
        except (OperationalError, InterfaceError) as error:
            log.warning("outbound mail %s waits for the database: %s", mail.pk, str(error).strip())
            self._rest()
            self._waiting.put(mail)
            self._stop.wait(LOOK_SECONDS)
        except Exception:
            log.exception("The outbound mail %s could not be sent by the messenger, and gets a job.", mail.pk)
            self._rest()

    def _rest(self) -> None:
        """Answers for nothing any more, and gives the connection back. What was sent is let go together: a statement each would be one too many."""
        if self._answers_for:
            with suppress(Error):
                outbound.let_go()
            self._answers_for = 0
        connection.close()


def _give_jobs_to_what_was_left() -> None:
    try:
        outbound.sweep(now=clock.now(), patience=timedelta())
    except Error as error:
        log.warning("receipts left over were not looked for: %s", str(error).strip())
        connection.close()


def _take_over_the_dead() -> None:
    try:
        outbound.take_over_the_dead(now=clock.now())
    except Error as error:
        log.warning("mails of a process that died were not looked for: %s", str(error).strip())
        connection.close()
