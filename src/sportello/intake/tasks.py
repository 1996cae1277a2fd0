"""Jobs of the front door: find by id, one call."""

from __future__ import annotations

from django.conf import settings
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sportello.core import clock, reach
from sportello.intake import actions
from sportello.mail import actions as mail
from sportello.mail.queries import filed_mail, inbound_to_process
from sportello.mail.queries.held import held_mail

# After 2, 4, 8, 16, ... seconds: the fifth failure makes a ticket of the bare file well within the ten minutes of a first answer.
RETRY = RetryStrategy(max_attempts=10, exponential_wait=2)


@app.task(name="sportello.intake.process_inbound", queue=actions.READING_QUEUE, retry=RETRY)
def process_inbound(inbound_id: int) -> None:
    """Deferred by an earlier version that still runs beside this one. Here a mail is its own job: see `config/reading.py`."""
    inbound = inbound_to_process(inbound_id)
    if inbound is not None:
        actions.receive_mail(inbound=inbound, now=clock.now())


@app.task(name="sportello.intake.sweep", queueing_lock="sportello.intake.sweep")
def sweep(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    """As above."""
    mail.ring()


@app.task(name=actions.REREAD_TASK, queue=actions.READING_QUEUE, retry=RETRY)
def reread(inbound_id: int) -> None:
    inbound = filed_mail(inbound_id)
    if inbound is not None:
        actions.reread_filed(inbound=inbound, now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.intake.file_held_back", queueing_lock="sportello.intake.file_held_back")
def file_held_back(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    actions.file_held_back(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.duplicates.reconsider", queueing_lock="sportello.duplicates.reconsider", priority=-5)
def reconsider(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    """Named after the room that judges."""
    actions.reconsider_proposed(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.intake.self_test", queueing_lock="sportello.intake.self_test")
def self_test(timestamp: int) -> None:  # noqa: ARG001 - the minute it was planned for
    actions.self_test(now=clock.now())


@app.periodic(cron="* * * * * */15")
@app.task(name="sportello.intake.ring_for_held", queueing_lock="sportello.intake.ring_for_held", priority=50)
def ring_for_held(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    actions.ring_for_held(now=clock.now())


@app.task(
    name=actions.WEBHOOK_TASK,
    retry=RetryStrategy(max_attempts=4, exponential_wait=5, retry_exceptions={reach.Unreachable}),
)
def post_held(inbound_id: int) -> None:
    """Tells the webhook of a mail that still waits; four attempts within three minutes."""
    inbound = held_mail(inbound_id)
    if inbound is not None and settings.ALARM_WEBHOOK_URL:
        actions.post_held(inbound=inbound)
