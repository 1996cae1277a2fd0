"""Queues with what is promised in them, as rows and as the plain values that the rules take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, QuerySet

from sportello.core.statements import Reading
from sportello.triage.holidays import HolidayRule
from sportello.triage.models import Calendar, Queue, SlaPolicy
from sportello.triage.rules import Due, OpeningHours, Targets, opened, respond_by, week_from

_QUEUES = Reading(lambda: Queue.objects.select_related("calendar", "policy"))
_NAMED = Reading(lambda slug: Queue.objects.select_related("calendar", "policy").filter(slug=slug))


_NAMES = "SELECT id, slug, name_it, name_en FROM triage_queue ORDER BY position, slug"


@dataclass(frozen=True, slots=True)
class QueueName:
    """A queue as it is offered to choose."""

    key: int
    slug: str
    name_it: str
    name_en: str

    def in_language(self, language: str | None) -> str:
        return self.name_it if language == "it" else self.name_en


def queue_names() -> list[QueueName]:
    """Every queue, in the order of the desk, without what is promised in it."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES)
        return [QueueName(*row) for row in cursor.fetchall()]


def queues() -> list[Queue]:
    """Every queue, in the order of the desk."""
    return _QUEUES()


def queue_by_slug(slug: str) -> Queue:
    """The queue, with its calendar and policy. Raises Queue.DoesNotExist."""
    found = _NAMED.first(slug)
    if found is None:
        raise Queue.DoesNotExist(f"there is no queue {slug}")
    return found


def clock_of(queue: Queue) -> tuple[Targets, OpeningHours]:
    """What is promised in this queue, and the hours in which its clocks run. Raises BadCalendar."""
    return targets_of(queue.policy), hours_of(queue.calendar)


def first_answer_of(slug: str, *, now: datetime) -> Due:
    """What would be promised to somebody who asks in this queue now, reckoned as for every request [promise.first]."""
    return respond_by(opened(now), *clock_of(queue_by_slug(slug)))


def targets_of(policy: SlaPolicy) -> Targets:
    return Targets(
        first_response=policy.first_response,
        next_response=policy.next_response,
        update=policy.update,
    )


def hours_of(calendar: Calendar) -> OpeningHours:
    """The opening hours as a rule takes them. Raises BadCalendar."""
    if calendar.always_open:
        return OpeningHours.always(calendar.timezone)
    return OpeningHours(
        timezone=calendar.timezone,
        weekly=week_from(calendar.weekly),
        holidays=HolidayRule(calendar.holidays_country) if calendar.holidays_country else None,
        closed_dates=frozenset(calendar.closed_on),
    )


# -- for the settings ------------------------------------------------------------------------------------------------------
def calendars() -> QuerySet[Calendar]:
    """All calendars by name, each with the number of queues that keep it."""
    return Calendar.objects.annotate(queues=Count("queue")).order_by("name")


def calendar_by_id(pk: int) -> Calendar | None:
    return calendars().filter(pk=pk).first()


def policies() -> QuerySet[SlaPolicy]:
    """All promised times by name, each with the number of queues that promise them."""
    return SlaPolicy.objects.annotate(queues=Count("queue")).order_by("name")


def policy_by_id(pk: int) -> SlaPolicy | None:
    return policies().filter(pk=pk).first()


def queue_named(slug: str) -> Queue | None:
    return Queue.objects.select_related("calendar", "policy").filter(slug=slug).first()
