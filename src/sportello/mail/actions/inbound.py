"""Mail in, as rows: stored once, judged once, read again on demand."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Now

from sportello.core import live
from sportello.core.ids import public_id
from sportello.core.statements import update
from sportello.mail.enums import Door, InboundState
from sportello.mail.fingerprint import fingerprint, judged_on_the_way
from sportello.mail.glance import glance
from sportello.mail.models import InboundMail, Mailbox, RawMail
from sportello.mail.parsing.charset import storable
from sportello.mail.problems import BLOTTED, COPY
from sportello.mail.queries.inbound import TURN
from sportello.mail.reasons import MailReason
from sportello.mail.rules import urgency

WAITING = "sportello_inbound"
"""The channel on which whoever reads mail is told that some waits."""
ERROR_LENGTH = 4000
HELD_SECONDS = 40
"""So long a mail stays in the hands of who took it; then they are taken for dead, and another reads it."""
LONGEST_PAUSE_SECONDS = 3600
"""A mail that is to wait for longer was put off by a clock that went wrong."""

# One statement, for this is the way that a flood of mail takes. The row is also the job: no second one could be lost, and none is told of it with
# NOTIFY in this transaction, for PostgreSQL commits those one after the other.
_STORE = f"""
    WITH content AS (
        INSERT INTO mail_rawmail (sha256, content, size)
        VALUES (%(raw_id)s, %(raw)s, %(size)s) ON CONFLICT DO NOTHING)
    INSERT INTO mail_inboundmail (
        public_id, mailbox_id, raw_id, door, fingerprint, message_id, envelope_from, envelope_to, imap_uid, answers_allowed, received_at,
        state, sender, sender_name, subject, problems, gate, reason, reason_params, attempts, error, priority)
    VALUES (
        %(public_id)s, %(mailbox_id)s, %(raw_id)s, %(door)s, %(fingerprint)s, %(message_id)s, %(envelope_from)s, %(envelope_to)s, %(imap_uid)s,
        %(answers_allowed)s, %(received_at)s, %(state)s, %(sender)s::varchar, %(sender_name)s, %(subject)s, %(problems)s::varchar[],
        '', '', '{{}}', 0, '', %(urgency)s::int + {TURN})
    ON CONFLICT (mailbox_id, fingerprint) DO NOTHING RETURNING id, priority, waits_since
"""  # noqa: S608 - TURN is a constant of ours, no value from outside
# Neither this nor the filing needs to be on disk before it is over: what a crash undoes here, waits again. Whatever tells the world of it (a mail
# that goes out, an answer that somebody writes) is a later commit that does wait, and takes this one to the disk with it.
AT_EASE = "set_config('synchronous_commit', 'off', true)"
# ARRAY(...) is read once. What stands in IN (...) may be read again for each row, and then, without those that were taken, gives others.
_TAKE = f"""
    UPDATE mail_inboundmail SET next_attempt_at = now() + make_interval(secs => {HELD_SECONDS})
     WHERE id = ANY(ARRAY(
        SELECT id FROM mail_inboundmail
         WHERE state = 'received' AND (next_attempt_at IS NULL OR next_attempt_at <= now()
               OR next_attempt_at > now() + make_interval(secs => {LONGEST_PAUSE_SECONDS}))
         ORDER BY priority DESC, id LIMIT %s FOR UPDATE SKIP LOCKED))
    RETURNING priority, id, (SELECT size FROM mail_rawmail WHERE sha256 = raw_id), {AT_EASE}
"""  # noqa: S608 - constants
# What the mail belongs to may be held by somebody who went for lunch in the middle of a transaction: other mails are not to wait with this one.
_HOLD = f"""
    SELECT {AT_EASE}, set_config('lock_timeout', %s, true) FROM mail_inboundmail WHERE id = %s AND state = 'received' FOR UPDATE
"""  # noqa: S608 - a constant
_PUT_OFF = """
    UPDATE mail_inboundmail SET next_attempt_at = now() + least(greatest((now() - waits_since) / 2, '5 seconds'), '45 seconds')
     WHERE id = %s AND state = 'received'
"""
OF_THE_WAY = ("raw", "door", "envelope_from", "envelope_to", "imap_uid", "answers_allowed")
UNDECIDED = frozenset({InboundState.RECEIVED, InboundState.HELD})
SEEN = ("sender", "sender_name", "subject", "problems")
VERDICT = ("state", "gate", "reason", "reason_params", "processed_at", "about", "decide_by", "alarmed_at")


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
    """The bytes and the row, which is its own job, in one transaction; the same mail for the same mailbox gives the row that it already has.

    A copy of which a mail server says something else is a row of its own while the first waits or is held: a forwarder breaks what proves a sender,
    and the worse copy may come first.

    Whoever calls this says `ring()` once all is committed, so that the mail is read at once.

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
    inserted = _insert(row, raw)
    return Stored(InboundMail(**row, **inserted), created=True) if inserted else _store_copy(row, raw)


def _store_copy(row: dict[str, Any], raw: bytes) -> Stored:
    known = InboundMail.objects.get(mailbox=row["mailbox_id"], fingerprint=row["fingerprint"])
    if _is_told_otherwise(known, raw):
        row |= {"fingerprint": _of_copy(row["fingerprint"], row["raw_id"]), "problems": [*row["problems"], COPY]}
        inserted = _insert(row, raw)
        if inserted:
            return Stored(InboundMail(**row, **inserted), created=True)
    if known.raw_id != row["raw_id"]:
        drop_unnamed(row["raw_id"])
    return Stored(known, created=False)


def _is_told_otherwise(known: InboundMail, raw: bytes) -> bool:
    """Whether a copy may be judged otherwise than the mail that is here and in no ticket. Words blotted out do not come back with a copy."""
    if known.state not in UNDECIDED or BLOTTED in known.problems:
        return False
    return judged_on_the_way(raw) != judged_on_the_way(bytes(known.raw.content))


def _of_copy(first: str, raw_id: str) -> str:
    return hashlib.sha256(f"{first} {raw_id}".encode()).hexdigest()


def original_of(copy: InboundMail) -> InboundMail:
    """The mail that came before it, held until the transaction ends."""
    rows = InboundMail.objects.select_related("mailbox").select_for_update(of=("self",), no_key=True)
    return rows.get(mailbox=copy.mailbox_id, fingerprint=fingerprint(bytes(copy.raw.content)))


def take_its_way(*, original: InboundMail, copy: InboundMail) -> None:
    """The mail that came before is the one that came by this way; the copy is no row of its own any more."""
    before = original.raw_id
    original.problems = list(dict.fromkeys([*original.problems, *copy.problems]))
    for name in OF_THE_WAY:
        setattr(original, name, getattr(copy, name))
    update(original, "problems", *OF_THE_WAY)
    copy.delete()
    drop_unnamed(before)


def drop_copy(copy: InboundMail) -> None:
    """It adds nothing to the mail that came before."""
    copy.delete()
    drop_unnamed(copy.raw_id)


def drop_unnamed(sha256: str) -> None:
    """Takes away bytes that no row is about: those of a copy that took another way, or that came again after they were blotted out."""
    RawMail.objects.filter(~Exists(InboundMail.objects.filter(raw=OuterRef("pk"))), pk=sha256).delete()


def _insert(row: Mapping[str, Any], raw: bytes) -> dict[str, Any] | None:
    """What the database gave to the new row; None when the mailbox has this mail already."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, {**row, "raw": raw, "size": len(raw), "urgency": urgency(row["subject"])})
        inserted = cursor.fetchone()
    return dict(zip(("id", "priority", "waits_since"), inserted, strict=True)) if inserted else None


def _glanced(raw: bytes) -> dict[str, str]:
    seen = glance(raw)
    message_id = f"<{seen.message_id[:990]}>" if seen.message_id else ""
    return {
        "message_id": message_id,
        "sender": seen.from_addr,
        "sender_name": seen.from_name,
        "subject": seen.subject,
    }


def ring() -> None:
    """Tell those who read mail that some waits, once it is committed. They look by themselves every few seconds: a lost word loses nothing."""
    transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_notify(%s, ''), {AT_EASE}", [WAITING])


# -- taken to be read ----------------------------------------------------------------------------------------------------
def take_waiting(*, most: int) -> dict[int, int]:
    """Up to so many mails that wait, with their bytes, the most urgent first. They are left to us for HELD_SECONDS."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [most])
        taken = [(-priority, pk, size) for priority, pk, size, _at_ease in cursor.fetchall()]
    return {pk: size for _urgency, pk, size in sorted(taken)}


def leave_waiting(taken: Sequence[int], *, seconds: float = 0) -> None:
    """Give back what was taken and not read, to be taken again after so long."""
    again = Now() + timedelta(seconds=seconds) if seconds else None
    InboundMail.objects.filter(pk__in=taken, state=InboundState.RECEIVED).update(next_attempt_at=again)


def put_off(inbound_id: int) -> None:
    """Give back what cannot be filed at this moment: the longer it has waited, the longer it is left alone, from 5 to 45 seconds."""
    with connection.cursor() as cursor:
        cursor.execute(_PUT_OFF, [inbound_id])


def hold_waiting(inbound: InboundMail, *, patience: float) -> bool:
    """Holds the row until the transaction ends. False when it waits no more.

    In the rest of the transaction nothing that somebody else holds is waited for longer than so many seconds: then it raises OperationalError.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [f"{patience * 1000:.0f}ms", inbound.pk])
        return cursor.fetchone() is not None


# -- judged --------------------------------------------------------------------------------------------------------------
def record_seen(*, inbound: InboundMail, seen: Seen) -> None:
    """What the reading found, in the place of what was glanced at when it came in."""
    note_seen(inbound, seen)
    update(inbound, *SEEN)


def note_seen(inbound: InboundMail, seen: Seen) -> None:
    """The same, to be written down with the verdict. Lengths are the columns'."""
    inbound.sender = seen["sender"][:320]
    inbound.sender_name = seen["sender_name"][:200]
    inbound.subject = seen["subject"][:500]
    inbound.problems = list(dict.fromkeys([*inbound.problems, *(problem[:60] for problem in seen["problems"])]))


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
    update(inbound, *SEEN, *VERDICT)
    live.publish("mail", inbound=str(inbound.public_id))


def record_error(*, inbound: InboundMail, error: str) -> int:
    """One more try that failed; how many there were. The mail stays as it is and is tried again after 2, 4, 8, 16, ... seconds."""
    rows = InboundMail.objects.filter(pk=inbound.pk, state=InboundState.RECEIVED)
    pause = timedelta(seconds=2 ** min(inbound.attempts + 1, 10))
    rows.update(attempts=F("attempts") + 1, error=storable(error[-ERROR_LENGTH:]), next_attempt_at=Now() + pause)
    inbound.refresh_from_db(fields=["attempts", "error", "state", "next_attempt_at"])
    return inbound.attempts


def receive_again(*, inbound: InboundMail, by: str, now: datetime) -> bool:
    """Back to the beginning, as somebody asked. False when it is there already, or in a ticket.

    Without `by` nobody asked, and it is judged as when it came.
    """
    done = (InboundState.RECORDED, InboundState.HELD, InboundState.REFUSED, InboundState.FAILED)
    changes = _as_when_it_came(by, now) | ({"priority": urgency(inbound.subject)} if by else {})
    with transaction.atomic():
        if InboundMail.objects.filter(pk=inbound.pk, state__in=done).update(**changes) == 0:
            return False
        inbound.refresh_from_db(fields=list(changes))
        ring()
        live.publish("mail", inbound=str(inbound.public_id))
    return True


def receive_all_again(*, mails: QuerySet[InboundMail], by: str, now: datetime) -> int:
    """The same for many, each in its old place in the order. How many."""
    count = mails.order_by().update(**_as_when_it_came(by, now))
    ring()
    return count


def refuse_all(*, mails: QuerySet[InboundMail], params: Mapping[str, Any], now: datetime) -> int:
    """A person's word on many mails. How many."""
    verdict = {"state": InboundState.REFUSED, "reason": MailReason.REFUSED_BY_PERSON, "reason_params": dict(params)}
    return mails.order_by().update(**verdict, processed_at=now, decide_by=None, alarmed_at=None)


def _as_when_it_came(by: str, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {"state": InboundState.RECEIVED, "gate": "", "attempts": 0, "error": ""}
    changes |= {"waits_since": Now(), "next_attempt_at": None}
    why = {"reason": MailReason.AGAIN, "reason_params": {"by": by, "at": now.isoformat()}}
    return changes | (why if by else {"reason": "", "reason_params": {}})


def _address(text: str) -> str:
    """Envelope addresses may hold bytes that are no text; nothing in them may keep a mail from being stored."""
    return storable(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))[:320]
