"""The mails of a sender who writes too many: filed by themselves in later hours, or all at once when a person says so, or refused."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sportello.accounts.models import User
from sportello.core import live
from sportello.intake.actions.held import check_may_write
from sportello.intake.rules import plain
from sportello.intake.shares import of_sender
from sportello.mail import actions as mail_actions
from sportello.mail.models import InboundMail
from sportello.mail.queries.held import held_back_of, refused_as_flood, senders_held_back

SENDERS_AT_ONCE = 50
MAILS_AT_ONCE = 500


def file_held_back(*, now: datetime) -> int:
    """Has as many mails read as their senders may have filed within this hour, the oldest first; how many."""
    begun = 0
    for sender in senders_held_back(SENDERS_AT_ONCE):
        share = of_sender()
        room = share.left(plain(sender), now=now) if share.most else MAILS_AT_ONCE
        for inbound in held_back_of(sender)[: min(room, MAILS_AT_ONCE - begun)]:
            begun += mail_actions.receive_again(inbound=inbound, by="", now=now)
    return begun


def file_flood(*, sender: str, by: User, now: datetime) -> int:
    """Has all held mails of this sender filed, and those refused all at once; how many. Raises Refused("read-only")."""
    check_may_write(by)
    with transaction.atomic():
        waiting = (held_back_of(sender), refused_as_flood(sender))
        count = sum(mail_actions.receive_all_again(mails=mails, by=by.name, now=now) for mails in waiting)
        live.publish("queue")
    return count


def refuse_flood(*, inbound: InboundMail, by: User, now: datetime) -> int:
    """Refuses all held mails of this mail's sender; how many. Raises Refused("read-only")."""
    check_may_write(by)
    with transaction.atomic():
        params = {"by": by.name, "flood": True}
        count = mail_actions.refuse_all(mails=held_back_of(inbound.sender), params=params, now=now)
        live.publish("queue")
    return count
