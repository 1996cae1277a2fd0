"""Long messages are folded, so that the answer is never far from the question."""

from __future__ import annotations

from django import template
from django.utils.translation import ngettext

register = template.Library()

LONG = 60  # lines; a shorter message is shown whole
SHOWN = 40


@register.filter
def beginning(text: str) -> str:
    """The lines of a message that are shown at once."""
    lines = text.splitlines()
    return text if len(lines) <= LONG else "\n".join(lines[:SHOWN])


@register.filter
def remainder(text: str) -> str:
    """The lines of a long message that are folded away; empty for a short one."""
    lines = text.splitlines()
    return "" if len(lines) <= LONG else "\n".join(lines[SHOWN:])


def more_lines(rest: str) -> str:
    """The words that unfold the remainder."""
    lines = len(rest.splitlines())
    return ngettext("Show one more line", "Show %(lines)s more lines", lines) % {"lines": lines}
