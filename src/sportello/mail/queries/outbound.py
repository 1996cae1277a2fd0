"""Named reads of the outbox."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from procrastinate.contrib.django.models import ProcrastinateJob

from sportello.core.statements import Reading
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import OutboundMail, Sending
from sportello.mail.rules import UNCERTAIN

LOOKED_BACK = timedelta(days=2)
PATIENCE = timedelta(minutes=1)  # how long a due mail may wait for its job before it counts as forgotten
PENDING = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.DEFERRED)


_AUTOMATIC = """
    SELECT count(*) FROM mail_outboundmail WHERE automatic AND upper("to") = upper(%s) AND created_at >= %s AND kind = %s
"""


def sending_is_on() -> bool:
    """Whether mail goes out at all; off on a new installation until an administrator says so."""
    return not Sending.objects.filter(is_on=False).exists()


def held_back() -> int:
    """How many mails wait for an administrator to say whether they still go out."""
    return OutboundMail.objects.filter(state=OutboundState.HELD).count()


def first_held(limit: int) -> list[OutboundMail]:
    """The first of them, in the order in which they were written."""
    return list(OutboundMail.objects.filter(state=OutboundState.HELD).order_by("pk")[:limit])


def automatic_answers_since(address: str, since: datetime) -> int:
    """How many answers a robot of ours gave to this address since then: the brake on loops and on being used to flood somebody."""
    return automatic_mails_since(OutboundKind.RECEIPT, address, since)


def automatic_mails_since(kind: OutboundKind, address: str, since: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_AUTOMATIC, [address, since, kind])
        number: int = cursor.fetchone()[0]
    return number


def last_receipt_at(address: str) -> datetime | None:
    """When the last receipt was written to this address, or is to go out."""
    rows = OutboundMail.objects.filter(automatic=True, to__iexact=address, kind=OutboundKind.RECEIPT)
    return rows.order_by("-created_at").values_list("created_at", flat=True).first()


_TO_SEND = Reading(lambda pk: OutboundMail.objects.select_related("mailbox").filter(pk=pk))


def outbound_to_send(pk: int) -> OutboundMail | None:
    """With the mailbox that it is sent from."""
    return _TO_SEND.first(pk)


def outbound_mail(public_id: UUID) -> OutboundMail | None:
    return OutboundMail.objects.select_related("mailbox").filter(public_id=public_id).first()


def outbound_by_message_id(message_id: str) -> OutboundMail | None:
    return OutboundMail.objects.select_related("mailbox").filter(message_id=message_id.strip().lower()).first()


def unanswered(*, now: datetime, limit: int = 500) -> list[OutboundMail]:
    """Mails put off because the mail server could not be talked to at all: every one once it has taken another mail, until then the oldest.

    An answer of the server's begins with its code; what we say ourselves does not. One that the server may have keeps its pauses: it is well
    otherwise, and each try may be one more copy.
    """
    put_off = OutboundMail.objects.filter(state=OutboundState.DEFERRED, next_attempt_at__gt=now).exclude(
        Q(last_answer__regex=r"^[2-5]\d\d ") | Q(last_answer__startswith=UNCERTAIN)
    )
    waiting = list(put_off.order_by("not_before")[:limit])
    recently = OutboundMail.objects.filter(
        state=OutboundState.SENT, created_at__gt=now - LOOKED_BACK, sent_at__gt=now - 2 * PATIENCE
    )
    return waiting if waiting and recently.exists() else waiting[:1]


def sending_without_job(job: str, *, leased_until: datetime, limit: int = 500) -> list[OutboundMail]:
    """Mails in the state `sending` that no job, waiting or begun, answers for, and whose lease ends no later."""
    begun = ProcrastinateJob.objects.filter(task_name=job, status__in=["todo", "doing"])
    served = begun.annotate(mail=Cast(KT("args__outbound_id"), BigIntegerField())).values("mail")
    sending = OutboundMail.objects.filter(state=OutboundState.SENDING, next_attempt_at__lte=leased_until)
    return list(sending.exclude(pk__in=served).order_by("pk")[:limit])


def overdue_without_job(job: str, *, now: datetime, patience: timedelta, limit: int = 500) -> list[OutboundMail]:
    """Mails that should have been tried so long ago and for which no job is waiting."""
    late = Q(state=OutboundState.QUEUED, not_before__lt=now - patience) | Q(
        state__in=[OutboundState.DEFERRED, OutboundState.SENDING], next_attempt_at__lt=now - patience
    )
    waiting = ProcrastinateJob.objects.filter(task_name=job, status="todo")
    served = waiting.annotate(mail=Cast(KT("args__outbound_id"), BigIntegerField())).values("mail")
    return list(OutboundMail.objects.filter(late).exclude(pk__in=served).order_by("not_before")[:limit])
