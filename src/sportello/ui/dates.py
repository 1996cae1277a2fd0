"""Dates in words, as the reader's language writes them."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language

SMALL_NAMES = frozenset({"it"})
"""Languages that write days of the week and months with a small letter, which Django's catalogue does not."""


def in_words(day: date, pattern: str) -> str:
    """A day or an instant by a pattern of Django's, in the language of the reader; an instant is shown in the zone it carries."""
    language = get_language() or ""
    return _words(day, pattern, language) if isinstance(day, datetime) else _of_day(day, pattern, language)


def _words(day: date, pattern: str, language: str) -> str:
    words = date_format(day, pattern)
    return words.lower() if language in SMALL_NAMES else words


@lru_cache(maxsize=2048)
def _of_day(day: date, pattern: str, language: str) -> str:
    """A page full of rows names the same few days again and again."""
    return _words(day, pattern, language)
