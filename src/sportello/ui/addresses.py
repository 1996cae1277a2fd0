"""Addresses of pages about one thing, for where a page has very many of them."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

_PLACE = UUID(int=0)


def address(view: str, public_id: UUID) -> str:
    """As `reverse(view, args=[public_id])`, which matches the whole table of addresses anew each time."""
    before, after = _parts(view, get_script_prefix())
    return f"{before}{public_id}{after}"


@cache
def _parts(view: str, _prefix: str) -> tuple[str, str]:
    before, _place, after = reverse(view, args=[_PLACE]).partition(str(_PLACE))
    return before, after
