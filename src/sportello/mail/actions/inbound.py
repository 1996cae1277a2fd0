"""Mail in, as rows: stored once, judged once, read again on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.db import connection, transaction
from django.db.models import F, QuerySet
from procrastinate.contrib.django import app

from sportello.core import live
from sportello.core.ids import public_id
from sportello.mail.enums import Door, InboundState
from sportello.mail.fingerprint import fingerprint
from sportello.mail.glance import glance
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.parsing.charset import storable
from sportello.mail.queries.inbound import WAITING_LIKE, waiting_like
from sportello.mail.reasons import MailReason
from sportello.mail.rules import Waiting, processing_priority

PROCESS_TASK = "sportello.intake.process_inbound"
INBOUND_QUEUE = "inbound"
ERROR_LENGTH = 4000

# One statement, for this is the way that a flood of mail takes.
_STORE = (
    """
    WITH content AS (
        INSERT INTO mail_rawmail (sha256, content, size)
        VALUES (%(raw_id)s, %(raw)s, %(size)s) ON CONFLICT DO NOTHING)
    INSERT INTO mail_inboundmail (
        public_id, mailbox_id, raw_id, door, fingerprint, message_id, envelope_from, envelope_to, imap_uid, answers_allowed, received_at,
        state, sender, sender_name, subject, problems, gate, reason, reason_params, attempts, error)
    VALUES (
        %(public_id)s, %(mailbox_id)s, %(raw_id)s, %(door)s, %(fingerprint)s, %(message_id)s, %(envelope_from)s, %(envelope_to)s, %(imap_uid)s,
        %(answers_allowed)s, %(received_at)s, %(state)s, %(sender)s, %(sender_name)s, %(subject)s, %(problems)s::varchar[], '', '', '{}', 0, '')
    ON CONFLICT (mailbox_id, fingerprint) DO NOTHING RETURNING id, """  # noqa: S608 - two constants
    + WAITING_LIKE
)
VERDICT = ("state", "gate", "reason", "reason_params", "processed_at", "about", "decide_by", "alarmed_at")


@dataclass(frozen=True, slots=True)
class Stored:
    """`created` is False when the mailbox had this mail already."""

    inbound: InboundMail
    created: bool


@dataclass(frozen=True, slots=True)
class _Inserted:
    """The key of a new row, and what of its sender was unread before it."""

    pk: int
    before: Waiting


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
    row: dict[str, Any] = {
        "public_id": public_id(),
        "mailbox_id": mailbox.pk,
        "raw_id": hashlib.sha256(raw).hexdigest(),
        "door": door,
        "fingerprint": fingerprint(raw),
        "envelope_from": _address(envelope_from),
        "envelope_to": _address(envelope_to),
        "imap_uid": imap_uid,
        "answers_allowed": answers_allowed,
        "received_at": now,
        "state": InboundState.RECEIVED,
        "problems": list(problems),
        **_glanced(raw),
    }
    with transaction.atomic():
        inserted = _insert(row, raw)
        if inserted is None:
            known = InboundMail.objects.get(mailbox=mailbox, fingerprint=row["fingerprint"])
            return Stored(known, created=False)
        inbound = InboundMail(pk=inserted.pk, **row)
        _defer(inbound, inserted.before)
    return Stored(inbound, created=True)


def _insert(row: Mapping[str, Any], raw: bytes) -> _Inserted | None:
    """None when the mailbox has this mail already."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {**row, "raw": raw, "size": len(raw)})
        inserted = cursor.fetchone()
    return _Inserted(inserted[0], Waiting(*inserted[1:])) if inserted else None


def _glanced(raw: bytes) -> dict[str, str]:
    seen = glance(raw)
    message_id = f"<{seen.message_id[:990]}>" if seen.message_id else ""
    return {
        "message_id": message_id,
        "sender": seen.from_addr,
        "sender_name": seen.from_name,
        "subject": seen.subject,
    }


def defer_processing(inbound: InboundMail) -> None:
    """A new job for a mail that waits, behind those that others have fewer of."""
    _defer(inbound, waiting_like(inbound.sender))


def _defer(inbound: InboundMail, before: Waiting) -> None:
    """By name: the task stands in a room above this one."""
    priority = processing_priority(inbound.subject, before)
    app.configure_task(PROCESS_TASK, queue=INBOUND_QUEUE, priority=priority).defer(inbound_id=inbound.pk)


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
    decide_by: datetime | None = None,
) -> None:
    """What became of the mail, and why. `about` is the outbound mail that it reports on, `decide_by` when a held one should be decided."""
    inbound.state = state
    inbound.gate = gate
    inbound.reason = reason
    inbound.reason_params = dict(params)
    inbound.processed_at = now
    inbound.about_id = about
    inbound.decide_by, inbound.alarmed_at = decide_by, None
    inbound.save(update_fields=VERDICT)
    live.publish("mail", inbound=str(inbound.public_id))


def record_error(*, inbound: InboundMail, error: str) -> int:
    """One more try that failed; how many there were. The mail stays as it is and is tried again."""
    rows = InboundMail.objects.filter(pk=inbound.pk, state=InboundState.RECEIVED)
    rows.update(attempts=F("attempts") + 1, error=storable(error[-ERROR_LENGTH:]))
    inbound.refresh_from_db(fields=["attempts", "error", "state"])
    return inbound.attempts


def receive_again(*, inbound: InboundMail, by: str, now: datetime) -> bool:
    """Back to the beginning, with a new job, as somebody asked. False when it is there already, or in a ticket.

    Without `by` nobody asked, and it is judged as when it came.
    """
    done = (InboundState.RECORDED, InboundState.HELD, InboundState.REFUSED, InboundState.FAILED)
    changes = _as_when_it_came(by, now)
    with transaction.atomic():
        if InboundMail.objects.filter(pk=inbound.pk, state__in=done).update(**changes) == 0:
            return False
        inbound.refresh_from_db(fields=list(changes))
        defer_processing(inbound)
        live.publish("mail", inbound=str(inbound.public_id))
    return True


def receive_all_again(*, mails: QuerySet[InboundMail], by: str, now: datetime) -> int:
    """The same for many; they get their jobs from the next sweep. How many."""
    return mails.order_by().update(**_as_when_it_came(by, now))


def refuse_all(*, mails: QuerySet[InboundMail], params: Mapping[str, Any], now: datetime) -> int:
    """A person's word on many mails. How many."""
    verdict = {"state": InboundState.REFUSED, "reason": MailReason.REFUSED_BY_PERSON, "reason_params": dict(params)}
    return mails.order_by().update(**verdict, processed_at=now, decide_by=None, alarmed_at=None)


def _as_when_it_came(by: str, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": InboundState.RECEIVED, "gate": "", "attempts": 0, "error": ""}
    why = {"reason": MailReason.AGAIN, "reason_params": {"by": by, "at": now.isoformat()}}
    return changes | (why if by else {"reason": "", "reason_params": {}})


def _address(text: str) -> str:
    """Envelope addresses may hold bytes that are no text; nothing in them may keep a mail from being stored."""
    return storable(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))[:320]
