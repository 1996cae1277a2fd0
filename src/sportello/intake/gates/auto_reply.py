"""Absence notices and other automatic answers: kept in their ticket, where they reopen nothing, stop no clock and get no answer (RFC 3834)."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Fate, Mark, Stop, Verdict
from sportello.mail.reasons import MailReason


def auto_reply(arrival: Arrival) -> Verdict:
    if arrival.mail.is_autoreply:
        return (
            Mark(MailReason.AUTO_REPLY, is_automatic=True)
            if arrival.thread
            else Stop(Fate.RECORD, MailReason.AUTO_REPLY_ALONE)
        )
    return None
