"""Jobs of the mail room."""

from __future__ import annotations

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.mail.actions import outbound
from sportello.mail.adapters import transport

UNTIL_DECIDED = RetryStrategy(wait=10, retry_exceptions={outbound.Undecided})


@app.task(name=outbound.JOB, pass_context=True, retry=UNTIL_DECIDED)
def deliver(context: JobContext, outbound_id: int) -> None:
    """A job that is not new was begun by a worker that is gone."""
    outbound.deliver(outbound_id=outbound_id, transport=transport.configured(), taken_over=context.job.attempts > 0)


@app.periodic(cron="* * * * *")
@app.task(name="sportello.mail.sweep", queueing_lock="sportello.mail.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    outbound.sweep(now=clock.now())
