"""Whether mail goes out at all, and what becomes of what was held back: said by an administrator, and kept in the audit."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core import live
from sportello.customers.invitations import LASTS as INVITATION_LASTS
from sportello.mail.actions.outbound import defer
from sportello.mail.enums import OutboundKind, OutboundState, Waiting
from sportello.mail.models import OutboundMail, Sending

# Who sends looks at this row in the statement that takes a mail: what was taken before goes out, what comes later does not.
_SAY = """
    INSERT INTO mail_sending (id, is_on, changed_at) VALUES (1, %s, %s)
        ON CONFLICT (id) DO UPDATE SET is_on = excluded.is_on, changed_at = excluded.changed_at
     WHERE mail_sending.is_on <> excluded.is_on
"""


@transaction.atomic
def switch_on(*, waiting: Waiting, by: User | None, now: datetime, address: str | None) -> int:
    """Mail goes out from now on; how many held mails were sent or discarded. Safe to say twice."""
    check_can_administer(by)
    _say(is_on=True, by=by, now=now, address=address)
    return decide(waiting=waiting, by=by, now=now, address=address)


@transaction.atomic
def switch_off(*, by: User | None, now: datetime, address: str | None) -> None:
    """From now on mails are held back when their time comes. What a mail server has taken already is gone."""
    check_can_administer(by)
    _say(is_on=False, by=by, now=now, address=address)


@transaction.atomic
def decide(*, waiting: Waiting, by: User | None, now: datetime, address: str | None) -> int:
    """Send all that is held back, or none of it, ever. A link that is no longer good is not sent late."""
    check_can_administer(by)
    held = OutboundMail.objects.filter(state=OutboundState.HELD)
    discarded = held if waiting is Waiting.DISCARD else held.filter(_is_over(now))
    cancelled = discarded.update(state=OutboundState.CANCELLED)
    sent = _let_go(now) if waiting is Waiting.SEND else 0
    number = sent if waiting is Waiting.SEND else cancelled
    if sent or cancelled:
        act = Act.HELD_SENT if waiting is Waiting.SEND else Act.HELD_DISCARDED
        record(act=act, subject="", by=by, now=now, address=address, detail={"mails": number})
        live.publish("mail")
    return number


def _is_over(now: datetime) -> Q:
    """Sign-in links are good for half an hour; an invitation waits as long as it can be taken up."""
    late = Q(kind=OutboundKind.INVITATION, created_at__lte=now - INVITATION_LASTS)
    return late | Q(kind=OutboundKind.SIGN_IN)


def _let_go(now: datetime) -> int:
    rows = list(OutboundMail.objects.filter(state=OutboundState.HELD).order_by("pk").select_for_update(no_key=True))
    keys = [row.pk for row in rows]
    OutboundMail.objects.filter(pk__in=keys).update(
        state=OutboundState.QUEUED, not_before=now, attempts=0, failed_at=None, last_answer=""
    )
    for row in rows:
        defer(row, now)
    return len(rows)


def _say(*, is_on: bool, by: User | None, now: datetime, address: str | None) -> None:
    if is_on and not Sending.objects.exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_SAY, [is_on, now])
        changed = cursor.rowcount == 1
    if changed:
        record(act=Act.SENDING_ON if is_on else Act.SENDING_OFF, subject="", by=by, now=now, address=address)
        live.publish("mail")
