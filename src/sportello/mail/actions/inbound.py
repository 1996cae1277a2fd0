"""Mail in, as rows: stored once, judged once, read again on demand."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from procrastinate.contrib.django import app

from sportello.mail.enums import Door, InboundState
from sportello.mail.fingerprint import fingerprint
from sportello.mail.glance import glance
from sportello.mail.models import InboundMail, Mailbox, RawMail
from sportello.mail.parsing.charset import storable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROCESS_TASK = "sportello.intake.process_inbound"
INBOUND_QUEUE = "inbound"


@dataclass(frozen=True, slots=True)
class Stored:
    inbound: InboundMail
    created: bool


def store_inbound(
    *,
    raw: bytes,
    mailbox: Mailbox,
    door: Door,
    envelope_from: str,
    envelope_to: str,
    now: datetime,
    imap_uid: int | None = None,
    answers_allowed: bool = True,
    problems: Sequence[str] = (),
) -> Stored:
    """The bytes, the row and the job in one transaction, on disk when this returns; the same mail for the same mailbox gives the row it already has.

    Raises what the database raises: the door then tells the sender to come again.
    """
    sha256, content = hashlib.sha256(raw).hexdigest(), fingerprint(raw)
    seen = glance(raw)
    with transaction.atomic():
        RawMail.objects.bulk_create([RawMail(sha256=sha256, content=raw, size=len(raw))], ignore_conflicts=True)
        inbound, created = InboundMail.objects.get_or_create(
            mailbox=mailbox,
            fingerprint=content,
            defaults={
                "raw_id": sha256,
                "door": door,
                "message_id": seen.message_id,
                "envelope_from": _address(envelope_from),
                "envelope_to": _address(envelope_to),
                "imap_uid": imap_uid,
                "answers_allowed": answers_allowed,
                "received_at": now,
                "sender": seen.sender,
                "sender_name": seen.sender_name,
                "subject": seen.subject,
                "problems": list(problems),
            },
        )
        if created:
            defer_processing(inbound)
    return Stored(inbound, created)


def defer_processing(inbound: InboundMail) -> None:
    """By name: the task stands in a room above this one."""
    app.configure_task(PROCESS_TASK, queue=INBOUND_QUEUE).defer(inbound_id=inbound.pk)


def record_verdict(
    *,
    inbound: InboundMail,
    state: InboundState,
    gate: str,
    reason: str,
    params: Mapping[str, Any],
    now: datetime,
    seen: Mapping[str, Any] | None = None,
) -> None:
    """What became of the mail, and why. `seen` are the columns of the list as the real reading found them."""
    inbound.state = state
    inbound.gate = gate
    inbound.reason = reason
    inbound.reason_params = dict(params)
    inbound.processed_at = now
    inbound.error = ""
    for name, value in (seen or {}).items():
        setattr(inbound, name, value)
    inbound.save(update_fields=["state", "gate", "reason", "reason_params", "processed_at", "error", *(seen or {})])


def _address(text: str) -> str:
    """Envelope addresses may hold bytes that are no text; nothing of them may keep a mail from being stored."""
    return storable(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))[:320]
