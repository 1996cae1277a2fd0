"""Mails that wait for a person to decide, for those who should."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Min, QuerySet

from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail
from sportello.mail.reasons import FLOODS

TOLD_AT_ONCE = 50


def held_on(ticket_ids: Collection[int]) -> list[InboundMail]:
    """Those that answer one of these tickets, the oldest first."""
    return list(_held().filter(reason_params__ticket__in=list(ticket_ids)).order_by("received_at", "id"))


def undecided(*, now: datetime) -> QuerySet[InboundMail]:
    """Those that should have been decided by now and that nobody was told of, the oldest first."""
    overdue = _held().filter(decide_by__lte=now, alarmed_at=None)
    return overdue.select_related("mailbox").order_by("decide_by", "id")[:TOLD_AT_ONCE]


def held_mail(inbound_id: int) -> InboundMail | None:
    return _held().select_related("mailbox").filter(pk=inbound_id).first()


# -- floods --------------------------------------------------------------------------------------------------------------
def senders_held_back(limit: int) -> list[str]:
    """Whose mails wait because the sender had enough filed within the hour; who has waited longest comes first."""
    senders = _held().filter(reason__in=FLOODS).order_by().values("sender").annotate(since=Min("received_at"))
    return list(senders.order_by("since").values_list("sender", flat=True)[:limit])


def held_back_of(sender: str) -> QuerySet[InboundMail]:
    """The mails of this sender that are too many, the oldest first."""
    return _held().filter(sender=sender, reason__in=FLOODS).order_by("received_at", "id")


def refused_as_flood(sender: str) -> QuerySet[InboundMail]:
    """Those that a person refused all at once."""
    refused = InboundMail.objects.filter(state=InboundState.REFUSED, sender=sender, reason_params__flood=True)
    return refused.order_by("received_at", "id")


def _held() -> QuerySet[InboundMail]:
    return InboundMail.objects.filter(state=InboundState.HELD).defer("error")
