"""Rows chosen by other rows, in the one form that PostgreSQL answers from an index also inside an OR."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, QuerySet
from django.db.models.expressions import BaseExpression


def is_any_of(field: str, chosen: QuerySet[Any, Any]) -> Func:
    """`field = ANY(ARRAY(SELECT ...))`: the array is made once, and each side of an OR can be read from an index of its own."""
    return is_one_of(field, ArraySubquery(chosen))


def is_one_of(field: str, array: BaseExpression) -> Func:
    """The same of an array that is there already, as one value of a statement that is put together once."""
    return Func(F(field), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())
