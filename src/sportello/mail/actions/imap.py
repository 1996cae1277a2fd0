"""Where a fetched mailbox stands: the cursor, and how the connection does."""

from __future__ import annotations

from datetime import datetime

from sportello.core import live
from sportello.mail.enums import ImapTrouble
from sportello.mail.models import ImapAccount


def imap_works(*, account: ImapAccount, now: datetime) -> None:
    """Connected. An error that was shown is over."""
    was_failing = account.failing_since is not None
    account.connected_at, account.failing_since, account.last_error = now, None, ""
    account.save(update_fields=["connected_at", "failing_since", "last_error"])
    if was_failing:
        live.publish("mail", imap=account.pk)


def imap_failed(*, account: ImapAccount, trouble: ImapTrouble, now: datetime) -> None:
    """Failing since now, or since it began to."""
    began = account.failing_since is None
    account.failing_since = account.failing_since or now
    account.last_error = trouble
    account.save(update_fields=["failing_since", "last_error"])
    if began:
        live.publish("mail", imap=account.pk)


def imap_moved_on(*, account: ImapAccount, uidvalidity: int, last_uid: int) -> None:
    """All mails up to `last_uid` are committed. The cursor never goes back within one UIDVALIDITY."""
    account.uidvalidity, account.last_uid = uidvalidity, last_uid
    account.save(update_fields=["uidvalidity", "last_uid"])
