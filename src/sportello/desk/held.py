"""A mail that waits for a decision, as the page of the ticket shows it that it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sportello.accounts.models import User
from sportello.mail import reasons
from sportello.mail.models import InboundMail
from sportello.mail.queries.held import held_on
from sportello.mail.reasons import MailReason
from sportello.tickets.models import Merge, Ticket
from sportello.tickets.permissions import check_can_read


@dataclass(frozen=True, slots=True)
class Held:
    """`begins` is how its text begins; empty where that is not known. `is_stranger` when its sender takes no part in the ticket."""

    public_id: UUID
    sender: str
    subject: str
    begins: str
    why: str
    received_at: datetime
    is_stranger: bool

    @classmethod
    def of(cls, mail: InboundMail) -> Held:
        return cls(
            public_id=mail.public_id,
            sender=mail.sender,
            subject=mail.subject,
            begins=mail.reason_params.get("begins", ""),
            why=reasons.words(mail.reason, mail.reason_params),
            received_at=mail.received_at,
            is_stranger=mail.reason == MailReason.STRANGER_ON_THREAD,
        )


def held_for(user: User, ticket: Ticket, merged_in: Sequence[Merge]) -> list[Held]:
    """Those that answer the ticket, or one that was joined to it, the oldest first; in one query."""
    check_can_read(user)
    return [Held.of(mail) for mail in held_on(ticket_ids=[ticket.pk, *(merge.source_id for merge in merged_in)])]
