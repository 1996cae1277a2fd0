"""Rows found by their words from the newest span of rows to the oldest, each by itself, until there are enough (ADR 26).

An index of all words gives every row that has them, and of a beginning or of a frequent word reads all it has: that grows with the rows there are.
Here each span's words stand together, so that what was written last is found by reading nothing of what was written before.
"""

from __future__ import annotations

import re

from sportello.tickets.models import SPAN_OF_TEXTS, SPAN_OF_TICKETS

_BITS = {"tickets_ticket": SPAN_OF_TICKETS, "tickets_message": SPAN_OF_TEXTS, "tickets_note": SPAN_OF_TEXTS}
_PLACE = "\x01"  # of the span's number; no word holds it
_WORD_OR_ORDER = re.compile(r"'((?:[^']|'')*)'|<(?:-|\d+)>")


def in_spans(words: str) -> str:
    """The query of words, as PostgreSQL writes it, with a place before each for its span's number. Where words stand is not known there, so that one
    after the other becomes both; whoever asks looks at the row's own words too.
    """
    return _WORD_OR_ORDER.sub(lambda found: "&" if found[1] is None else f"'{_PLACE}{found[1]}'", words)


def size_of_span(table: str) -> int:
    return 1 << _BITS[table]


def spans(table: str) -> str:
    """The numbers of the spans that the table has, the newest first."""
    bits = _BITS[table]
    return (
        f"generate_series((SELECT max(id) FROM {table}) >> {bits}, (SELECT min(id) FROM {table}) >> {bits}, -1) AS span"  # noqa: S608 - our own table
    )


def has_words(table: str, words: str) -> str:
    """A condition: the row is of the span and has the words of the parameter `words`, which in_spans has made."""
    return f"sportello_words(id >> {_BITS[table]}, search) @@ {_of_span(words)}"


def _of_span(words: str) -> str:
    return f"replace({words}::text, chr({ord(_PLACE)}), span || ' ')::tsquery"
