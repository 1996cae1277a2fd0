"""From a stored mail to its place. Safe to run twice and at once: the row is locked, and only one that waits is judged."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure

from sportello.core import live
from sportello.core.files import FileStoreAway
from sportello.customers import actions as customers
from sportello.intake.actions.filing import Filing, file, marks, open_with
from sportello.intake.actions.waiting import beginning, decide_by, show_held
from sportello.intake.contents import unread
from sportello.intake.gates import judge
from sportello.intake.queries import arrival_from, arrival_of
from sportello.intake.rules import Effect, Fate, Join, Judgement, Open, Stop, place
from sportello.intake.shares import is_flood, one_too_many
from sportello.mail import actions as mail_actions
from sportello.mail import sandbox
from sportello.mail.enums import InboundState, OutboundState
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.parsing import ParsedMail
from sportello.mail.problems import COPY
from sportello.mail.reasons import MailReason
from sportello.mail.sandbox import Unreadable
from sportello.tickets import actions as tickets
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Message

log = logging.getLogger(__name__)
TRIES = 5
TRIES_ENDED = 9
"""Over eight minutes and a half, in which a machine gets memory again."""
RECEIPT_EVENTS = {
    MailReason.DELIVERY_RECEIPT: EventKind.DELIVERED,
    MailReason.READ_RECEIPT: EventKind.READ,
    MailReason.PEC_RECEIPT: EventKind.CERTIFIED,
}
STATE_OF = {Fate.RECORD: InboundState.RECORDED, Fate.HOLD: InboundState.HELD}


PASSES_SECONDS = 15.0
"""After which a mail is tried again that could not be filed for reasons that pass."""


class NotYet(Exception):  # noqa: N818 - nothing is wrong, it is only too early
    """The mail cannot be judged at this moment; it is tried again."""


class ReaderEnded(Exception):  # noqa: N818 - names what happened
    """Whoever read the mail was ended from outside, twice: by a machine that is out of memory, perhaps for other reasons than this mail."""


class InOthersHands(NotYet):
    """Somebody has held for long what the mail belongs to."""


class Patience:
    """How long a mail waits for what somebody holds.

    Others that belong to it come, too, and each would keep a reader as long: once one has waited in vain, this process has less patience with all,
    until none has met anything held for longer than the longest pause between two tries of a mail.
    """

    LONG, SHORT, REMEMBERED = 3.0, 0.2, 60.0  # seconds

    def __init__(self) -> None:
        self._lost_at = -self.REMEMBERED

    @property
    def seconds(self) -> float:
        return self.SHORT if monotonic() - self._lost_at < self.REMEMBERED else self.LONG

    def lose(self) -> None:
        self._lost_at = monotonic()


patience = Patience()


def receive_mail(*, inbound: InboundMail, now: datetime) -> None:
    """Reads, judges and files a mail that waits; does nothing with any other.

    What goes wrong is written on the row, with the time of the next try, and raised. The fifth time the mail becomes a ticket as a mere file, so
    that somebody sees it; if even that fails, it is listed as failed. What is no fault of the mail's does not count, however long it lasts.
    """
    raw = bytes(inbound.raw.content)
    try:
        _file_once(inbound, _read_to_file(inbound, raw), raw, now)
    except (OperationalError, InterfaceError):
        raise  # the database, not the mail: nothing could be written down either
    except InOthersHands:
        mail_actions.put_off(inbound.pk)
        raise
    except (NotYet, FileStoreAway):
        mail_actions.leave_waiting([inbound.pk], seconds=PASSES_SECONDS)
        raise
    except Exception as error:
        tries = mail_actions.record_error(inbound=inbound, error=traceback.format_exc())
        if tries < (TRIES_ENDED if isinstance(error, ReaderEnded) else TRIES):
            raise
        log.exception("The mail %s could not be filed after %s tries.", inbound.public_id, tries)
        _give_up(inbound, raw, now)


def read(inbound: InboundMail, raw: bytes) -> ParsedMail | Unreadable:
    """The mail as our reader understands it. Raises NotYet when there was no reader to be had."""
    reading = sandbox.read(raw, trusted_authserv=inbound.mailbox.authserv_id)
    if isinstance(reading, Unreadable) and reading.reason == "not-started":
        raise NotYet("no reader could be started")
    return reading


def _read_to_file(inbound: InboundMail, raw: bytes) -> ParsedMail | Unreadable:
    """Raises NotYet, ReaderEnded."""
    reading = read(inbound, raw)
    if isinstance(reading, Unreadable) and reading.reason == "ended":
        raise ReaderEnded("the reader was ended from outside, twice")
    return reading


# -- once ----------------------------------------------------------------------------------------------------------------
def lock(inbound: InboundMail, *states: InboundState) -> bool:
    """Holds the row until the transaction ends. False when it stands in none of these states."""
    rows = InboundMail.objects.select_related("mailbox").select_for_update(of=("self",), no_key=True)
    inbound.refresh_from_db(from_queryset=rows)
    return inbound.state in states


def _file_once(inbound: InboundMail, reading: ParsedMail | Unreadable, raw: bytes, now: datetime) -> None:
    with _in_nobodys_way(), transaction.atomic(), live.together():
        if not mail_actions.hold_waiting(inbound, patience=patience.seconds):
            return
        if COPY in inbound.problems:
            _judge_copy(inbound, reading, now)
        elif isinstance(reading, Unreadable):
            _file_unread(inbound, reading.reason, raw, now)
        else:
            _judge_and_file(inbound, reading, now)


@contextmanager
def _in_nobodys_way() -> Iterator[None]:
    """Raises InOthersHands when somebody has held for long what the body wants to write to, or waited for us while we waited for them."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            patience.lose()
        elif not isinstance(error.__cause__, DeadlockDetected | SerializationFailure):
            raise
        raise InOthersHands("somebody holds what it belongs to") from error


def _judge_and_file(inbound: InboundMail, mail: ParsedMail, now: datetime) -> None:
    filing, where = _judged(inbound, mail, now)
    mail_actions.note_seen(inbound, _seen(mail, filing.arrival.sender))
    if isinstance(where, Stop):
        _stop(filing, where)
    else:
        file(filing, where)


def _judged(inbound: InboundMail, mail: ParsedMail, now: datetime) -> tuple[Filing, Stop | Join | Open]:
    arrival, known = arrival_from(inbound, mail)
    judgement = judge(arrival)
    filing = Filing(inbound, arrival, judgement, now, known)
    return filing, judgement.stop or _in_its_share(filing, place(arrival, judgement))


def _judge_copy(copy: InboundMail, reading: ParsedMail | Unreadable, now: datetime) -> None:
    """A mail that is held is filed as its copy is, where nothing holds that one: a worse copy may have come first. Any other copy adds nothing.

    Raises NotYet while the one that came first waits to be judged.
    """
    original = mail_actions.original_of(copy)
    if original.state == InboundState.RECEIVED:
        raise NotYet(f"the mail {original.public_id}, of which it is a copy, is judged first")
    if original.state != InboundState.HELD or isinstance(reading, Unreadable):
        mail_actions.drop_copy(copy)
        return
    filing, where = _judged(copy, reading, now)
    if isinstance(where, Stop):
        mail_actions.drop_copy(copy)
        return
    shown = original.reason_params
    mail_actions.take_its_way(original=original, copy=copy)
    mail_actions.note_seen(original, _seen(reading, filing.arrival.sender))
    file(replace(filing, inbound=original), where)
    show_held(shown)


def _in_its_share(filing: Filing, where: Stop | Join | Open) -> Stop | Join | Open:
    """Where the mail goes, unless its sender had enough filed within the hour."""
    if isinstance(where, Stop):
        return where
    asked_for = filing.inbound.reason == MailReason.AGAIN
    return one_too_many(filing.arrival, is_asked_for=asked_for, now=filing.now) or where


def record_seen(inbound: InboundMail, mail: ParsedMail, sender: str) -> None:
    mail_actions.record_seen(inbound=inbound, seen=_seen(mail, sender))


def _seen(mail: ParsedMail, sender: str) -> mail_actions.Seen:
    return {
        "sender": sender,
        "sender_name": mail.from_name,
        "subject": mail.subject,
        "problems": list(mail.problems),
    }


# -- mail that becomes no message ----------------------------------------------------------------------------------------
def _stop(filing: Filing, stop: Stop) -> None:
    if stop.effect is Effect.SELF_TEST:
        _end_self_test(filing.arrival.self_test_id, filing.now)
    elif stop.effect is Effect.BOUNCE:
        _returned(filing, str(stop.params.get("why", "")))
    elif stop.effect is Effect.RECEIPT:
        _confirmed(filing, stop)
    is_held = stop.fate is Fate.HOLD
    mail_actions.record_verdict(
        inbound=filing.inbound,
        state=STATE_OF[stop.fate],
        gate="share" if is_flood(stop.reason) else filing.judgement.gate or "thread",
        reason=stop.reason,
        params={**stop.params, **marks(filing.judgement), **(beginning(filing.arrival.mail) if is_held else {})},
        now=filing.now,
        about=filing.arrival.about.outbound_id if filing.arrival.about else None,
        decide_by=decide_by(filing.inbound, filing.written_at) if is_held and stop.rings else None,
    )
    if is_held:
        show_held(stop.params)


def _end_self_test(test_id: int | None, now: datetime) -> None:
    if test_id is not None:
        mail_actions.end_self_test(test_id=test_id, now=now)


def _returned(filing: Filing, why: str) -> None:
    """The mail is marked, the ticket and its author are told, the address is known to fail."""
    about = filing.arrival.about
    if about is None:
        return
    outbound = OutboundMail.objects.get(pk=about.outbound_id)
    if outbound.state == OutboundState.SENDING:  # its return was quicker than our note that it went
        raise NotYet(f"the outbound mail {outbound.public_id} is still being sent")
    if not mail_actions.record_bounce(outbound=outbound, reason=why, now=filing.now):
        return
    customers.mark_bounced(address=outbound.to, reason=why, now=filing.now)
    message = _message_of(outbound)
    if message is not None:
        tickets.record_bounce(message=message, address=outbound.to, reason=why, now=filing.now)


def _confirmed(filing: Filing, stop: Stop) -> None:
    about = filing.arrival.about
    message = _message_of(OutboundMail.objects.get(pk=about.outbound_id)) if about else None
    if about is not None and message is not None:
        what = str(stop.params.get("kind", ""))
        kind = RECEIPT_EVENTS[stop.reason]
        tickets.record_receipt(message=message, kind=kind, address=about.address, what=what, now=filing.now)


def _message_of(outbound: OutboundMail) -> Message | None:
    """The message that this mail or the mail it is a copy of carries."""
    return Message.objects.select_related("ticket").filter(outbound_id=outbound.copy_of_id or outbound.pk).first()


# -- mail that could not be read -----------------------------------------------------------------------------------------
def _file_unread(inbound: InboundMail, why: str, raw: bytes, now: datetime) -> None:
    """A ticket all the same: with what the list shows, a sentence, and the mail as a file."""
    with translation.override(settings.LANGUAGE_CODE):
        sentence = _("This mail could not be read by the program. It is attached as it came.")
    mail = ParsedMail(sha256=inbound.raw_id, size=len(raw), from_addr=inbound.sender, subject=inbound.subject)
    filing = Filing(inbound, arrival_of(inbound, mail), Judgement(), now)
    ticket = open_with(filing, unread(sentence, subject=inbound.subject, raw=raw))
    params = {"why": why, "number": ticket.number, "ticket": str(ticket.public_id)}
    mail_actions.record_verdict(
        inbound=inbound, state=InboundState.FILED, gate="", reason=MailReason.FILED_UNREAD, params=params, now=now
    )


def _give_up(inbound: InboundMail, raw: bytes, now: datetime) -> None:
    try:
        with _in_nobodys_way(), transaction.atomic():
            if mail_actions.hold_waiting(inbound, patience=patience.seconds):
                _file_unread(inbound, "failed", raw, now)
    except InOthersHands:
        mail_actions.put_off(inbound.pk)
        raise
    except FileStoreAway:
        mail_actions.leave_waiting([inbound.pk], seconds=PASSES_SECONDS)
        raise
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("The mail %s could not even be filed as a file.", inbound.public_id)
        with transaction.atomic():
            mail_actions.record_verdict(
                inbound=inbound, state=InboundState.FAILED, gate="", reason=MailReason.FAILED, params={}, now=now
            )
