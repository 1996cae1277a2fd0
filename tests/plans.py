"""What statements touch: counted in the plans that PostgreSQL has run, so that no clock is needed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def rows_touched(captured: CaptureQueriesContext) -> float:
    """How many rows of our tables these queries give or pass over when they are run again."""
    asked = [query["sql"] for query in captured if query["sql"].lstrip().startswith(("SELECT", "WITH"))]
    return sum(rows for statement in asked for rows in _touched(_plan(statement)))


def _plan(statement: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {statement}")
        (found,) = cursor.fetchone()
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return plan


def _touched(node: dict[str, Any]) -> Iterator[float]:
    """The rows that each scan of a table gave or passed over."""
    if node.get("Relation Name", "").startswith(("tickets_", "customers_", "services_", "mail_", "accounts_")):
        passed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
        yield (node["Actual Rows"] + passed) * node["Actual Loops"]
    for child in node.get("Plans", ()):
        yield from _touched(child)
