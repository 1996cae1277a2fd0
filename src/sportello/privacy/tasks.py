"""Jobs of privacy: what is too old goes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.privacy import actions


@app.periodic(cron="*/10 * * * *")
@app.task(name="sportello.privacy.expire_drops", queueing_lock="sportello.privacy.expire_drops")
def expire_drops(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    while actions.expire_drops(now=clock.now()):
        pass
