"""Jobs of imports. Each finds its row and makes one call."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.imports.actions import running, syncing, taking


@app.task(name=taking.JOB, priority=-10)
def carry_on(import_id: int) -> None:
    running.carry_on(import_id=import_id, now=clock.now, is_patient=True)


@app.periodic(cron="* * * * *")
@app.task(name="sportello.imports.sweep", queueing_lock="sportello.imports.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    syncing.sweep(now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="sportello.imports.sync", queueing_lock="sportello.imports.sync")
def sync(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    syncing.sync_if_due(now=clock.now())


@app.periodic(cron="41 3 * * *")
@app.task(name="sportello.imports.tidy", queueing_lock="sportello.imports.tidy", priority=-20)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    taking.tidy(now=clock.now())
