"""What is old goes by itself, by rules of the provider's. Each kind has one query, for the page that says what will go and for the job."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.forgetting import forget_sign_ins, sign_ins_before
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.blotting import MARK
from sportello.core.errors import Refused
from sportello.duplicates.forgetting import forget_proposals, proposals_before
from sportello.mail.actions.blotting import drop_unnamed_raws, replace_raw
from sportello.mail.enums import InboundState, OutboundState
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.problems import BLOTTED
from sportello.privacy.enums import Kept
from sportello.privacy.models import Drop, Erasure, Keeping, Retention
from sportello.privacy.rules import DEFAULT_DAYS, LONGEST_DAYS
from sportello.telephone.forgetting import calls_before
from sportello.tickets.actions.erasing import empty_tickets
from sportello.tickets.enums import Status
from sportello.tickets.models import Message, Ticket

AT_ONCE = 200
SENT = (OutboundState.SENT, OutboundState.CANCELLED, OutboundState.BOUNCED)


@dataclass(frozen=True, slots=True)
class Due:
    """One kind: how long it is kept, and how much is older than that now."""

    kind: Kept
    days: int
    count: int

    @property
    def words(self) -> str:
        return str(self.kind.label)


def days_of(kind: Kept) -> int:
    return retention_days()[kind]


def retention_days() -> dict[Kept, int]:
    stored = dict(Retention.objects.values_list("kind", "days"))
    return {kind: stored.get(kind, DEFAULT_DAYS[kind]) for kind in Kept}


def what_is_due(*, now: datetime) -> list[Due]:
    """What the next run of the job would take away."""
    days = retention_days()
    return [Due(kind, days[kind], _older(kind, days[kind], now).count() if days[kind] else 0) for kind in Kept]


def set_retention(*, kind: Kept, days: int, by: User, now: datetime, address: str | None) -> None:
    """Raises Refused("admin-only"), Refused("days-not-valid")."""
    check_can_administer(by)
    if not 0 <= days <= LONGEST_DAYS:
        raise Refused("days-not-valid", gettext("Days are a number from 0 to 36500; 0 keeps for ever."))
    before = days_of(kind)
    if days == before:
        return
    with transaction.atomic():
        Retention.objects.update_or_create(kind=kind, defaults={"days": days})
        detail = {"days": [str(before), str(days)]}
        record(act=Act.RETENTION_CHANGED, subject=str(kind), by=by, now=now, address=address, detail=detail)


def apply_retention(*, kind: Kept, now: datetime) -> int:
    """Takes away some of what is older than the rule says; how many. To be repeated until nothing is left."""
    days = days_of(kind)
    if not days:
        return 0
    with transaction.atomic():
        rows = _older(kind, days, now)
        free = rows.order_by("pk").select_for_update(skip_locked=True, no_key=True)
        oldest = list(free.values_list("pk", flat=True)[:AT_ONCE])
        if not oldest:
            return 0
        some = _OLDER[kind](now - timedelta(days=days)).filter(pk__in=oldest)
        erasure = Erasure.objects.create()
        count = _FORGET[kind](some, now)
        Erasure.objects.filter(pk=erasure.pk).update(counts={str(kind): count})
    return count


def _older(kind: Kept, days: int, now: datetime) -> QuerySet[Any]:
    return _OLDER[kind](now - timedelta(days=days))


def _raw_mails(moment: datetime) -> QuerySet[InboundMail]:
    filed = InboundMail.objects.filter(state=InboundState.FILED, received_at__lt=moment)
    return filed.exclude(problems__contains=[BLOTTED]).select_related("raw")


def _set_aside(moment: datetime) -> QuerySet[InboundMail]:
    """Not those that wait for a person."""
    states = (InboundState.RECORDED, InboundState.REFUSED)
    of_no_ticket = ~Exists(Message.objects.filter(inbound=OuterRef("pk")))
    return InboundMail.objects.filter(of_no_ticket, state__in=states, received_at__lt=moment)


def _outbox(moment: datetime) -> QuerySet[OutboundMail]:
    return OutboundMail.objects.filter(created_at__lt=moment, state__in=SENT).exclude(text=MARK)


def _closed(moment: datetime) -> QuerySet[Ticket]:
    closed = Ticket.objects.filter(status=Status.CLOSED, closed_at__lt=moment, merged_into__isnull=True)
    return closed.exclude(subject=MARK).exclude(pk__in=Keeping.objects.values("ticket")).defer("search")


def _drops(moment: datetime) -> QuerySet[Drop]:
    return Drop.objects.filter(ended_at__lt=moment)


def _forget_raw(rows: QuerySet[InboundMail], _now: datetime) -> int:
    return sum(replace_raw([mail], text=_text_of(mail)) for mail in rows.select_related("raw", "message"))


def _text_of(mail: InboundMail) -> str:
    message = getattr(mail, "message", None)
    return message.text if message else ""


def _forget_set_aside(rows: QuerySet[InboundMail], _now: datetime) -> int:
    count = rows.count()
    rows.delete()
    drop_unnamed_raws()
    return count


def _forget_outbox(rows: QuerySet[OutboundMail], _now: datetime) -> int:
    return rows.update(text=MARK, html="", attachments=[])


def _forget_words(rows: QuerySet[Ticket], now: datetime) -> int:
    return empty_tickets(tickets=list(rows.defer("search")), by=None, now=now)["tickets"]


def _delete(rows: QuerySet[Any], _now: datetime) -> int:
    count = rows.count()
    rows.delete()
    return count


_OLDER: Mapping[Kept, Callable[[datetime], QuerySet[Any]]] = MappingProxyType(
    {
        Kept.RAW_MAIL: _raw_mails,
        Kept.SET_ASIDE: _set_aside,
        Kept.OUTBOX: _outbox,
        Kept.CLOSED: _closed,
        Kept.SIGN_IN: sign_ins_before,
        Kept.CALLS: calls_before,
        Kept.DROPS: _drops,
        Kept.PROPOSALS: proposals_before,
    }
)
_FORGET: Mapping[Kept, Callable[[QuerySet[Any], datetime], int]] = MappingProxyType(
    {
        Kept.RAW_MAIL: _forget_raw,
        Kept.SET_ASIDE: _forget_set_aside,
        Kept.OUTBOX: _forget_outbox,
        Kept.CLOSED: _forget_words,
        Kept.SIGN_IN: lambda rows, _now: forget_sign_ins(rows),
        Kept.CALLS: _delete,
        Kept.DROPS: _delete,
        Kept.PROPOSALS: lambda rows, _now: forget_proposals(rows),
    }
)
