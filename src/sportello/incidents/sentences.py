"""What happened to an incident, in words, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sportello.incidents.enums import IncidentEventKind
from sportello.incidents.models import IncidentEvent

WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        IncidentEventKind.CHANGED: gettext_lazy("changed what it is about"),
        IncidentEventKind.UPDATED: gettext_lazy("said what is known"),
        IncidentEventKind.NOTED: gettext_lazy("added a note"),
        IncidentEventKind.SOLVED: gettext_lazy("called it solved"),
    }
)


def sentence(event: IncidentEvent) -> str:
    """An event of a later version speaks for itself."""
    who = event.user.name if event.user else _("Sportello")
    return f"{who}: {_what(event)}"


def _what(event: IncidentEvent) -> str:
    told = TOLD.get(event.kind)
    return told(event.data) if told else str(WORDS.get(event.kind, event.kind))


def _opened(data: Mapping[str, Any]) -> str:
    return _("opened it, as proposed") if data.get("by_itself") else _("opened it")


def _linked(data: Mapping[str, Any]) -> str:
    return _("put ticket #%(number)s under it") % data


def _unlinked(data: Mapping[str, Any]) -> str:
    if "number" in data:
        return _("took ticket #%(number)s out") % data
    return ngettext("took %(count)d ticket out", "took %(count)d tickets out", data["count"]) % data


def _let_go(data: Mapping[str, Any]) -> str:
    return _("tickets solved with it: %(closed)d, kept open: %(kept)d") % data


TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        IncidentEventKind.OPENED: _opened,
        IncidentEventKind.LINKED: _linked,
        IncidentEventKind.UNLINKED: _unlinked,
        IncidentEventKind.CLOSED_TICKETS: _let_go,
    }
)
