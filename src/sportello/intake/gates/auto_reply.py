"""Absence notices and other automatic answers: kept in their ticket, where they reopen nothing, stop no clock and get no answer (RFC 3834)."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Fate, Mark, Stop, Verdict
from sportello.mail.reasons import MailReason
from sportello.tickets.rules import repeats


def auto_reply(arrival: Arrival) -> Verdict:
    thread = arrival.thread
    if not arrival.mail.is_autoreply:
        return None
    if arrival.only_its_subject_says_so and (thread is None or repeats(arrival.mail.subject, thread.subject)):
        return Mark(MailReason.AUTO_REPLY_MAYBE, gets_no_answer=True)
    return Mark(MailReason.AUTO_REPLY, is_automatic=True) if thread else Stop(Fate.RECORD, MailReason.AUTO_REPLY_ALONE)
