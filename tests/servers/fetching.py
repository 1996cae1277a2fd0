"""A mailbox of a server that we are, and the thread that fetches from it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from sportello.intake.imap import Fetcher
from sportello.mail.enums import ImapMode
from sportello.mail.models import ImapAccount
from tests.factories import make_mailbox


def account_at(port: int) -> ImapAccount:
    """Its password is the secret "TEST" of the settings."""
    return ImapAccount.objects.create(
        mailbox=make_mailbox("assistenza@provider.example"),
        host="127.0.0.1",
        port=port,
        tls=False,
        username="assistenza",
        secret="TEST",
        mode=ImapMode.LIVE,
        since=date(2020, 1, 1),
    )


@contextmanager
def fetching(account: ImapAccount) -> Iterator[Fetcher]:
    fetcher = Fetcher(account.pk, threading.Event())
    thread = threading.Thread(target=fetcher.run, daemon=True)
    thread.start()
    try:
        yield fetcher
    finally:
        fetcher.stop.set()
        thread.join(60)
        assert not thread.is_alive()
