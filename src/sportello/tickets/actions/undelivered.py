"""An answer that the mail server refused, that cannot be put together, or that could not be handed over for two days: said on its ticket and to
its author.

The mail room knows nothing of tickets, so the outbox is looked through every minute. What comes back later as a bounce is `record_bounce`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sportello.mail.models import OutboundMail
from sportello.tickets import notifications, queries
from sportello.tickets.actions.changing import keep, lock_ticket_of, record
from sportello.tickets.enums import EventKind

LOOKS_BACK = timedelta(days=1)


def tell_undelivered(*, now: datetime) -> int:
    """Tells of each mail that failed, once for each time it failed. Returns how many."""
    return sum(_tell(mail, now) for mail in queries.untold_failures(since=now - LOOKS_BACK))


def _tell(mail: OutboundMail, now: datetime) -> bool:
    message = queries.message_of_outbound(mail)
    if message is None:
        return False
    with transaction.atomic():
        ticket = lock_ticket_of(message)
        if not queries.is_untold_failure(mail):
            return False
        record(
            ticket,
            EventKind.UNDELIVERED,
            now=now,
            message=str(message.public_id),
            outbound=str(mail.public_id),
            address=mail.to,
            reason=mail.last_answer[:300],
        )
        notifications.undelivered(message=message, address=mail.to, reason=mail.last_answer, now=now)
        keep(ticket, now=now)
    return True
