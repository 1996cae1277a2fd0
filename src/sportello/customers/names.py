"""Names found by any part of them, from an index that every PostgreSQL has (ADR 18)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, TextField


class Trigrams(Func):
    """The groups of three letters in a name, a space before and behind it; the database's own function makes them (migration customers.0003)."""

    function = "sportello_trigrams"
    template = "%(function)s(' ' || %(expressions)s || ' ')"
    output_field = ArrayField(TextField())

    def __init__(self, name: str) -> None:
        super().__init__(F(name))
