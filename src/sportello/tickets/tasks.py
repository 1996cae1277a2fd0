"""Jobs of the tickets: mails out, alarms, closing, previews. Each finds its row and makes one call."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app

from sportello.core import clock, reach
from sportello.mail.actions import outbound
from sportello.mail.adapters import transport
from sportello.tickets import actions, queries
from sportello.tickets.actions.alarms import WEBHOOK_TASK
from sportello.tickets.actions.writing import PREVIEW_TASK

UNTIL_DECIDED = RetryStrategy(wait=10, retry_exceptions={outbound.Undecided})


@app.task(name=outbound.JOB, pass_context=True, retry=UNTIL_DECIDED)
def deliver(context: JobContext, outbound_id: int) -> None:
    """A job that is not new was begun by a worker that is gone."""
    outbound.deliver(
        outbound_id=outbound_id,
        transport=transport.configured(),
        readers=queries.readers_by_now,
        taken_over=context.job.attempts > 0,
    )


@app.periodic(cron="* * * * * */15")
@app.task(name="sportello.tickets.fire_alarms", queueing_lock="sportello.tickets.fire_alarms", priority=50)
def fire_alarms(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    now = clock.now()
    actions.lapse_claims(now=now)
    actions.fire_alarms(now=now)
    actions.tell_delays(now=now)


@app.periodic(cron="* * * * *")
@app.task(name="sportello.tickets.stand_still", queueing_lock="sportello.tickets.stand_still", priority=20)
def stand_still(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    actions.stand_still(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.tickets.tell_undelivered", queueing_lock="sportello.tickets.tell_undelivered")
def tell_undelivered(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    actions.tell_undelivered(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.tickets.fold_tallies", queueing_lock="sportello.tickets.fold_tallies")
def fold_tallies(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    actions.fold_tallies()


@app.periodic(cron="* * * * *")
@app.task(name="sportello.tickets.look_at_customers", queueing_lock="sportello.tickets.look_at_customers", priority=-5)
def look_at_customers(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    actions.look_at_customers(now=clock.now())


@app.periodic(cron="*/10 * * * *")
@app.task(name="sportello.tickets.close_solved", queueing_lock="sportello.tickets.close_solved")
def close_solved(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    after = timedelta(days=settings.CLOSE_SOLVED_DAYS)
    while settings.CLOSE_SOLVED_DAYS and actions.close_solved(now=clock.now(), after=after):
        pass


@app.periodic(cron="17 * * * *")
@app.task(name="sportello.tickets.let_go_unsent", queueing_lock="sportello.tickets.let_go_unsent", priority=-10)
def let_go_unsent(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    """Files and drafts with secrets that were begun and never sent."""
    now = clock.now()
    actions.expire_sealed_drafts(now=now)
    while actions.expire_held(now=now):
        pass


@app.task(name=PREVIEW_TASK, priority=-10)  # mail and alarms first
def make_preview(attachment_id: int) -> None:
    attachment = queries.attachment_by_id(attachment_id)
    if attachment is not None:
        actions.make_preview(attachment=attachment)


@app.task(
    name=WEBHOOK_TASK, retry=RetryStrategy(max_attempts=4, exponential_wait=5, retry_exceptions={reach.Unreachable})
)
def post_alarm(ticket_id: int, step: str, due_at: str) -> None:
    """Tells the webhook that an answer is late; four attempts within three minutes."""
    ticket = queries.ticket_by_id(ticket_id)
    if ticket is not None and settings.ALARM_WEBHOOK_URL:
        actions.post_alarm(ticket=ticket, step=step, due_at=due_at)
