"""Jobs of looking. Each look is claimed by its row, so that all is safe to do twice and at once."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.diagnostics.queries import examination_by_pk
from sportello.evidence import actions
from sportello.evidence.actions import LOOK_TASK


@app.periodic(cron="* * * * * */5")
@app.task(
    name="sportello.evidence.look_around",
    queueing_lock="sportello.evidence.look_around",
    lock="sportello.evidence.look_around",
    priority=10,
)
def look_around(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    """One at a time: it looks at several services itself, and leaves the worker's other hands to mail and alarms."""
    actions.look_around(now=clock.now())


@app.task(name=LOOK_TASK, priority=30)
def look(examination_id: int) -> None:
    """What a person waits for."""
    examination = examination_by_pk(examination_id)
    if examination is not None:
        actions.examine(examination=examination, now=clock.now())
        actions.make_up(now=clock.now())


@app.periodic(cron="23 4 * * *")
@app.task(name="sportello.evidence.forget_old", queueing_lock="sportello.evidence.forget_old", priority=-10)
def forget_old(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    while actions.forget_old(now=clock.now()):
        pass
