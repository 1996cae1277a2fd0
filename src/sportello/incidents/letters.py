"""What customers are told of an incident, in their language, and what staff read of its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sportello.incidents.models import Incident, Update
from sportello.incidents.rules import Kept
from sportello.incidents.rules.belonging import Against
from sportello.incidents.rules.proposing import Why
from sportello.mail import composition

KEPT: Mapping[str, Promise] = MappingProxyType(
    {
        Kept.STILL_DOWN: gettext_lazy("its service still cannot be used"),
        Kept.STILL_DEGRADED: gettext_lazy("its service still works only in part, or slowly"),
        Kept.UNANSWERED: gettext_lazy("its customer wrote something that nobody has answered"),
        Kept.IN_ANALYSIS: gettext_lazy("it is in analysis"),
        Kept.OTHER_MATTER: gettext_lazy("it speaks of another matter, too"),
        Kept.UNPROVEN: gettext_lazy("nobody was told in it, because its sender is not verified"),
    }
)
AGAINST: Mapping[str, Promise] = MappingProxyType(
    {
        Against.BEFORE: gettext_lazy("written before it began"),
        Against.QUESTION: gettext_lazy("the customer calls it a question"),
        Against.FINE: gettext_lazy("its service works"),
        Against.OTHER_CAUSE: gettext_lazy("its service stands still for another reason"),
        Against.OTHER_MATTER: gettext_lazy("it speaks of another matter"),
        Against.NOTHING_FOR: gettext_lazy("neither its words nor a look at its service say so"),
    }
)


def title_of(incident: Incident, language: str | None) -> str:
    return incident.title_it if language == "it" else incident.title_en


def house_title(incident: Incident) -> str:
    """As it is kept in events, in the house's own language."""
    return title_of(incident, settings.LANGUAGE_CODE)


def text_of(said: Incident | Update, language: str | None) -> str:
    return said.text_it if language == "it" else said.text_en


def letter(
    *, incident: Incident, text: str, number: int | str, language: str, next_update_at: datetime | None, kept: str = ""
) -> str:
    """The whole message to one customer. `next_update_at`: of the incident, and of a request that was kept (`kept`) of its own."""
    return composition.write(
        "incidents/told.txt",
        language=language,
        title=title_of(incident, language),
        said=text,
        number=number,
        next=composition.when(next_update_at, language=language) if next_update_at else "",
        is_over=incident.is_over,
        kept=kept,
    )


def reasons_in_words(reasons: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    return [_reason(code, params) for code, params in reasons]


def _reason(code: str, params: Mapping[str, Any]) -> str:
    if code == Why.CUSTOMERS:
        return _("%(customers)d customers of this server wrote within %(minutes)d minutes") % params
    if code == Why.NEIGHBOURS:
        failing = ngettext(
            "%(failing)d of %(examined)d service looked at cannot be used",
            "%(failing)d of %(examined)d services looked at cannot be used",
            params["examined"],
        )
        return failing % params
    if code == Why.WORDS:
        return _("in %(speaking)d of %(tickets)d tickets the words are those of an outage") % params
    return code
