"""What a person does with a mail that became no message: joins it, makes a ticket of it, or refuses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.intake.actions.filing import Filing, add_to, open_for
from sportello.intake.actions.receiving import lock, read, record_seen
from sportello.intake.gates import judge
from sportello.intake.queries import arrival_of
from sportello.intake.rules import Judgement, Mark
from sportello.mail import actions as mail_actions
from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail
from sportello.mail.parsing import ParsedMail
from sportello.mail.reasons import MailReason
from sportello.mail.sandbox import Unreadable
from sportello.tickets.models import Ticket

WITHOUT_A_TICKET = (InboundState.HELD, InboundState.RECORDED, InboundState.REFUSED, InboundState.FAILED)


def release_held(*, inbound: InboundMail, by: User, now: datetime, join: Ticket | None = None) -> Ticket:
    """Files a mail that waits for a person, or was only recorded, as a message that stays marked as unverified.

    Without `join` it becomes a new ticket. Raises Refused: "read-only", "already-filed" when somebody was quicker, "unreadable", and what
    the ticket refuses ("closed-too-long", "merged").
    """
    check_may_write(by)
    reading = read(inbound, bytes(inbound.raw.content))
    if isinstance(reading, Unreadable):
        raise Refused("unreadable", _("This mail cannot be read. Its source is there to be looked at."))
    with transaction.atomic():
        _lock(inbound)
        filing = _filing(inbound, reading, now)
        ticket = _put(filing, join)
        reason = MailReason.RELEASED_JOINED if join else MailReason.RELEASED_NEW
        params = {"number": ticket.number, "ticket": str(ticket.public_id), "by": by.name}
        _record(inbound, InboundState.FILED, reason, params, now)
    return ticket


def refuse_held(*, inbound: InboundMail, by: User, now: datetime) -> None:
    """It is none of ours. The row and its source stay. Raises Refused: "read-only", "already-filed"."""
    check_may_write(by)
    with transaction.atomic():
        _lock(inbound)
        _record(inbound, InboundState.REFUSED, MailReason.REFUSED_BY_PERSON, {"by": by.name}, now)


def _filing(inbound: InboundMail, reading: ParsedMail, now: datetime) -> Filing:
    arrival = arrival_of(inbound, reading)
    record_seen(inbound, reading, arrival.sender)
    reason = MailReason(inbound.reason) if inbound.reason else MailReason.UNPROVEN
    mark = Mark(reason, inbound.reason_params, is_unverified=True)
    judged = replace(judge(arrival), stop=None)
    return Filing(inbound, arrival, Judgement(gate=inbound.gate, marks=(*judged.marks, mark)), now)


def _put(filing: Filing, ticket: Ticket | None) -> Ticket:
    if ticket is None:
        return open_for(filing)
    add_to(filing, ticket)
    return ticket


def _lock(inbound: InboundMail) -> None:
    if not lock(inbound, *WITHOUT_A_TICKET):
        raise already_filed()


def _record(
    inbound: InboundMail, state: InboundState, reason: MailReason, params: Mapping[str, Any], now: datetime
) -> None:
    mail_actions.record_verdict(inbound=inbound, state=state, gate=inbound.gate, reason=reason, params=params, now=now)


def check_may_write(by: User) -> None:
    if not by.may_write:
        raise Refused("read-only", _("Your role may look, not change."))


def already_filed() -> Refused:
    return Refused("already-filed", _("This mail is in a ticket already, or is being read just now."))
