"""What fetching an IMAP account would do, and what it did while it only received. Takes nothing in and changes nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise

from sportello.intake.imap import LISTED_AT_ONCE, password_of, place_of
from sportello.mail.adapters.imap import Folder, ImapError, Listed, opened, trouble_of
from sportello.mail.models import ImapAccount
from sportello.mail.queries import Previewed, previewed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outlook:
    """`waiting` mails of `size` bytes lie on the server from the account's day on and are not here yet; `error` when it did not let us look."""

    account: ImapAccount
    waiting: int
    size: int
    taken_in: Previewed
    error: Promise | str = ""


def outlook(account: ImapAccount) -> Outlook:
    taken_in = previewed(account.mailbox)
    try:
        with opened(place_of(account), password_of(account)) as folder:
            waiting = list(_waiting(folder, account))
    except (ImapError, OSError) as error:
        log.info("IMAP account %s could not be looked at: %s", account.pk, error)
        return Outlook(account, 0, 0, taken_in, trouble_of(error).label)
    return Outlook(account, len(waiting), sum(mail.size for mail in waiting), taken_in)


def _waiting(folder: Folder, account: ImapAccount) -> Iterator[Listed]:
    after = account.last_uid if folder.uidvalidity == account.uidvalidity else 0
    uids = folder.uids(after=after, since=account.since)
    for start in range(0, len(uids), LISTED_AT_ONCE):
        yield from folder.listed(uids[start : start + LISTED_AT_ONCE])
