"""What the program says in a person's name: kept as a code, with that person's own words, and put into the language of whoever reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

TOLD = "told"
"""The key in `Message.extra`."""
SECRET = "secret"  # noqa: S105 - a code


def said(code: object, words: str) -> str:
    """As it reads; without a code, the words themselves."""
    if code != SECRET:
        return words
    if not words:
        return gettext("A secret was handed over, to be looked at once.")
    return gettext("A secret was handed over, to be looked at once: %(label)s") % {"label": words}


def said_in(extra: Mapping[str, Any], words: str) -> str:
    return said(extra.get(TOLD), words)
