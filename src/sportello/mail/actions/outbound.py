r"""The outbox: what is to go out is a row in its cause's transaction; a job carries it to the mail server and writes down the answer.

    queued --> sending --> sent --> bounced
                 |  ^  \-> failed
                 v  |
               deferred            queued, deferred --> cancelled

While sending is switched off, a mail whose time has come is `held` instead of sent; so is what waited when a backup was restored. An administrator
sends what is held, or cancels it (`actions/sending.py`). Only test mails to ourselves go out all the same.

Whoever lost the right to a ticket after a mail about it was put in gets nothing any more, nor does who is no member of staff, no person of a customer
or nobody to decide any more, where the mail is about that: it is asked in the moment of sending, of a function that the caller gives, since the mail
room knows nothing of tickets. What is not sent has failed, and says why.

Every step is a conditional UPDATE, so a job that runs twice, or two at once, sends once. The one thing that cannot be closed is a crash
between the server's 250 and our commit: the mail goes again with the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from sportello.core import clock, files, live
from sportello.core.addresses import BadAddressError, as_kept
from sportello.core.ids import public_id
from sportello.core.statements import NOTHING, insert
from sportello.mail import composition, headers, rules, tokens
from sportello.mail.adapters.smtp import Parcel, Transport
from sportello.mail.composition import AttachedFile
from sportello.mail.enums import OutboundKind, OutboundState
from sportello.mail.models import Mailbox, OutboundMail
from sportello.mail.queries import outbound as queries
from sportello.mail.rules import Answer, Outcome, Phase

log = logging.getLogger(__name__)

JOB = "sportello.mail.deliver"
LEASE = timedelta(minutes=15)  # longer than the longest talk with a mail server: after it, whoever was sending is dead
SIGN_OF_DEATH = timedelta(seconds=30)  # a worker silent for so long counts as gone, and its jobs are done again
RECORD_PAUSES = (0.2, 1, 2, 5, 10, 20)  # seconds
_errands: ContextVar[list[OutboundMail] | None] = ContextVar("errands", default=None)
_DUE = """((state = 'queued' AND not_before <= %(now)s)
        OR (state = 'deferred' AND next_attempt_at <= %(now)s) OR (state = 'sending' AND next_attempt_at <= %(ended)s))"""
_IS_OFF = "EXISTS (SELECT FROM mail_sending WHERE NOT is_on)"
_CLAIM = f"""
    UPDATE mail_outboundmail SET state = 'sending', attempts = attempts + 1, next_attempt_at = %(lease)s {{answering}}
     WHERE id = %(id)s AND {_DUE} AND (kind = 'self_test' OR NOT {_IS_OFF}) RETURNING attempts
"""  # noqa: S608 - our own text
_WITH_A_JOB = _CLAIM.format(answering="")
_WITHOUT_A_JOB = _CLAIM.format(
    answering="FROM (SELECT pg_advisory_lock(hashtextextended('sportello outbound ' || %(id)s::text, 0))) AS answering"
)
_HOLD = f"""
    UPDATE mail_outboundmail SET state = 'held', next_attempt_at = NULL, last_answer = %(why)s
     WHERE id = %(id)s AND {_DUE} AND kind <> 'self_test' AND {_IS_OFF}
"""  # noqa: S608 - our own text
_NOBODY_ANSWERS = "SELECT pg_try_advisory_xact_lock(hashtextextended('sportello outbound ' || %s::text, 0))"
UNSENT = (OutboundState.QUEUED, OutboundState.DEFERRED, OutboundState.HELD)
PRIORITY = {OutboundKind.SIGN_IN: 30, OutboundKind.ALARM: 30, OutboundKind.REPLY: 20, OutboundKind.SELF_TEST: 10}


Readers = Callable[[OutboundMail], Collection[str] | None]
"""The addresses, as they are kept, that a mail may still go to; None where nobody's right to it can end."""


class Undecided(Exception):  # noqa: N818 - nothing is wrong, it is only too early
    """Whoever was sending the mail may be dead or alive; the job comes back."""


# -- putting in --------------------------------------------------------------------------------------------------------------------------
def enqueue(
    *,
    mailbox: Mailbox,
    kind: OutboundKind,
    to: str,
    subject: str,
    text: str,
    language: str,
    now: datetime,
    to_name: str = "",
    reference: str = "",
    in_reply_to: str = "",
    references: Sequence[str] = (),
    cc: Sequence[str] = (),
    attachments: Sequence[AttachedFile] = (),
    automatic: bool = False,
    not_before: datetime | None = None,
    signature_name: str = "",
    foot: str = "",
    copy_of: OutboundMail | None = None,
    reader: Mapping[str, Any] = NOTHING,
) -> OutboundMail:
    """Put one mail for one reader in the outbox, and the job that sends it, in the caller's transaction.

    `reference` is what a reply joins (a ticket's public id): it goes into the Message-ID and the Reply-To. `cc` is only shown in the header;
    each of those readers has a row of their own, with `copy_of` the first. `reader` is what they must still be when it leaves, where it is about no
    ticket (`OutboundMail.reader`). A receipt has no envelope sender, so that nothing can answer it
    (RFC 3834, 3.3). An address that no mail can be sent to gives a row that has failed, not an exception.
    """
    letter = composition.letter(text, mailbox=mailbox, language=language, signature_name=signature_name, foot=foot)
    identifier = public_id()
    mail = OutboundMail(
        public_id=identifier,
        mailbox=mailbox,
        kind=kind,
        message_id=tokens.message_id(mailbox, reference),
        from_header=headers.mailbox(mailbox.display_name, headers.address(mailbox.address)),
        envelope_from="" if kind == OutboundKind.RECEIPT else tokens.bounce_address(mailbox, identifier),
        to=headers.clean(to, 320),
        to_name=headers.clean(to_name, 200),
        cc=[one for one in map(_address_or_nothing, cc) if one],
        reply_to=tokens.reply_address(mailbox, reference) if reference else "",
        subject=headers.clean(subject, 500),
        text=letter.text,
        html=letter.html,
        in_reply_to="".join(headers.message_ids([in_reply_to])),
        references=headers.references([*references, in_reply_to]),
        attachments=list(attachments),
        automatic=automatic,
        created_at=now,
        not_before=not_before or now,
        copy_of=copy_of,
        reader=dict(reader),
    )
    with transaction.atomic(savepoint=False):
        _put_in(mail, now)
    return mail


def _put_in(mail: OutboundMail, now: datetime) -> None:
    address = _address_or_nothing(mail.to)
    if address:
        mail.to = address
        insert(mail)
        errands = _errands.get()
        if errands is None or mail.kind != OutboundKind.RECEIPT or mail.not_before > now:
            defer(mail, mail.not_before)
        else:
            errands.append(mail)
    else:
        mail.state, mail.failed_at, mail.last_answer = OutboundState.FAILED, now, "no mail can be sent to this address"
        insert(mail)
        _tell(mail)


@contextmanager
def errands() -> Iterator[list[OutboundMail]]:
    """In the body receipts get no job: whoever opens this sends them once all is committed. If it cannot, `sweep` gives them one."""
    found: list[OutboundMail] = []
    token = _errands.set(found)
    try:
        yield found
    finally:
        _errands.reset(token)


def _address_or_nothing(value: str) -> str:
    try:
        return headers.address(value)
    except BadAddressError:
        return ""


def defer(mail: OutboundMail, at: datetime) -> None:
    """The job that sends it, in the same transaction."""
    priority = PRIORITY.get(OutboundKind(mail.kind), 0)
    app.configure_task(JOB, schedule_at=clock.by_database(at), priority=priority).defer(outbound_id=mail.pk)


def _tell(mail: OutboundMail) -> None:
    live.publish("mail", outbound=str(mail.public_id))


def _notice(mail: OutboundMail) -> str:
    return live.notice("mail", outbound=str(mail.public_id))


def first_receipt(*, address: str, within: timedelta, now: datetime) -> bool:
    """Whether this address had no receipt in that time. Holds the address until the transaction ends, so that two receipts cannot both be first."""
    return first_since(kind=OutboundKind.RECEIPT, address=address, since=now - within)


def first_since(*, kind: OutboundKind, address: str, since: datetime) -> bool:
    """Whether a robot of ours wrote no such mail to this address since then. Holds the address until the transaction ends.

    What makes a job that writes a mail safe to do twice: it asks for the time since somebody wanted that mail.
    """
    kept = as_kept(address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{kind} {kept}"])
    return queries.automatic_mails_since(kind, kept, since) == 0


# -- taking back, trying again -----------------------------------------------------------------------------------------------------------
def cancel(*, outbound: OutboundMail, now: datetime) -> bool:
    """Take it back with all its copies. False, and nothing changed, when any of them is being sent or gone."""
    with transaction.atomic():
        rows = list(
            OutboundMail.objects.filter(Q(pk=outbound.pk) | Q(copy_of=outbound.pk))
            .order_by("pk")
            .select_for_update(no_key=True)
        )
        if not all(row.state in UNSENT for row in rows):
            return False
        OutboundMail.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=OutboundState.CANCELLED, next_attempt_at=None
        )
    outbound.state = OutboundState.CANCELLED
    log.info("outbound %s cancelled at %s", outbound.public_id, now)
    return True


def retry_now(*, outbound: OutboundMail, now: datetime) -> bool:
    """Try a deferred, failed, bounced or held mail again at once, with two more days to go; while sending is off it is held again.

    False when it is in none of these states, or a sign-in link, which is no longer good.
    """
    again = (OutboundState.DEFERRED, OutboundState.FAILED, OutboundState.BOUNCED, OutboundState.HELD)
    changes = {
        "state": OutboundState.QUEUED,
        "not_before": now,
        "next_attempt_at": None,
        "failed_at": None,
        "attempts": 0,
    }
    with transaction.atomic():
        mail = OutboundMail.objects.filter(pk=outbound.pk, state__in=again).exclude(kind=OutboundKind.SIGN_IN)
        if not _move(mail, **changes):
            return False
        outbound.refresh_from_db()
        defer(outbound, now)
        _tell(outbound)
    return True


def record_bounce(*, outbound: OutboundMail, reason: str, now: datetime) -> bool:
    """The mail came back for good. False when it was not out, or its return is known already."""
    changes = {"state": OutboundState.BOUNCED, "failed_at": now, "last_answer": headers.clean(reason, 500)}
    with transaction.atomic():
        if not _move(OutboundMail.objects.filter(pk=outbound.pk, state=OutboundState.SENT), **changes):
            return False
        _tell(outbound)
    return True


# -- sending -----------------------------------------------------------------------------------------------------------------------------
def anybody(mail: OutboundMail) -> None:
    """For mails whose reader cannot lose the right to them."""


def deliver(
    *,
    outbound_id: int,
    transport: Transport,
    readers: Readers = anybody,
    taken_over: bool = False,
    at: Callable[[], datetime] = clock.now,
) -> Outcome | None:
    """Send one mail and write down what became of it. None when it was not to be sent now: gone, cancelled, or in another's hands.

    `readers` are asked for right before. `taken_over` says that whoever began this job before is gone, so that the mail need not wait for the
    end of the lease. Raises Undecided when it may still be in their hands.
    """
    is_ours = _claim(outbound_id, at(), taken_over=taken_over)
    mail = queries.outbound_to_send(outbound_id) if is_ours else None
    if mail is None:
        if taken_over and OutboundMail.objects.filter(pk=outbound_id, state=OutboundState.SENDING).exists():
            raise Undecided(f"the outbound mail {outbound_id} was being sent a moment ago")
        return None
    answer = _attempt(mail, transport, readers)
    return _record_in_time(mail, answer, at)


def deliver_without_job(*, mail: OutboundMail, transport: Transport, readers: Readers = anybody) -> Outcome | None:
    """As `deliver`, of a mail that was just put in, by a process that answers for it with a lock of its session instead of a job.

    The lock goes when the process does, or when it says `let_go`.
    """
    attempt = _claim(mail.pk, clock.now(), statement=_WITHOUT_A_JOB)
    if not attempt:
        return None
    mail.attempts = attempt
    return _record_in_time(mail, _attempt(mail, transport, readers), clock.now)


def let_go() -> None:
    """Answer for no mail any more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")


def _claim(outbound_id: int, now: datetime, *, statement: str = _WITH_A_JOB, taken_over: bool = False) -> int:
    """Make it ours for as long as the lease lasts: the number of the attempt, or 0. A `sending` row whose lease has run out was left by the dead."""
    times = {"now": now, "ended": now + LEASE - SIGN_OF_DEATH if taken_over else now, "lease": now + LEASE}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"id": outbound_id, **times})
        (attempt,) = cursor.fetchone() or (0,)
        if not attempt:
            cursor.execute(_HOLD, {"id": outbound_id, "why": rules.SENDING_OFF, **times})
    return int(attempt)


def _attempt(mail: OutboundMail, transport: Transport, readers: Readers) -> Answer:
    allowed = readers(mail)
    if allowed is not None:
        if as_kept(mail.to) not in allowed:
            return Answer(Phase.READER, 0, rules.NO_READER if mail.reader else rules.WITHDRAWN)
        mail.cc = [address for address in mail.cc if as_kept(address) in allowed]
    try:
        content = composition.source(mail, read=files.read)
    except files.FileMissing:
        return Answer(Phase.WRITE, 0, rules.FILE_MISSING)
    except files.FileStoreAway:
        return Answer(Phase.FILES, 0, rules.FILES_AWAY)
    except Exception as error:
        log.exception("outbound %s cannot be written", mail.public_id)
        return Answer(Phase.WRITE, 0, f"the mail could not be put together: {type(error).__name__}")
    return transport.send(Parcel(mail.envelope_from, mail.to, content, utf8=composition.needs_utf8(mail)))


def _record_in_time(mail: OutboundMail, answer: Answer, at: Callable[[], datetime]) -> Outcome:
    """Write it down even if the database restarts just now: what the server said cannot be asked again."""
    for pause in RECORD_PAUSES:
        try:
            return _record(mail, answer, at())
        except (OperationalError, InterfaceError) as error:
            log.warning("outbound %s: %s; the answer is written down again in %s s", mail.public_id, error, pause)
            connection.close()
            time.sleep(pause)
    return _record(mail, answer, at())


def _record(mail: OutboundMail, answer: Answer, now: datetime) -> Outcome:
    """Write the answer on the row, unless somebody took it over since; the number of attempts tells."""
    outcome = rules.outcome(answer)
    again = (
        rules.next_attempt(attempts=mail.attempts, since=mail.not_before, now=now) if outcome is Outcome.RETRY else None
    )
    spent = {} if mail.is_readable else {"text": "", "html": ""}  # a link lives where it was sent, not here
    over = {"next_attempt_at": None, "last_answer": answer.words, **spent}
    if outcome is Outcome.SENT:
        _end(mail, state=OutboundState.SENT, sent_at=now, failed_at=None, **over)
    elif again is None:
        outcome = Outcome.FAILED
        _end(mail, state=OutboundState.FAILED, failed_at=now, **over)
    else:
        failed_at = (
            (mail.failed_at or now) if answer.phase is Phase.WRITE else None
        )  # no pause mends that: somebody has to
        with transaction.atomic():
            if _end(
                mail, state=OutboundState.DEFERRED, next_attempt_at=again, failed_at=failed_at, last_answer=answer.words
            ):
                defer(mail, again)
    # Not the server's words, which name the recipient: those stand on the row.
    log.info("outbound %s attempt %s: %s (%s %s)", mail.public_id, mail.attempts, outcome, answer.phase, answer.code)
    return outcome


def _end(mail: OutboundMail, **changes: object) -> bool:
    """Out of the state `sending`, unless somebody took it over; browsers are told in the same statement."""
    columns = ", ".join(f"{name} = %s" for name in changes)
    values: list[Any] = [*changes.values(), mail.pk, mail.attempts, live.CHANNEL, _notice(mail)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE mail_outboundmail SET {columns} WHERE id = %s AND state = 'sending' AND attempts = %s RETURNING pg_notify(%s, %s)",  # noqa: S608 - our own names
            values,
        )
        return bool(cursor.rowcount == 1)


def _move(rows: QuerySet[OutboundMail], **changes: object) -> bool:
    """One step of one row; False when it stood elsewhere."""
    return rows.update(**changes) == 1


# -- nothing is forgotten ----------------------------------------------------------------------------------------------------------------
def sweep(*, now: datetime, patience: timedelta = queries.PATIENCE) -> int:
    """Give a new job to every mail that is overdue and has none: its job was lost, or the process that sent it died. Returns how many."""
    lost = queries.overdue_without_job(JOB, now=now, patience=patience)
    for mail in lost:
        defer(mail, now)
    for mail in queries.unanswered(now=now):
        _bring_forward(mail, now)
    return len(lost)


def take_over_the_dead(*, now: datetime) -> int:
    """A job for each mail that was being sent without one by a process that is gone. Returns how many.

    Who sends holds a lock on it; one that has just begun is left alone, for a database that restarts loses the locks of the living, too.
    """
    begun_before = now + LEASE - SIGN_OF_DEATH
    return sum(_take_over(mail, now) for mail in queries.sending_without_job(JOB, leased_until=begun_before))


def _take_over(mail: OutboundMail, now: datetime) -> bool:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_NOBODY_ANSWERS, [mail.pk])
            is_free = bool(cursor.fetchone()[0])
        if not (is_free and _end(mail, state=OutboundState.DEFERRED, next_attempt_at=now)):
            return False
        defer(mail, now)
    return True


def _bring_forward(mail: OutboundMail, now: datetime) -> None:
    """Not its pause kept it, but a mail server that was away: nobody must wait an hour for one that is back."""
    with transaction.atomic():
        if _move(OutboundMail.objects.filter(pk=mail.pk, state=OutboundState.DEFERRED), next_attempt_at=now):
            defer(mail, now)
