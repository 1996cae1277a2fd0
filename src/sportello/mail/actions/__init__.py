from __future__ import annotations

from sportello.mail.actions.imap import imap_failed, imap_moved_on, imap_works
from sportello.mail.actions.inbound import (
    WAITING,
    Seen,
    Stored,
    hold_waiting,
    leave_waiting,
    note_seen,
    put_off,
    receive_again,
    receive_all_again,
    record_error,
    record_seen,
    record_verdict,
    refuse_all,
    ring,
    store_inbound,
    take_waiting,
)
from sportello.mail.actions.outbound import cancel, enqueue, first_receipt, first_since, record_bounce, retry_now
from sportello.mail.actions.self_test import begin_self_test, end_self_test

__all__ = [
    "WAITING",
    "Seen",
    "Stored",
    "begin_self_test",
    "cancel",
    "end_self_test",
    "enqueue",
    "first_receipt",
    "first_since",
    "hold_waiting",
    "imap_failed",
    "imap_moved_on",
    "imap_works",
    "leave_waiting",
    "note_seen",
    "put_off",
    "receive_again",
    "receive_all_again",
    "record_bounce",
    "record_error",
    "record_seen",
    "record_verdict",
    "refuse_all",
    "retry_now",
    "ring",
    "store_inbound",
    "take_waiting",
]
