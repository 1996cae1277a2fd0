"""What is known of the two sides of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

FAILING = frozenset({"unusable", "reporter", "degraded"})
"""Verdicts on a service that say that something is wrong with it (services.enums.ServiceVerdict)."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says now. `kind` is that of its service, and `names` are what it is called: they tell nothing beyond the service itself."""

    text: str
    at: datetime
    service: int | None = None
    sender: int | None = None
    kind: str = ""
    verdict: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """A ticket that it may belong to. `at` is when something was last said in it."""

    key: int
    text: str
    at: datetime
    is_open: bool = True
    service: int | None = None
    sender: int | None = None
    kind: str = ""
    verdict: str = ""
    names: frozenset[str] = frozenset()
