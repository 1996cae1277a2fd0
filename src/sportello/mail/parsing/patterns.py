"""Regular expressions out of lists of phrases that a person can read and add to."""

from __future__ import annotations

import re


def one_of(phrases: str) -> str:
    """A regular expression for any of the phrases, which stand one a line or apart by ` / `."""
    return "(?:" + "|".join(phrase.strip() for phrase in re.split(r"\s+/\s+|\n", phrases) if phrase.strip()) + ")"


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())
