"""Jobs of the mail room."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.mail.actions import outbound
from sportello.mail.adapters import smtp


@app.task(name=outbound.JOB)
def deliver(outbound_id: int) -> None:
    outbound.deliver(outbound_id=outbound_id, transport=smtp.configured())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.mail.sweep", queueing_lock="sportello.mail.sweep", pass_context=False)
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    outbound.sweep(now=clock.now())
