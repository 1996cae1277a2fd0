"""Instants as `<time>`: what the tags `when` and `due` write, and the templates of what repeats."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, pgettext

from sportello.ui.countdown import countdown, urgency
from sportello.ui.dates import in_words

DAYS_OF_WEEK = 7
_WHEN = '<time datetime="%s" title="%s">%s</time>'
_DUE = '<time class="due %s" datetime="%s" data-due="%s" title="%s">%s</time>'


class Times:
    """For one reader at one instant. A page makes it once: the zone and the words are then looked up once, however many times it shows."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._today = timezone.localtime(now).date()
        self._zone = timezone.get_current_timezone()
        self._language = get_language()

    def when(self, at: datetime) -> SafeString:
        """09:52 today, "yesterday 09:52", a weekday within the week, else the date. The full date is in its title."""
        return _when(at, self._today, self._zone, self._language)

    def due(self, at: datetime, *, calm: bool = False) -> SafeString:
        """The countdown to `at`, kept running by the script; `calm` for one that never turns red, such as a reminder."""
        left = at - self._now
        words = countdown(left, **self._units) or short_date(at.astimezone(self._zone), self._today)
        return _due(at, "" if calm else urgency(left), words, calm, self._zone, self._language)

    @cached_property
    def _units(self) -> dict[str, str]:
        return units()


def for_field(at: datetime) -> str:
    """The value of a field of date and time, in the reader's zone."""
    return f"{timezone.localtime(at):%Y-%m-%dT%H:%M}"


@lru_cache(maxsize=8192)
def _when(at: datetime, today: date, zone: tzinfo, language: str | None) -> SafeString:
    """Each instant on a page is shown again whenever somebody looks at the page on the same day."""
    local = at.astimezone(zone)
    return _filled(_WHEN, at.isoformat(), _full(local, language), short_date(local, today))


@lru_cache(maxsize=8192)
def _due(at: datetime, urgent: str, words: str, calm: bool, zone: tzinfo, language: str | None) -> SafeString:  # noqa: FBT001 - positional, for the cache
    """The words of a countdown are the same for a minute."""
    return _filled(_DUE, urgent, at.isoformat(), "calm" if calm else "", _full(at.astimezone(zone), language), words)


def _full(local: datetime, language: str | None) -> str:
    return f"{_day(local.date(), language)}, {local:%H:%M:%S}"


@lru_cache(maxsize=1024)
def _day(day: date, _language: str | None) -> str:
    return in_words(day, pgettext("date format of Django: full date", "l j F Y"))


def _filled(template: str, *words: str) -> SafeString:
    """As `format_html`, in a fifth of its time, for words that are plain text."""
    return SafeString(template % tuple(map(escape, words)))


def units() -> dict[str, str]:
    """What a countdown calls an hour and a day, in the reader's language."""
    return {
        "hour": pgettext("hours, in a countdown such as 1 h 20", "h"),
        "day": pgettext("days, in a countdown such as 2 d", "d"),
    }


def short_date(local: datetime, today: date) -> str:
    """What a person would say: the hour today, the weekday this week, the date before that; in the reader's zone."""
    clock_time, days = f"{local:%H:%M}", (today - local.date()).days
    if days == 0:
        return clock_time
    if days == 1:
        return gettext("yesterday %(time)s") % {"time": clock_time}
    if days == -1:
        return gettext("tomorrow %(time)s") % {"time": clock_time}
    if abs(days) < DAYS_OF_WEEK:
        return f"{in_words(local.date(), 'D')} {clock_time}"
    return in_words(local.date(), "j M" if local.year == today.year else "j M Y")
