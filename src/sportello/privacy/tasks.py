"""Jobs of privacy: what is too old goes."""

from __future__ import annotations

from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.privacy import actions
from sportello.privacy.actions.downloading import PACK_TASK
from sportello.privacy.actions.planning import ERASE_TASK
from sportello.privacy.enums import Kept


@app.periodic(cron="*/10 * * * *")
@app.task(name="sportello.privacy.expire_drops", queueing_lock="sportello.privacy.expire_drops")
def expire_drops(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    while actions.expire_drops(now=clock.now()):
        pass


@app.task(name=PACK_TASK)
def pack(download_id: int) -> None:
    actions.pack(download_id=download_id, now=clock.now())


@app.task(name=ERASE_TASK)
def erase(plan_id: int) -> None:
    actions.carry_on_erasure(plan_id=plan_id, now=clock.now)


@app.periodic(cron="33 3 * * *")
@app.task(name="sportello.privacy.tidy", queueing_lock="sportello.privacy.tidy", priority=-10)
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    """Takes away what is older than the rules say, some at a time."""
    actions.expire_downloads(now=clock.now())
    for kind in Kept:
        while actions.apply_retention(kind=kind, now=clock.now()):
            pass
