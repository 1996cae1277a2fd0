"""Mails that wait for a person to decide, for those who should."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import QuerySet

from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail

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


def _held() -> QuerySet[InboundMail]:
    return InboundMail.objects.filter(state=InboundState.HELD).defer("error")
