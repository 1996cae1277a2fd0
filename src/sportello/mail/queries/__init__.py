from __future__ import annotations

from sportello.mail.queries.inbound import (
    SelfTestState,
    active_imap_accounts,
    filed_mail,
    imap_account,
    inbound_to_process,
    mailbox_for,
    mailboxes_to_test,
    own_addresses,
    self_test_of,
    self_test_state,
)
from sportello.mail.queries.mailboxes import Previewed, previewed
from sportello.mail.queries.outbound import (
    automatic_answers_since,
    outbound_by_message_id,
    outbound_mail,
)

__all__ = [
    "Previewed",
    "SelfTestState",
    "active_imap_accounts",
    "automatic_answers_since",
    "filed_mail",
    "imap_account",
    "inbound_to_process",
    "mailbox_for",
    "mailboxes_to_test",
    "outbound_by_message_id",
    "outbound_mail",
    "own_addresses",
    "previewed",
    "self_test_of",
    "self_test_state",
]
