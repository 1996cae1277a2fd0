"""What is looked for: words, each in every form in which it may stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sportello.core.replica import rows_of

LONGEST_TEXT = 200
MOST_TERMS = 8
SHORTEST_PREFIX = 2
SHORTEST_PART = 3
NUMBER = re.compile(r"\s*(?:ticket\b)?\s*#?\s*(\d{1,15})\s*", re.IGNORECASE)

# A term in every form, as PostgreSQL's own text of a query. Made once, so that the statements behind carry it as it is.
FORM = "(to_tsquery('simple', beginning) || plainto_tsquery('italian', term) || plainto_tsquery('english', term))::text"
TERMS = "unnest(%(terms)s::text[], %(beginnings)s::text[]) WITH ORDINALITY AS asked(term, beginning, place)"
_FORMS = f"SELECT {FORM} FROM {TERMS} ORDER BY place"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Asked:
    """The terms of a search, and a query of PostgreSQL's for all of them in their forms: the beginning of a word as it stands, or its Italian
    or its English stem. `words` is empty when nothing in them is a word.
    """

    terms: list[str]
    words: str
    number: int | None


def understood(text: str) -> Asked:
    """For who may not look among names. In one query, or none when nothing is asked."""
    terms = terms_of(text)
    forms = rows_of(_FORMS, forms_wanted(terms)) if terms else []
    return Asked(terms, all_of(form for (form,) in forms), number_in(text))


def forms_wanted(terms: Sequence[str]) -> dict[str, list[str]]:
    """The parameters of TERMS."""
    return {"terms": list(terms), "beginnings": [_beginning(term) for term in terms]}


def all_of(forms: Iterable[str]) -> str:
    return " & ".join(f"({form})" for form in forms if form)


def terms_of(text: str) -> list[str]:
    """The words to look for: at most eight, without characters that are no part of one."""
    cleaned = text[:LONGEST_TEXT].replace("\x00", " ").encode("utf-8", "ignore").decode()
    stripped = (term.strip(".,;:!?\"'«»“”()[]{}<>#*") for term in cleaned.split())
    return [term for term in stripped if re.search(r"\w", term)][:MOST_TERMS]


def number_in(text: str) -> int | None:
    """The ticket number that the whole text is: `10234`, `#10234`, `ticket 10234`."""
    found = NUMBER.fullmatch(text)
    return int(found[1]) if found else None


def part_of(term: str) -> str:
    """The term as it must stand in a name between spaces: anywhere, a short one at the beginning of a word, a single letter by itself."""
    if len(term) >= SHORTEST_PART:
        return term
    return f" {term}" if len(term) >= SHORTEST_PREFIX else f" {term} "


def pattern_of(part: str) -> str:
    """Of LIKE: whatever holds the part."""
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _beginning(term: str) -> str:
    quoted = "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
    return f"{quoted}:*" if len(term) >= SHORTEST_PREFIX else quoted
