"""What each web process keeps of the public status: renewed by a thread every few seconds, asked by every request, written down for worse days.

A request never waits for the database. While that is away, or busy, what was known last goes on being shown, and the time of day still moves planned
maintenance on. A process that starts meanwhile finds it in a file of the data folder.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from sportello.core import clock
from sportello.core.patience import within
from sportello.incidents.board.drawing import Files, drawn
from sportello.incidents.board.facts import Facts, dumped, loaded
from sportello.incidents.board.reading import facts_now
from sportello.incidents.board.rules import Board, board_of
from sportello.incidents.models import Incident

log = logging.getLogger(__name__)
RENEWED_SECONDS = 5.0
PATIENCE_SECONDS = 4.0
WRITTEN_EVERY = timedelta(seconds=50)
"""Also when nothing has changed, so that its age says how old what it holds can be."""


@dataclass(slots=True)
class Keeper:
    """Of one process. `files` is exchanged as a whole, so that a request needs no lock."""

    file: Path
    files: Files | None = None
    _facts: Facts | None = None
    board: Board | None = None
    _written: Facts | None = None

    def renew(self, *, now: datetime) -> None:
        """Raises DatabaseError when nothing new can be known; what is shown has moved on with the time all the same."""
        try:
            with within(PATIENCE_SECONDS):
                self._facts = facts_now(now)
            self._write(self._facts)
        finally:
            self._draw(now)

    def remember(self, *, now: datetime) -> None:
        """What an earlier process wrote down, if it can be read."""
        with suppress(OSError, ValueError, KeyError, TypeError):
            self._facts = loaded(self.file.read_text(encoding="utf-8"))
            self._draw(now)

    def _draw(self, now: datetime) -> None:
        if self._facts is None:
            return
        board = board_of(self._facts, now)
        if board != self.board:
            self.files, self.board = drawn(board), board

    def _write(self, facts: Facts) -> None:
        """A full disk costs the memory of it, not the page."""
        before = self._written
        if (
            before
            and replace(before, known_at=facts.known_at) == facts
            and facts.known_at < before.known_at + WRITTEN_EVERY
        ):
            return
        draft = self.file.with_suffix(f".{os.getpid()}")
        try:
            draft.write_text(dumped(facts), encoding="utf-8")
            draft.replace(self.file)
            self._written = facts
        except OSError as error:
            log.warning("the public status was not written down: %s", error)


_of_this_process: list[Keeper] = []


def begin() -> None:
    """Keep it from now on, for as long as this process lives."""
    keeper = Keeper(settings.DATA / "status.json")
    keeper.remember(now=clock.now())
    _of_this_process.append(keeper)
    threading.Thread(target=_run, args=(keeper,), name="status", daemon=True).start()


def kept_files() -> Files | None:
    """What this process keeps; None where none is kept, or nothing was ever known."""
    return next((keeper.files for keeper in _of_this_process), None)


def is_outage_known() -> bool:
    """Whether an incident is open that everybody may know of: from what is kept, where something is, without a query."""
    boards = [keeper.board for keeper in _of_this_process if keeper.board is not None]
    if boards:
        return bool(boards[0].open_outages)
    return Incident.objects.filter(ended_at=None, is_public=True).exists()


def _run(keeper: Keeper) -> None:
    """Whatever goes wrong in a round, the next one comes."""
    pause = threading.Event()
    while True:
        try:
            keeper.renew(now=clock.now())
        except Exception as error:  # noqa: BLE001 - a thread that ended would show the same for ever
            log.warning("the public status was not renewed: %s", str(error).strip())
        finally:
            connection.close()
        pause.wait(RENEWED_SECONDS)
