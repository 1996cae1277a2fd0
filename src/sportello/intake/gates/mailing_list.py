"""Mailing lists and newsletters (RFC 2369, RFC 2919). What a person wrote to a list we are on is a request; a newsletter is not."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Fate, Mark, Stop, Verdict
from sportello.mail.reasons import MailReason


def mailing_list(arrival: Arrival) -> Verdict:
    through_list = arrival.mail.is_list or "list" in arrival.mail.automatic.reasons
    if not through_list:
        return None
    if arrival.is_from_program and arrival.thread is None:
        return Stop(Fate.RECORD, MailReason.NEWSLETTER)
    return Mark(MailReason.LIST_POST, gets_no_answer=True)
