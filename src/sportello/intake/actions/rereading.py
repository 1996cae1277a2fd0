"""A mail read anew, with today's reader and today's policy."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django import app

from sportello.accounts.models import User
from sportello.intake.actions.filing import Filing
from sportello.intake.actions.held import already_filed, check_may_write
from sportello.intake.actions.receiving import lock, read, record_seen
from sportello.intake.contents import contents_of
from sportello.intake.gates import judge
from sportello.intake.queries import arrival_of
from sportello.mail import actions as mail_actions
from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail
from sportello.mail.parsing import ParsedMail
from sportello.mail.reasons import MailReason
from sportello.mail.sandbox import Unreadable
from sportello.tickets.actions import reread
from sportello.tickets.models import Message

REREAD_TASK = "sportello.intake.reread"
READING_QUEUE = "inbound"


def read_again(*, inbound: InboundMail, by: User, now: datetime) -> None:
    """Has a mail read anew, in a job. One without a ticket goes through the gates again; of one in a ticket the message says what is read now.

    Raises Refused: "read-only"; "already-filed" while it is being read.
    """
    check_may_write(by)
    if inbound.state == InboundState.FILED:
        app.configure_task(REREAD_TASK, queue=READING_QUEUE).defer(inbound_id=inbound.pk)
    elif not mail_actions.receive_again(inbound=inbound, by=by.name, now=now):
        raise already_filed()


def reread_filed(*, inbound: InboundMail, now: datetime) -> None:
    """The job for a mail in a ticket. Safe to do twice; does nothing when it cannot be read now either."""
    reading = read(inbound, bytes(inbound.raw.content))
    if isinstance(reading, Unreadable):
        return
    with transaction.atomic():
        message = Message.objects.select_related("ticket").filter(inbound=inbound).first()
        if message is not None and lock(inbound, InboundState.FILED):
            _renew(message, inbound, reading, now)


def _renew(message: Message, inbound: InboundMail, reading: ParsedMail, now: datetime) -> None:
    arrival = arrival_of(inbound, reading)
    record_seen(inbound, reading, arrival.sender)
    filing = Filing(inbound, arrival, judge(arrival), now)
    first = Message.objects.filter(ticket=message.ticket_id).order_by("created_at", "id").first()
    contents = contents_of(reading, filing.judgement.marks, is_answer=first != message)
    reread(message=message, text=contents.text, now=now, attachments=contents.files, **filing.content(contents))
    if inbound.reason == MailReason.FILED_UNREAD:
        mail_actions.record_verdict(
            inbound=inbound,
            state=InboundState.FILED,
            gate=filing.judgement.gate,
            reason=MailReason.FILED_NEW,
            params=inbound.reason_params,
            now=now,
        )
