"""Housekeeping of the public form."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.presales import actions


@app.periodic(cron="41 * * * *")
@app.task(name="sportello.presales.tidy", queueing_lock="sportello.presales.tidy", pass_context=False)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    actions.forget(now=clock.now())
