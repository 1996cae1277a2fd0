"""The parts of a list that are chosen one at a time above it, with how much each holds."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Tab:
    label: str | Promise
    address: str
    is_current: bool
    count: int
    has_more: bool = False
    """There are more than were counted."""
