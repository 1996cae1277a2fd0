from __future__ import annotations

from sportello.mail.actions.imap import imap_failed, imap_moved_on, imap_works
from sportello.mail.actions.inbound import (
    INBOUND_QUEUE,
    PROCESS_TASK,
    Seen,
    Stored,
    defer_processing,
    receive_again,
    receive_all_again,
    record_error,
    record_seen,
    record_verdict,
    refuse_all,
    store_inbound,
)
from sportello.mail.actions.outbound import cancel, enqueue, first_receipt, first_since, record_bounce, retry_now
from sportello.mail.actions.self_test import begin_self_test, end_self_test

__all__ = [
    "INBOUND_QUEUE",
    "PROCESS_TASK",
    "Seen",
    "Stored",
    "begin_self_test",
    "cancel",
    "defer_processing",
    "end_self_test",
    "enqueue",
    "first_receipt",
    "first_since",
    "imap_failed",
    "imap_moved_on",
    "imap_works",
    "receive_again",
    "receive_all_again",
    "record_bounce",
    "record_error",
    "record_seen",
    "record_verdict",
    "refuse_all",
    "retry_now",
    "store_inbound",
]
