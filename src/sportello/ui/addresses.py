"""Addresses of pages, for where a page has very many of them: asking Django matches the whole table of addresses anew each time."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from django.urls import get_script_prefix, reverse

_PLACE = UUID(int=0)


def page(view: str) -> str:
    """As `reverse(view)`."""
    return _page(view, get_script_prefix())


def address(view: str, public_id: UUID) -> str:
    """As `reverse(view, args=[public_id])`."""
    before, after = _parts(view, get_script_prefix())
    return f"{before}{public_id}{after}"


@cache
def _page(view: str, _prefix: str) -> str:
    return reverse(view)


@cache
def _parts(view: str, _prefix: str) -> tuple[str, str]:
    before, _place, after = reverse(view, args=[_PLACE]).partition(str(_PLACE))
    return before, after
