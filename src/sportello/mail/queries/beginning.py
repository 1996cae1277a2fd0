"""What a beginning desk has to know of its mail: whether it comes in, whether it goes out, and what has been proved of either."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from sportello.mail.queries.inbound import COMES_BACK_WITHIN

# Of each active mailbox the newest test, and the last word on the mail that it sent. A test of the mailbox as it was before is none.
_BOXES = """
    SELECT box.id, box.address, test.started_at, test.arrived_at, coalesce(mail.last_answer, ''), mail.state
      FROM mail_mailbox box
      LEFT JOIN LATERAL (SELECT * FROM mail_selftest each WHERE each.mailbox_id = box.id ORDER BY started_at DESC LIMIT 1) test ON true
      LEFT JOIN mail_outboundmail mail ON mail.id = test.outbound_id
     WHERE box.is_active ORDER BY box.position, box.address
"""
_FLOW = """
    SELECT (SELECT count(*) FROM (SELECT FROM mail_inboundmail WHERE reason <> 'self_test.arrived' LIMIT %(most)s) received),
           (SELECT count(*) FROM (SELECT FROM mail_inboundmail WHERE state = 'filed' LIMIT %(most)s) filed),
           (SELECT count(*) FROM mail_outboundmail WHERE state = 'held'),
           NOT EXISTS (SELECT FROM mail_sending WHERE NOT is_on),
           EXISTS (SELECT FROM mail_outboundmail WHERE kind = 'reply' AND state = 'sent')
"""
MOST = 1000


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox that takes mail, and what its newest test showed."""

    pk: int
    address: str
    was_tried: bool
    is_proven: bool
    is_testing: bool
    why: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Counts up to MOST: mails that came in, those that became part of tickets, those held back on their way out."""

    received: int
    filed: int
    held: int
    sends: bool
    has_answered: bool


def boxes(*, now: datetime) -> list[Box]:
    """In one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BOXES)
        return [_box(*row, now=now) for row in cursor.fetchall()]


def flow() -> Flow:
    """In one query."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOW, {"most": MOST})
        return Flow(*cursor.fetchone())


def _box(
    pk: int,
    address: str,
    started_at: datetime | None,
    arrived_at: datetime | None,
    said: str,
    state: str | None,
    *,
    now: datetime,
) -> Box:
    waits = started_at is not None and arrived_at is None and state != "failed" and now - started_at < COMES_BACK_WITHIN
    return Box(
        pk,
        address,
        was_tried=started_at is not None,
        is_proven=arrived_at is not None,
        is_testing=waits,
        why=said if state != "sent" else "",
    )
