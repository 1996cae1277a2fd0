"""The first event of a calendar part (RFC 5545), so that the agent sees what, when, where and who asks."""

from __future__ import annotations

from datetime import date, datetime

from icalendar import Calendar, Event
from icalendar.prop import vDDDTypes

from sportello.mail.parsing import charset
from sportello.mail.parsing.model import Invitation

_MAX_BYTES = 512 * 1024


def read(content: bytes, label: str, method: str) -> Invitation | None:
    """None when there is no event in it. Raises ValueError on what is no calendar."""
    if len(content) > _MAX_BYTES:
        return None
    calendar = Calendar.from_ical(charset.decode(content, label)[0])
    event = next((part for part in calendar.walk("VEVENT") if isinstance(part, Event)), None)
    if event is None:
        return None
    return Invitation(
        method=_text(calendar, "METHOD", 20).upper() or method.upper()[:20],
        summary=_text(event, "SUMMARY", 300),
        start=_moment(event, "DTSTART"),
        end=_moment(event, "DTEND"),
        organiser=_text(event, "ORGANIZER", 320).removeprefix("mailto:").removeprefix("MAILTO:"),
        location=_text(event, "LOCATION", 300),
    )


def letter(content: bytes, label: str) -> str:
    """What its writer says in the first event of all, where that is the whole mail. Raises ValueError on what is no calendar."""
    if len(content) > _MAX_BYTES:
        return ""
    for event in Calendar.from_ical(charset.decode(content, label)[0]).walk("VEVENT"):
        return charset.storable(str(event.get("DESCRIPTION", ""))).strip()
    return ""


def _text(component: Calendar | Event, name: str, limit: int) -> str:
    value = component.get(name)
    return "" if value is None else charset.one_line(str(value[0] if isinstance(value, list) else value), limit)


def _moment(event: Event, name: str) -> str:
    value = event.get(name)
    value = value[0] if isinstance(value, list) else value
    moment = value.dt if isinstance(value, vDDDTypes) else None
    return moment.isoformat() if isinstance(moment, datetime | date) else ""
