"""Answers that did not reach their readers."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce

from sportello.mail.enums import OutboundState
from sportello.mail.models import OutboundMail
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Event, Message

TOLD_AT_ONCE = 100


def untold_failures(*, since: datetime) -> list[OutboundMail]:
    """Mails of messages that failed since then and whose ticket does not say so yet, copies to followers included.

    Also those that are tried again, but only leave once somebody has mended what is wrong here, as a file that is gone. Each state by its own index.
    """
    failed = OutboundMail.objects.filter(failed_at__gte=since)
    return [
        mail
        for state in (OutboundState.FAILED, OutboundState.DEFERRED)
        for mail in _untold(failed.filter(state=state)).order_by("failed_at")[:TOLD_AT_ONCE]
    ]


def is_untold_failure(mail: OutboundMail) -> bool:
    return _untold(OutboundMail.objects.filter(pk=mail.pk, state=mail.state)).exists()


def message_of_outbound(mail: OutboundMail) -> Message | None:
    """The message that a mail, or the mail it is a copy of, carries."""
    messages = Message.objects.select_related("ticket", "user").defer("search", "ticket__search")
    return messages.filter(outbound=mail.copy_of_id or mail.pk).first()


def _untold(mails: QuerySet[OutboundMail]) -> QuerySet[OutboundMail]:
    told = Event.objects.annotate(mail=KT("data__outbound")).filter(
        ticket=OuterRef("ticket_id"), kind=EventKind.UNDELIVERED, mail=OuterRef("key"), at__gte=OuterRef("failed_at")
    )
    of_a_message = Q(message__isnull=False) | Q(copy_of__message__isnull=False)
    return (
        mails.filter(of_a_message)
        .annotate(
            ticket_id=Coalesce(F("message__ticket"), F("copy_of__message__ticket")),
            key=Cast("public_id", CharField()),
        )
        .filter(~Exists(told))
    )
