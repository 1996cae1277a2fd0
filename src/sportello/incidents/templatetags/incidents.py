"""Instants and windows as they are told to customers: in words, in the provider's zone."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sportello.incidents.board.keeping import is_outage_known
from sportello.incidents.board.rules import phase as phase_at
from sportello.incidents.enums import ComponentStatus, IncidentState, Phase
from sportello.incidents.models import Maintenance
from sportello.incidents.words import moment_words, window_words

register = template.Library()

TONES = {
    ComponentStatus.OPERATIONAL: "good",
    ComponentStatus.DEGRADED: "warn",
    ComponentStatus.PARTIAL: "warn",
    ComponentStatus.MAJOR: "danger",
    ComponentStatus.MAINTENANCE: "accent",
}
PHASE_TONES = {Phase.UPCOMING: "accent", Phase.UNDERWAY: "warn", Phase.COMPLETE: "good"}


@register.simple_tag
def moment(at: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), moment_words(at))


@register.simple_tag
def window(starts_at: datetime, ends_at: datetime) -> str:
    return window_words(starts_at, ends_at)


@register.filter
def state_words(state: str) -> str:
    return str(IncidentState(state).label)


@register.filter
def status_words(status: str) -> str:
    return str(ComponentStatus(status).label)


@register.filter
def tone(status: str) -> str:
    return TONES[ComponentStatus(status)]


@register.simple_tag
def outage_known() -> bool:
    return is_outage_known()


@register.simple_tag
def status_address() -> str:
    address: str = settings.STATUS_URL
    return address


@register.simple_tag
def phase(maintenance: Maintenance, now: datetime) -> Phase:
    return phase_at(
        starts_at=maintenance.starts_at, ends_at=maintenance.ends_at, cancelled_at=maintenance.cancelled_at, now=now
    )


@register.simple_tag
def phase_chip(maintenance: Maintenance, now: datetime) -> SafeString:
    stands = phase(maintenance, now)
    return format_html('<span class="chip {}">{}</span>', PHASE_TONES.get(stands, ""), stands.label)


@register.filter
def in_language(words: object, language: str) -> str:
    return str(words.of(language))  # type: ignore[attr-defined]  # a Words, which templates hand on as they are
