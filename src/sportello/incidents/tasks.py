"""Jobs of the incidents and of planned work. Each is bounded, safe to run twice and at once, and leaves the rest to the next one."""

from __future__ import annotations

from django.conf import settings
from procrastinate.contrib.django import app

from sportello.core import clock
from sportello.incidents import actions
from sportello.incidents.actions.changing import GO_ON_TASK
from sportello.incidents.board.exporting import export
from sportello.incidents.planned.actions import tell_maintenance
from sportello.incidents.queries.pages import incident_by_pk, with_work

ROUNDS = 20


@app.periodic(cron="* * * * * */15")
@app.task(name="sportello.incidents.propose", queueing_lock="sportello.incidents.propose", priority=20)
def propose(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    actions.propose(now=clock.now())


@app.periodic(cron="* * * * * */20")
@app.task(name="sportello.incidents.go_on", queueing_lock="sportello.incidents.go_on", priority=20)
def go_on(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    """What a job of its own did not bring to its end: a worker died, a ticket came in between, a service is still being looked at."""
    for incident_id in with_work():
        go_on_with(incident_id=incident_id)


@app.task(name=GO_ON_TASK, priority=20)
def go_on_with(incident_id: int) -> None:
    """Gathers, tells, lets go and puts right, in portions, as long as there is something to do."""
    for _round in range(ROUNDS):
        incident = incident_by_pk(incident_id)
        if incident is None or not actions.go_on_once(incident=incident, now=clock.now()):
            break


@app.periodic(cron="* * * * * */20")
@app.task(name="sportello.incidents.tell_maintenance", queueing_lock="sportello.incidents.tell_maintenance")
def tell_planned(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    tell_maintenance(now=clock.now())


@app.periodic(cron="* * * * *")
@app.task(name="sportello.incidents.export_status", queueing_lock="sportello.incidents.export_status", priority=-5)
def export_status(timestamp: int) -> None:  # noqa: ARG001 - the moment it was planned for
    if settings.STATUS_FOLDER is not None:
        export(settings.STATUS_FOLDER, now=clock.now())
