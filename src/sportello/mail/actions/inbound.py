"""Mail in, as rows: stored once, judged once, read again on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db import transaction
from django.db.models import F
from procrastinate.contrib.django import app

from sportello.core import live
from sportello.mail.enums import Door, InboundState
from sportello.mail.fingerprint import fingerprint
from sportello.mail.glance import glance
from sportello.mail.models import InboundMail, Mailbox, RawMail
from sportello.mail.parsing.charset import storable
from sportello.mail.reasons import MailReason

PROCESS_TASK = "sportello.intake.process_inbound"
INBOUND_QUEUE = "inbound"
ERROR_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class Stored:
    """`created` is False when the mailbox had this mail already."""

    inbound: InboundMail
    created: bool


class Seen(TypedDict):
    """The columns of the list, as the reading found them."""

    sender: str
    sender_name: str
    subject: str
    problems: list[str]


# -- in ------------------------------------------------------------------------------------------------------------------
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
    """The bytes, the row and the job in one transaction; the same mail for the same mailbox gives the row that it already has.

    Raises what the database raises: the door then tells the sender to come again.
    """
    row = _row(raw, door, envelope_from, envelope_to, now)
    row |= {"imap_uid": imap_uid, "answers_allowed": answers_allowed, "problems": list(problems)}
    with transaction.atomic():
        content = RawMail(sha256=row["raw_id"], content=raw, size=len(raw))
        RawMail.objects.bulk_create([content], ignore_conflicts=True)
        mark = fingerprint(raw)
        inbound, created = InboundMail.objects.get_or_create(mailbox=mailbox, fingerprint=mark, defaults=row)
        if created:
            defer_processing(inbound)
    return Stored(inbound, created)


def _row(raw: bytes, door: Door, envelope_from: str, envelope_to: str, now: datetime) -> dict[str, Any]:
    seen = glance(raw)
    return {
        "raw_id": hashlib.sha256(raw).hexdigest(),
        "door": door,
        "message_id": f"<{seen.message_id[:990]}>" if seen.message_id else "",
        "envelope_from": _address(envelope_from),
        "envelope_to": _address(envelope_to),
        "received_at": now,
        "sender": seen.from_addr,
        "sender_name": seen.from_name,
        "subject": seen.subject,
    }


def defer_processing(inbound: InboundMail) -> None:
    """By name: the task stands in a room above this one."""
    app.configure_task(PROCESS_TASK, queue=INBOUND_QUEUE).defer(inbound_id=inbound.pk)


# -- judged --------------------------------------------------------------------------------------------------------------
def record_seen(*, inbound: InboundMail, seen: Seen) -> None:
    """What the reading found, in the place of what was glanced at when it came in. Lengths are the columns'."""
    inbound.sender = seen["sender"][:320]
    inbound.sender_name = seen["sender_name"][:200]
    inbound.subject = seen["subject"][:500]
    inbound.problems = list(dict.fromkeys([*inbound.problems, *(problem[:60] for problem in seen["problems"])]))
    inbound.save(update_fields=["sender", "sender_name", "subject", "problems"])


def record_verdict(
    *,
    inbound: InboundMail,
    state: InboundState,
    gate: str,
    reason: MailReason,
    params: Mapping[str, Any],
    now: datetime,
    about: int | None = None,
) -> None:
    """What became of the mail, and why. `about` is the outbound mail that it reports on."""
    inbound.state = state
    inbound.gate = gate
    inbound.reason = reason
    inbound.reason_params = dict(params)
    inbound.processed_at = now
    inbound.about_id = about
    inbound.save(update_fields=["state", "gate", "reason", "reason_params", "processed_at", "about"])
    live.publish("mail", inbound=str(inbound.public_id))


def record_error(*, inbound: InboundMail, error: str) -> int:
    """One more try that failed; how many there were. The mail stays as it is and is tried again."""
    rows = InboundMail.objects.filter(pk=inbound.pk, state=InboundState.RECEIVED)
    rows.update(attempts=F("attempts") + 1, error=storable(error[-ERROR_LENGTH:]))
    inbound.refresh_from_db(fields=["attempts", "error", "state"])
    return inbound.attempts


def receive_again(*, inbound: InboundMail, by: str, now: datetime) -> bool:
    """Back to the beginning, with a new job, as somebody asked. False when it is there already, or in a ticket."""
    done = (InboundState.RECORDED, InboundState.HELD, InboundState.REFUSED, InboundState.FAILED)
    changes: dict[str, Any] = {"state": InboundState.RECEIVED, "gate": "", "attempts": 0, "error": ""}
    changes |= {"reason": MailReason.AGAIN, "reason_params": {"by": by, "at": now.isoformat()}}
    with transaction.atomic():
        if InboundMail.objects.filter(pk=inbound.pk, state__in=done).update(**changes) == 0:
            return False
        inbound.refresh_from_db(fields=list(changes))
        defer_processing(inbound)
        live.publish("mail", inbound=str(inbound.public_id))
    return True


def _address(text: str) -> str:
    """Envelope addresses may hold bytes that are no text; nothing in them may keep a mail from being stored."""
    return storable(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))[:320]
