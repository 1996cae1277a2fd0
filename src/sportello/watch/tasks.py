"""Looking through the file store, which nobody does who only serves what is asked for."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from procrastinate.contrib.django import app

from sportello.core import files
from sportello.watch import actions

UNFINISHED = timedelta(days=1)
log = logging.getLogger(__name__)


@app.periodic(cron="23 3 * * *")
@app.task(name="sportello.watch.check_files", queueing_lock="sportello.watch.check_files", priority=-20)
def check_files(timestamp: int) -> None:
    """Of what was begun and not finished nothing is a day old but what a killed process left."""
    actions.check_files()
    try:
        files.sweep(before=datetime.fromtimestamp(timestamp, UTC) - UNFINISHED)
    except files.FileStoreAway as error:
        log.warning("what killed writes have left in the file store could not be taken away: %s", error)


@app.periodic(cron="* * * * *")
@app.task(name="sportello.watch.recheck_damaged", queueing_lock="sportello.watch.recheck_damaged", priority=-20)
def recheck_damaged(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    actions.recheck_damaged()
