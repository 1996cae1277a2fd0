"""What `sportello setup` asks for and keeps in the database, by the same actions as the desk's pages. Imported once Django is set up."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from typing import TypedDict

from django.conf import settings
from django.utils import translation

from sportello.accounts.actions import decide_step
from sportello.accounts.enums import Decided, SetupStep
from sportello.accounts.models import User
from sportello.accounts.queries import administrators, decided_steps
from sportello.config.asking import Step
from sportello.config.env import SettingError
from sportello.config.hours import ALWAYS, NotHoursError, Week, in_words, week_of
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.mail.actions.mailboxes import MailboxFields, create_mailbox
from sportello.mail.enums import Purpose
from sportello.mail.queries.mailboxes import first_for
from sportello.telephone.actions.numbers import set_our_numbers
from sportello.telephone.queries import our_numbers
from sportello.triage import actions as triage
from sportello.triage.actions import CalendarFields, PolicyFields, QueueFields
from sportello.triage.models import Calendar
from sportello.triage.queries import calendars, queue_by_slug, queues
from sportello.triage.words import opening_hours

SUPPORT, PRESALES = "support", "presales"
NONE = "none"
MOST_MINUTES = 525_600
_PROMISES = ("first_response", "next_response", "update")


class _Acting(TypedDict):
    by: User | None
    now: datetime
    address: str | None


def steps(provider: str) -> list[Step]:
    """In the order in which they are asked. What was decided is looked up once: make the list anew to see how it stands."""
    decided = decided_steps()
    return [
        _mailbox("support-address", "Address that customers write to", Purpose.SUPPORT, provider),
        _mailbox("presales-address", "Address for those who are no customers yet", Purpose.PRESALES, provider),
        Step(
            "telephone",
            "Telephone numbers, commas between",
            stands=lambda: ", ".join(our_numbers()),
            is_done=lambda: bool(our_numbers()),
            put=_put_numbers,
            is_needed=False,
        ),
        _hours(SUPPORT, "hours", "Opening hours of support", decided),
        _hours(PRESALES, "presales-hours", "Opening hours of pre-sales", decided),
        Step(
            "holidays",
            "Closed on the public holidays of (two letters, or none)",
            stands=_holidays,
            is_done=lambda: SetupStep.HOURS in decided,
            put=_put_holidays,
            is_needed=False,
        ),
        Step(
            "promise",
            "Minutes to the first answer, to the next ones, and between news",
            stands=lambda: ",".join(str(getattr(queue_by_slug(SUPPORT).policy, name)) for name in _PROMISES),
            is_done=lambda: SetupStep.PROMISE in decided,
            put=_put_promise,
        ),
    ]


def administrator(make: Callable[[str], None]) -> Step:
    """`make` is told the address, and asks for name and password."""
    return Step(
        "admin-mail",
        "Mail address of the first administrator",
        stands=lambda: ", ".join(user.email for user in administrators()[:3]),
        is_done=lambda: bool(administrators()),
        put=make,
    )


# -- addresses and numbers -----------------------------------------------------------------------------------------------
def _mailbox(option: str, title: str, purpose: Purpose, provider: str) -> Step:
    def stands() -> str:
        found = first_for(purpose)
        return found.address if found else ""

    def put(address: str) -> None:
        if address.strip().lower() == stands():
            return
        if stands():
            raise SettingError(f"it is {stands()}: change it on the desk, under Settings")
        fields = MailboxFields(address=address, display_name=provider, purpose=purpose)
        with _in_a_sentence():
            create_mailbox(fields=fields, **_acting())

    return Step(option, title, stands, lambda: bool(stands()), put, is_needed=purpose == Purpose.SUPPORT)


def _put_numbers(given: str) -> None:
    with _in_a_sentence():
        set_our_numbers(numbers=given.split(","), **_acting())


# -- hours ---------------------------------------------------------------------------------------------------------------
def _hours(slug: str, option: str, title: str, decided: Container[str]) -> Step:
    def stands() -> str:
        calendar = queue_by_slug(slug).calendar
        return in_words(None if calendar.always_open else calendar.weekly)

    def put(given: str) -> None:
        try:
            week = week_of(given)
        except NotHoursError as error:
            raise SettingError(f"{error}.") from None
        _keep(slug, week, queue_by_slug(slug).calendar.holidays_country)
        _decide(SetupStep.HOURS)

    return Step(option, title, stands, lambda: SetupStep.HOURS in decided, put, is_needed=slug == SUPPORT)


def _holidays() -> str:
    """Of the queues that are not open day and night."""
    found = [queue.calendar.holidays_country for queue in queues() if not queue.calendar.always_open]
    return (found[0] if found else "") or NONE


def _put_holidays(given: str) -> None:
    country = "" if given.strip().lower() == NONE else given.strip().upper()
    for queue in queues():
        if not queue.calendar.always_open:
            _keep(queue.slug, queue.calendar.weekly, country)
    _decide(SetupStep.HOURS)


def _keep(slug: str, week: Week | None, country: str) -> None:
    """These hours for this queue: a calendar that has them already, else a new one, so that other queues keep theirs."""
    queue = queue_by_slug(slug)
    wanted = CalendarFields(
        name=_name(_in_the_providers_language(week), country),
        timezone=settings.TIME_ZONE,
        always_open=week is None,
        weekly=week or {},
        holidays_country=country,
    )
    if _same(queue.calendar, wanted):
        return
    calendar = next((each for each in calendars() if _same(each, wanted)), None)
    with _in_a_sentence():
        calendar = calendar or triage.create_calendar(fields=wanted, **_acting())
        fields = QueueFields(name_it=queue.name_it, name_en=queue.name_en, calendar=calendar, policy=queue.policy)
        triage.change_queue(queue=queue, fields=fields, **_acting())


def _in_the_providers_language(week: Week | None) -> str:
    if week is None:
        return ALWAYS
    with translation.override(settings.LANGUAGE_CODE):
        return opening_hours(Calendar(weekly=week))


def _name(words: str, country: str) -> str:
    """One that no calendar has yet."""
    taken = set(calendars().values_list("name", flat=True))
    wanted = f"{words} {country}".strip()[:70]
    names = chain([wanted], (f"{wanted} {number}" for number in count(2)))
    return next(name for name in names if name not in taken)


def _same(calendar: Calendar, wanted: CalendarFields) -> bool:
    if calendar.always_open or wanted.always_open:
        return calendar.always_open == wanted.always_open
    columns = ("timezone", "weekly", "holidays_country")
    return all(getattr(calendar, name) == getattr(wanted, name) for name in columns)


# -- the promise ---------------------------------------------------------------------------------------------------------
def _put_promise(given: str) -> None:
    minutes = [int(part) if part.strip().isdecimal() else 0 for part in given.split(",")]
    if len(minutes) != len(_PROMISES) or not all(1 <= each <= MOST_MINUTES for each in minutes):
        raise SettingError("write three numbers of minutes, as 10,60,240.")
    queue = queue_by_slug(SUPPORT)
    promised = dict(zip(_PROMISES, minutes, strict=True))
    if any(getattr(queue.policy, name) != value for name, value in promised.items()):
        fields = PolicyFields(name=queue.policy.name, delay=queue.policy.delay, **promised)
        with _in_a_sentence():
            triage.change_policy(policy=queue.policy, fields=fields, **_acting())
    _decide(SetupStep.PROMISE)


# -- alike ---------------------------------------------------------------------------------------------------------------
def _decide(step: SetupStep) -> None:
    decide_step(step=step, decided=Decided.RIGHT, **_acting())


def _acting() -> _Acting:
    """In the audit it is the program that does it: nobody has signed in yet."""
    return _Acting(by=None, now=clock.now(), address=None)


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        raise SettingError(refused.message) from None
