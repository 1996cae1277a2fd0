"""Opening hours in one line, as they are given on the command line: `24/7`, or `Mon-Fri 9:00-13:00, 14:00-18:00; Sat 9-12`. Pure."""

from __future__ import annotations

import re

from sportello.triage.rules import calendars

ALWAYS = "24/7"
Week = dict[str, list[list[str]]]
_NAMES = ("mon lun", "tue mar", "wed mer", "thu gio", "fri ven", "sat sab", "sun dom")
_DAYS = {name: day for day, names in enumerate(_NAMES) for name in names.split()}
_SHOWN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PART = re.compile(r"\s*([A-Za-z]{3})\w*\s*(?:-\s*([A-Za-z]{3})\w*\s*)?([\d\s:.,–-]+)")
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?")


class NotHoursError(ValueError):
    """Its text says which part cannot be read."""


def week_of(text: str) -> Week | None:
    """The week, as a calendar keeps it; None for day and night. Raises NotHoursError."""
    if text.strip() == ALWAYS:
        return None
    week: Week = {}
    for part in filter(str.strip, text.split(";")):
        found = _PART.fullmatch(part)
        if found is None:
            raise NotHoursError(f"“{part.strip()}” cannot be read as hours: write Mon-Fri 9:00-18:00, or 24/7")
        first, last = _day(found[1]), _day(found[2] or found[1])
        for day in range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1)):
            week.setdefault(str(day), []).extend(_spans(found[3]))
    if not week:
        raise NotHoursError("there are no hours: write Mon-Fri 9:00-18:00, or 24/7")
    return {day: sorted(week[day]) for day in sorted(week)}


def in_words(week: Week | None) -> str:
    """The same in one line, days with the same hours together."""
    if week is None:
        return ALWAYS
    return calendars.in_words(week, _SHOWN)


def _day(name: str) -> int:
    if name.lower() not in _DAYS:
        raise NotHoursError(f"“{name}” is not a day: write Mon, Tue, Wed, Thu, Fri, Sat or Sun")
    return _DAYS[name.lower()]


def _spans(text: str) -> list[list[str]]:
    spans = []
    for part in filter(str.strip, text.split(",")):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise NotHoursError(f"“{part.strip()}” cannot be read as hours: write 9:00-18:00")
        opens, closes = f"{int(found[1]):02}:{found[2] or '00'}", f"{int(found[3]):02}:{found[4] or '00'}"
        if not opens < closes <= "24:00" or opens[3:] > "59" or closes[3:] > "59":
            raise NotHoursError(f"“{part.strip()}” closes before it opens")
        spans.append([opens, closes])
    return spans
