"""Dates in words, as the reader's language writes them."""

from __future__ import annotations

from datetime import date

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language

SMALL_NAMES = frozenset({"it"})
"""Languages that write days of the week and months with a small letter, which Django's catalogue does not."""


def in_words(day: date, pattern: str) -> str:
    """A day or an instant by a pattern of Django's, in the language of the reader; an instant is shown in the zone it carries."""
    words = date_format(day, pattern)
    return words.lower() if get_language() in SMALL_NAMES else words
