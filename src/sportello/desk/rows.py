"""The rows of the queue as HTML. Every open desk asks for the same ones again and again, so each is kept until something in it changes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sportello.tickets.queries import QueueRow
from sportello.triage.enums import DueKind
from sportello.ui.templatetags.ui import compiled
from sportello.ui.times import Times

KEPT_ROWS = 4000
"""A few megabytes in each web process."""


def queue_rows(rows: Iterable[QueueRow], *, take: str, now: datetime) -> SafeString:
    """The list items of one group; `take` is the word on the button that takes a ticket, empty for who may not."""
    times, language = Times(now), get_language()
    return SafeString("".join(_row(row, times, take, language) for row in rows))


def _row(row: QueueRow, times: Times, take: str, language: str | None) -> str:
    """Its ticket, its countdown, which is the one thing that changes with the clock, and the rest of it, which is kept; each is HTML already."""
    countdown, rest = _countdown(row, times), _rest(row, take, language)
    return f'<li class="row" data-id="{row.public_id}">\n<div class="row-due">{countdown}{rest}'


def _countdown(row: QueueRow, times: Times) -> str:
    return times.due(row.due_at, calm=row.due_kind == DueKind.REMINDER) if row.due_at else ""


@lru_cache(maxsize=KEPT_ROWS)
def _rest(row: QueueRow, take: str, _language: str | None) -> SafeString:
    return compiled("desk/queue_row.html", row=row, take=take)
