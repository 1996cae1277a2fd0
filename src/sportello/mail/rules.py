"""Which mail is read first; what a mail server's answer means, and when to try again. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60))  # then every hour
GIVE_UP_AFTER = timedelta(days=2)


HELD_BACK = "held back when a backup was restored: it may have been sent since; send it again only if it was not"
"""What stands on a mail that waited at the moment of a backup."""
UNCERTAIN = "it may have it, but did not say so: "
"""Begins what stands on a mail that was handed over to a mail server that gave no answer to it."""
KEPT = "kept on this machine"
"""What the demonstration says in the place of a server."""
SENDING_OFF = "held back: sending was switched off"
"""What stands on a mail whose time came while nothing was to be sent to anyone."""
WITHDRAWN = "not sent: whoever it is for may not read the request any more"
"""What stands on a mail about a ticket whose reader lost the right to it before it left."""
NO_READER = "not sent: it is not for whoever it was written to any more"
"""What stands on a mail about no ticket whose reader is not what they were any more."""
FILE_MISSING = "not sent: a file that goes with it is missing or damaged"
"""What stands on a mail that leaves once the file is back: until then somebody should know."""
FILES_AWAY = "the file store does not answer"
"""What stands on a mail with a file while there is no store: that passes."""

OUTAGE_FIRST = 20
_OUTAGE = re.compile(
    r"\b(?:down|offline|outage|unreachable|not working|irraggiungibil[ei]|non (?:è |e' )?(?:raggiungibile|funziona|risponde)"
    r"|(?:errore?|error) 50[0234]|caído|no funciona)\b",
    re.IGNORECASE,
)


A_TURN = 10
"""So many unread mails of one sender, or of one domain, are read before it is the others' turn."""
MOST_COUNTED = 200
"""Of the unread mails of one sender or one domain."""


def urgency(subject: str) -> int:
    """In a backlog, mail whose subject speaks of an outage is read first [promise.outage]; shouting alone is no reason.

    What of the same sender waits already is taken off this: see TURN in `queries/inbound.py`. It decides the order alone, never what becomes of the
    mail.
    """
    return OUTAGE_FIRST if _OUTAGE.search(subject) else 0


class Phase(StrEnum):
    """How far the talk with the mail server came."""

    READER = "reader"  # it is for nobody any more
    FILES = "files"  # the store of its files is away
    WRITE = "write"  # the mail itself could not be put together
    CONNECT = "connect"
    HELLO = "hello"
    TLS = "tls"
    AUTH = "auth"
    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"


class Outcome(StrEnum):
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The last thing the server said. `code` is the SMTP code, 0 when there was none: the line was cut, nobody listened, time ran out."""

    phase: Phase
    code: int
    text: str

    @property
    def words(self) -> str:
        """As a person is shown it, at most 500 characters."""
        return f"{self.code} {self.text}".strip()[:500] if self.code else self.text[:500]


ABOUT_THE_MAIL = frozenset({Phase.SENDER, Phase.RECIPIENT, Phase.DATA})


def outcome(answer: Answer) -> Outcome:
    """Sent only after a 2xx to the whole mail; refused for good only by a 5xx that is about this mail (RFC 5321, 4.2.1), or by ourselves.

    A 5xx before MAIL FROM (a full server, a wrong password, a certificate) is about us: it is mended without losing a mail.
    """
    if answer.phase is Phase.READER:
        return Outcome.FAILED
    if answer.phase == Phase.DATA and 200 <= answer.code < 300:
        return Outcome.SENT
    if answer.phase in ABOUT_THE_MAIL and 500 <= answer.code < 600:
        return Outcome.FAILED
    return Outcome.RETRY


def next_attempt(*, attempts: int, since: datetime, now: datetime) -> datetime | None:
    """When to try again after `attempts` tries that began to be due at `since`; None when it is time to give up."""
    if now - since >= GIVE_UP_AFTER:
        return None
    return now + PAUSES[min(attempts, len(PAUSES)) - 1]
