"""Has the services of tickets looked at, ties what was seen to them, and has them judged anew [promise.outage]."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from sportello.accounts.models import User
from sportello.core import clock, live
from sportello.core.errors import Refused
from sportello.diagnostics import actions as diagnostics
from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.models import Examination
from sportello.diagnostics.queries import examination_by_pk, waiting
from sportello.evidence.models import Evidence
from sportello.evidence.queries import due_services, is_reported, tickets_to_judge, unjudged
from sportello.services.enums import ServiceVerdict
from sportello.services.queries import quiet_until
from sportello.tickets.actions import weigh
from sportello.tickets.actions.changing import record
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_write

LOOK_TASK = "sportello.evidence.look"
ROUNDS = 3
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('sportello looks due', 0))"


def look_again(*, ticket: Ticket, by: User, now: datetime) -> Examination:
    """Somebody wants to know how it is now. Raises Refused: "no-service", "probes-off"."""
    check_can_write(by)
    if ticket.service is None:
        raise Refused("no-service", _("Say first which service it is about."))
    if not settings.PROBES:
        raise Refused("probes-off", _("Looking at services is switched off here."))
    with transaction.atomic():
        asked = diagnostics.ask(service=ticket.service, occasion=Occasion.DEMAND, now=now, by=by)
        app.configure_task(LOOK_TASK).defer(examination_id=asked.pk)
    return asked


def look_around(*, now: datetime) -> int:
    """Looks at what is due, a bounded number at once; how many looks were done. Safe to do in several workers: a look is claimed."""
    if not settings.PROBES:
        return 0
    make_up(now=now)
    every = timedelta(minutes=settings.PROBE_EVERY_MINUTES) if settings.PROBE_EVERY_MINUTES else None
    room = ROUNDS * settings.PROBES_AT_ONCE
    _ask_for_due(every=every, room=room, now=now)
    keys = waiting(limit=room, begun_before=now - diagnostics.LOST)
    if not keys:
        return 0
    with ThreadPoolExecutor(settings.PROBES_AT_ONCE, thread_name_prefix="examine") as pool:
        return sum(pool.map(_examine_apart, keys))


def examine(*, examination: Examination, now: datetime) -> bool:
    """Does a look and judges the tickets about its service. False when another does it."""
    service = examination.service
    quiet = quiet_until(service, now) is not None
    reported = is_reported(service.pk)
    if not diagnostics.examine(examination=examination, now=now, is_reported=reported, is_quiet=quiet):
        return False
    conclude(examination=examination, now=clock.now())
    return True


def conclude(*, examination: Examination, now: datetime) -> None:
    """Ties a finished look to the tickets about its service. Doing it twice is doing it once."""
    for ticket in tickets_to_judge(examination.service_id, now=now):
        with transaction.atomic():
            tied = Evidence.objects.get_or_create(ticket=ticket, examination=examination)[1]
            if tied:
                _judge(ticket, examination, now)


def make_up(*, now: datetime) -> None:
    """Has the tickets judged that were not, as whoever looked at their service died before."""
    for examination in unjudged(now=now):
        conclude(examination=examination, now=now)


def forget_old(*, now: datetime) -> int:
    return diagnostics.forget_old(now=now)


def _ask_for_due(*, every: timedelta | None, room: int, now: datetime) -> None:
    """One worker at a time, so that none asks for what another has seen to since it was found due."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)
        for each in due_services(now=now, every=every, limit=room):
            diagnostics.ask(service=each.service, occasion=each.occasion, now=now)


def _judge(ticket: Ticket, examination: Examination, now: datetime) -> None:
    """What could not be told moves nothing that was; and after a first failure the second look is waited for, before anybody is asked anything."""
    verdict = ServiceVerdict(examination.verdict)
    if verdict == ServiceVerdict.UNKNOWN and (ticket.verdict or examination.rule == "once"):
        live.publish("ticket", ticket=str(ticket.public_id), version=ticket.version)
        return
    if ticket.verdict != verdict:
        record(ticket, EventKind.LOOKED, now=now, verdict=verdict, rule=examination.rule)
    weigh(ticket=ticket, verdict=verdict, neighbours_down=examination.neighbours_down, now=now)


def _examine_apart(pk: int) -> bool:
    """In a thread, with a database connection of its own that is given back."""
    try:
        examination = examination_by_pk(pk)
        return examination is not None and examine(examination=examination, now=clock.now())
    finally:
        connection.close()
