"""Opening hours in the reader's language."""

from __future__ import annotations

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from sportello.triage.models import Calendar
from sportello.triage.rules.calendars import in_words


def opening_hours(calendar: Calendar) -> str:
    """In one line: Mon-Fri 09:00-13:00, 14:00-18:00; Sat 09:00-12:00."""
    if calendar.always_open:
        return _("day and night")
    return in_words(calendar.weekly, [str(name) for _day, name in sorted(WEEKDAYS_ABBR.items())])
