"""How tickets are found by their words, and in which order they stand: what the database keeps of each row by itself."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, GeneratedField
from django.db.models.functions import Left

SEARCHED_CHARACTERS = 100_000  # a text vector may not pass 1 MiB
SPAN_OF_TICKETS, SPAN_OF_TEXTS = 16, 18
"""Bits of a row's key within its span: 65,536 tickets, 262,144 messages or notes."""


def searchable(field: str) -> GeneratedField:
    """A text vector kept by the database: plain words, Italian stems, English stems."""
    text = Left(field, SEARCHED_CHARACTERS)
    plain, italian, english = (SearchVector(text, config=config) for config in ("simple", "italian", "english"))
    return GeneratedField(expression=plain + italian + english, output_field=SearchVectorField(), db_persist=True)


class WordsInSpans(Func):
    """The words of a row, each behind the number of the span that the row is in, by the database's own function (migration tickets.0022): so
    that an index gives those of the newest rows without reading through all there are (ADR 26).
    """

    function = "sportello_words"
    output_field = SearchVectorField()

    def __init__(self, bits: int) -> None:
        super().__init__(F("id").bitrightshift(bits), F("search"))


class RankedAt(Func):
    """The due time less the minutes that the ticket counts as due earlier, in UTC: what each group of the queue is sorted by."""

    template = "((due_at AT TIME ZONE 'UTC') - (ahead * interval '1 minute'))"
    output_field = models.DateTimeField()
