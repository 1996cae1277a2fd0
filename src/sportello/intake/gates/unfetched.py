"""A mail that an IMAP server would not hand over: what stands for it becomes a ticket, so that somebody looks for it there."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason


def unfetched(arrival: Arrival) -> Verdict:
    return Mark(MailReason.UNFETCHED) if "unfetched" in arrival.problems else None
