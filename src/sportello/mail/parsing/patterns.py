"""Regular expressions out of lists of phrases that a person can read and add to."""

from __future__ import annotations

import re

COMMENT = re.compile(r"\([^()]*\)")
"""In a header, with none inside it (RFC 5322, 3.2.2)."""


def one_of(phrases: str) -> str:
    """A regular expression for any of the phrases, which stand one a line or apart by ` / `."""
    return "(?:" + "|".join(phrase.strip() for phrase in re.split(r"\s+/\s+|\n", phrases) if phrase.strip()) + ")"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
