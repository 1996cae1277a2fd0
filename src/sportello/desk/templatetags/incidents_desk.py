"""What only pages of incidents need."""

from __future__ import annotations

from django import template
from django.utils.translation import get_language

from sportello.incidents.letters import AGAINST, KEPT, title_of
from sportello.incidents.models import Incident, IncidentEvent
from sportello.incidents.sentences import sentence

register = template.Library()


@register.simple_tag
def incident_sentence(event: IncidentEvent) -> str:
    return sentence(event)


@register.simple_tag
def incident_title(incident: Incident) -> str:
    return title_of(incident, get_language())


@register.simple_tag
def against_words(code: str) -> str:
    """What speaks against a ticket being about an incident; a code of a later version speaks for itself."""
    return str(AGAINST.get(code, code))


@register.simple_tag
def kept_words(code: str) -> str:
    """Why a ticket stayed open; a code of a later version speaks for itself."""
    return str(KEPT.get(code, code))
