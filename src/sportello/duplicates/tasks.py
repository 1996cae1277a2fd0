"""Jobs of the room: what nobody answers ends, what people said is learnt from."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.duplicates import actions


@app.periodic(cron="43 3 * * *")
@app.task(name="sportello.duplicates.learn", queueing_lock="sportello.duplicates.learn", priority=-10)
def learn(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    while actions.tidy(now=clock.now()):
        pass
    actions.learn_anew(now=clock.now())
