"""The first word of ours to somebody who asked: what is known of the outage that they are about, else the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sportello.incidents.actions import answer_new
from sportello.intake.notifications import acknowledge, may_be_answered
from sportello.mail.models import InboundMail, Mailbox, OutboundMail
from sportello.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Greeted:
    """`mail` is what was sent; none where nobody may be mailed, or was within the hour, or knew already. `knows` is whether it is of an outage."""

    mail: OutboundMail | None
    knows: bool


def greet(
    *, ticket: Ticket, now: datetime, mailbox: Mailbox | None = None, inbound: InboundMail | None = None
) -> Greeted:
    """Says what is known, or that it came in. Within the caller's transaction, as the ticket itself."""
    knows, mail = answer_new(ticket=ticket, now=now, may_answer=may_be_answered(ticket, inbound))
    if knows:
        return Greeted(mail, knows)
    return Greeted(acknowledge(ticket=ticket, now=now, mailbox=mailbox, inbound=inbound), knows)
