"""Looking through the file store, which nobody does who only serves what is asked for."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.watch import actions


@app.periodic(cron="23 3 * * *")
@app.task(name="sportello.watch.check_files", queueing_lock="sportello.watch.check_files", priority=-20)
def check_files(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    actions.check_files()


@app.periodic(cron="* * * * *")
@app.task(name="sportello.watch.recheck_damaged", queueing_lock="sportello.watch.recheck_damaged", priority=-20)
def recheck_damaged(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    actions.recheck_damaged()
