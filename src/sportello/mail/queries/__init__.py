from __future__ import annotations

from sportello.mail.queries.inbound import (
    SelfTestState,
    inbound_to_process,
    mailbox_for,
    mailboxes_to_test,
    own_addresses,
    received_without_job,
    self_test_of,
    self_test_state,
)
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
    "SelfTestState",
    "automatic_answers_since",
    "inbound_to_process",
    "mailbox_for",
    "mailboxes_to_test",
    "outbound_by_message_id",
    "outbound_mail",
    "outbox",
    "outbox_counts",
    "outbox_health",
    "own_addresses",
    "received_without_job",
    "self_test_of",
    "self_test_state",
]
