"""Jobs of the mail room. Whoever sends asks who may still read it, which `tickets` knows: its tasks have the job."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.mail.actions import outbound


@app.periodic(cron="* * * * *")
@app.task(name="sportello.mail.sweep", queueing_lock="sportello.mail.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    outbound.sweep(now=clock.now())
