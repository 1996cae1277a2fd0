"""How tickets are found by their words, and in which order they stand: what the database keeps of each row by itself."""

from __future__ import annotations

from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Func, GeneratedField
from django.db.models.functions import Left

SEARCHED_CHARACTERS = 100_000  # a text vector may not pass 1 MiB


def searchable(field: str) -> GeneratedField:
    """A text vector kept by the database: plain words, Italian stems, English stems."""
    text = Left(field, SEARCHED_CHARACTERS)
    plain, italian, english = (SearchVector(text, config=config) for config in ("simple", "italian", "english"))
    return GeneratedField(expression=plain + italian + english, output_field=SearchVectorField(), db_persist=True)


class RankedAt(Func):
    """The due time less the minutes that the ticket counts as due earlier, in UTC: what each group of the queue is sorted by."""

    template = "((due_at AT TIME ZONE 'UTC') - (ahead * interval '1 minute'))"
    output_field = models.DateTimeField()
