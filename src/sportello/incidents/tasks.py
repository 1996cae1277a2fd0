"""Jobs of the incidents. Each is bounded, safe to run twice and at once, and leaves the rest to the next one."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.incidents.board.exporting import export
from sportello.incidents.planned.actions import tell_maintenance


@app.periodic(cron="* * * * * */20")
@app.task(name="sportello.incidents.tell_maintenance", queueing_lock="sportello.incidents.tell_maintenance")
def tell_planned(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    tell_maintenance(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.incidents.export_status", queueing_lock="sportello.incidents.export_status", priority=-5)
def export_status(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    if settings.STATUS_FOLDER is not None:
        export(settings.STATUS_FOLDER, now=clock.now())
