"""Mailing lists and newsletters (RFC 2369, RFC 2919). What a person wrote to a list we are on is a request; a stranger's newsletter is not.

A customer's mail stays in sight: as a ticket, without a clock when a program wrote it.
"""

from __future__ import annotations

from sportello.intake.rules import Arrival, Fate, Mark, Stop, Verdict
from sportello.mail.reasons import MailReason


def mailing_list(arrival: Arrival) -> Verdict:
    through_list = arrival.mail.is_list or "list" in arrival.mail.automatic.reasons
    if not through_list:
        return None
    is_news = arrival.is_from_program or arrival.is_newsletter
    if is_news and arrival.thread is None and not arrival.is_customer:
        return Stop(Fate.RECORD, MailReason.NEWSLETTER)
    return Mark(MailReason.LIST_POST, gets_no_answer=True)
