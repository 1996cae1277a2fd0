"""`sportello mail preview`."""

from __future__ import annotations

import argparse

from sportello.intake.preview import Outlook, outlook
from sportello.mail.enums import ImapMode
from sportello.mail.queries.mailboxes import imap_accounts


def run(_options: argparse.Namespace) -> int:
    """1 when a server did not let us look."""
    outlooks = [outlook(account) for account in imap_accounts()]
    for found in outlooks:
        print(_told(found))
    if not outlooks:
        print("No IMAP account is set up: the desk has a form for it, under Settings, in each mailbox.")
    return 1 if any(found.error for found in outlooks) else 0


def _told(found: Outlook) -> str:
    account = found.account
    head = f"{account.mailbox.address}: {account.username} on {account.host}:{account.port}, {account.folder}, {account.mode}"
    if found.error:
        return f"{head}\n  the server did not let us look: {found.error}"
    lines = [
        f"  {found.waiting} mails ({found.size // 1024} KiB) from {account.since} on would be taken in",
        f"  {found.taken_in.mails} were taken in while it only received",
        f"  {found.taken_in.answers_not_sent} automatic answers were not sent to them",
    ]
    if account.mode == ImapMode.PREVIEW:
        lines.append("  as long as it only receives, no automatic answer is sent to any of them")
    return "\n".join([head, *lines])
