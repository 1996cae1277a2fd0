"""Mail that comes in by both doors while things break: by LMTP until it is acknowledged, by IMAP until it is fetched."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from tests.faults.installation import SUPPORT, in_django
from tests.faults.letters import letters
from tests.faults.mail_server import MailServer
from tests.faults.scene import Scene
from tests.servers.imap_server import ImapServer
from tests.servers.line import Line

PATIENCE = 600.0
SECRET = {"SPORTELLO_SECRET_SOAK": "soak"}
BY_IMAP = 0.4
"""This share of the mails."""
_ACCOUNT = """
import django; django.setup()
from datetime import date
from sportello.mail.enums import ImapMode
from sportello.mail.models import ImapAccount, Mailbox
ImapAccount.objects.create(mailbox=Mailbox.objects.get(address={mailbox!r}), host="127.0.0.1", port={port}, tls=False, username="soak",
    secret="SOAK", mode=ImapMode.LIVE, since=date({since.year}, 1, 1))
"""


@dataclass
class Spoiler:
    """Cuts a line before some of the words that it carries, by chance, and counts."""

    chance: random.Random
    share: float
    words: bytes
    cuts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, piece: bytes) -> bool:
        with self._lock:
            is_cut = self.words in piece and self.chance.random() < self.share
            self.cuts += is_cut
        return is_cut


@dataclass
class Traffic:
    postfix: MailServer
    mailbox: ImapServer
    answers: Spoiler
    """Cuts the line after the commit, before the sender hears the 250."""
    fetches: Spoiler
    """Cuts the line of IMAP before the mails of a batch are all there."""
    delivered: dict[str, None] = field(default_factory=dict)
    """The Message-IDs that lie in the mailbox."""

    def send(self, first: int, count: int) -> list[Future[None]]:
        """Hand over so many mails, by both doors."""
        mails = letters(first, count)
        by_imap = mails[: round(count * BY_IMAP)]
        self.mailbox.deliver(*(mail.raw for mail in by_imap))
        self.delivered |= dict.fromkeys(mail.message_id for mail in by_imap)
        return self.postfix.hand_over(mails[len(by_imap) :])

    def promised(self) -> set[str]:
        return {*self.postfix.acknowledged, *self.delivered}


@contextmanager
def traffic(stage: Scene, chance: random.Random) -> Iterator[Traffic]:
    answers, fetches = Spoiler(chance, 0.05, b"250 2.0.0"), Spoiler(chance, 0.05, b"BODY[] {")
    with (
        Line(stage.desk.lmtp_port, cuts_before=answers) as door,
        ImapServer() as mailbox,
        Line(mailbox.port, cuts_before=fetches) as line,
        MailServer(door.port, SUPPORT, patience=PATIENCE) as postfix,
    ):
        account = _ACCOUNT.format(mailbox=SUPPORT, port=line.port, since=date(2020, 1, 1))
        in_django(stage.desk.house, stage.desk.url, account)
        yield Traffic(postfix, mailbox, answers, fetches)
