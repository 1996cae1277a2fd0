"""The list of tags."""

from __future__ import annotations

from django.db.models import Count, QuerySet

from sportello.tickets.models import Tag


def tags() -> QuerySet[Tag]:
    """All tags by name, each with the number of tickets that `carry` it."""
    return Tag.objects.annotate(carry=Count("tickets")).order_by("name")


def tag_by_id(pk: int) -> Tag | None:
    return tags().filter(pk=pk).first()
