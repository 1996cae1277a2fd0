"""Opening hours, promised times and queues, as administrators set them. Every act is in the audit.

What was promised stays: tickets that are on the desk keep their due time until something happens to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.errors import Refused
from sportello.triage.holidays import UnknownCountry
from sportello.triage.models import Calendar, Queue, SlaPolicy
from sportello.triage.queries import hours_of
from sportello.triage.rules import BadCalendar, CalendarNeverOpens, next_opening


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFields:
    """What is entered about opening hours; `weekly` as in `triage.rules.week_from`."""

    name: str
    timezone: str
    always_open: bool
    weekly: Mapping[str, list[list[str]]]
    holidays_country: str
    closed_on: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFields:
    """Promised times, in minutes of the calendar."""

    name: str
    first_response: int
    next_response: int
    update: int
    delay: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFields:
    name_it: str
    name_en: str
    calendar: Calendar
    policy: SlaPolicy


QUEUE_COLUMNS = ("name_it", "name_en", "calendar", "policy")


# -- calendars -----------------------------------------------------------------------------------------------------------
def create_calendar(*, fields: CalendarFields, by: User | None, now: datetime, address: str | None) -> Calendar:
    """Raises Refused: "calendar-not-valid", "calendar-never-opens", "country-unknown", "name-taken"."""
    check_can_administer(by)
    calendar = _calendar(Calendar(), fields, now)
    with transaction.atomic():
        _save(calendar)
        record(act=Act.CALENDAR_CREATED, subject=calendar.name, by=by, now=now, address=address)
    return calendar


def change_calendar(
    *, calendar: Calendar, fields: CalendarFields, by: User, now: datetime, address: str | None
) -> Calendar:
    """Raises what `create_calendar` raises."""
    check_can_administer(by)
    before = _columns(calendar, fields)
    with transaction.atomic():
        _save(_calendar(calendar, fields, now))
        detail = _differences(before, _columns(calendar, fields))
        record(act=Act.CALENDAR_CHANGED, subject=calendar.name, by=by, now=now, address=address, detail=detail)
    return calendar


def remove_calendar(*, calendar: Calendar, by: User, now: datetime, address: str | None) -> None:
    """Raises Refused("in-use") while a queue keeps these hours."""
    check_can_administer(by)
    with transaction.atomic():
        record(act=Act.CALENDAR_REMOVED, subject=calendar.name, by=by, now=now, address=address)
        _delete(calendar)


def _calendar(calendar: Calendar, fields: CalendarFields, now: datetime) -> Calendar:
    """With the fields in it, once the rules can read them and the desk opens within ten years."""
    for name, value in asdict(fields).items():
        setattr(calendar, name, value)
    calendar.weekly, calendar.closed_on = dict(fields.weekly), list(fields.closed_on)
    try:
        next_opening(now, hours_of(calendar))
    except BadCalendar as bad:
        raise Refused("calendar-not-valid", _("These hours cannot be read: %(why)s.") % {"why": bad}) from None
    except UnknownCountry:
        raise Refused("country-unknown", _("The public holidays of this country are not known.")) from None
    except CalendarNeverOpens:
        raise Refused("calendar-never-opens", _("With these hours the desk never opens.")) from None
    return calendar


# -- promised times --------------------------------------------------------------------------------------------------------
def create_policy(*, fields: PolicyFields, by: User | None, now: datetime, address: str | None) -> SlaPolicy:
    """Raises Refused("name-taken")."""
    check_can_administer(by)
    policy = SlaPolicy(**asdict(fields))
    with transaction.atomic():
        _save(policy)
        record(act=Act.POLICY_CREATED, subject=policy.name, by=by, now=now, address=address, detail=asdict(fields))
    return policy


def change_policy(
    *, policy: SlaPolicy, fields: PolicyFields, by: User | None, now: datetime, address: str | None
) -> SlaPolicy:
    """Raises Refused("name-taken")."""
    check_can_administer(by)
    before = _columns(policy, fields)
    for name, value in asdict(fields).items():
        setattr(policy, name, value)
    with transaction.atomic():
        _save(policy)
        detail = _differences(before, _columns(policy, fields))
        record(act=Act.POLICY_CHANGED, subject=policy.name, by=by, now=now, address=address, detail=detail)
    return policy


def remove_policy(*, policy: SlaPolicy, by: User, now: datetime, address: str | None) -> None:
    """Raises Refused("in-use") while a queue promises these times."""
    check_can_administer(by)
    with transaction.atomic():
        record(act=Act.POLICY_REMOVED, subject=policy.name, by=by, now=now, address=address)
        _delete(policy)


# -- queues --------------------------------------------------------------------------------------------------------------
def change_queue(*, queue: Queue, fields: QueueFields, by: User | None, now: datetime, address: str | None) -> Queue:
    check_can_administer(by)
    before = {name: str(getattr(queue, name)) for name in QUEUE_COLUMNS}
    for name in QUEUE_COLUMNS:
        setattr(queue, name, getattr(fields, name))
    with transaction.atomic():
        queue.save(update_fields=QUEUE_COLUMNS)
        detail = _differences(before, {name: str(getattr(queue, name)) for name in QUEUE_COLUMNS})
        record(act=Act.QUEUE_CHANGED, subject=queue.slug, by=by, now=now, address=address, detail=detail)
    return queue


# -- alike ---------------------------------------------------------------------------------------------------------------
def _save(row: models.Model) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused("name-taken", _("There is another one with this name.")) from None


def _delete(row: models.Model) -> None:
    try:
        row.delete()
    except ProtectedError:
        raise Refused("in-use", _("A queue uses this: give the queue another one first.")) from None


def _columns(row: models.Model, fields: CalendarFields | PolicyFields) -> dict[str, str]:
    return {name: str(getattr(row, name)) for name in asdict(fields)}


def _differences(before: Mapping[str, str], after: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: [old, str(after[name])] for name, old in before.items() if old != str(after[name])}
