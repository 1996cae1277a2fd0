from __future__ import annotations

from sportello.mail.queries.inbound import mailbox_for
from sportello.mail.queries.outbound import (
    OutboxHealth,
    automatic_answers_since,
    outbound_by_message_id,
    outbound_mail,
    outbox,
    outbox_counts,
    outbox_health,
)

__all__ = [
    "OutboxHealth",
    "automatic_answers_since",
    "mailbox_for",
    "outbound_by_message_id",
    "outbound_mail",
    "outbox",
    "outbox_counts",
    "outbox_health",
]
