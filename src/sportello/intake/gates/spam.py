"""What a spam filter on the way marked: filters err, so it stays a request, but our receipt must not help to spread it."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason


def spam(arrival: Arrival) -> Verdict:
    return Mark(MailReason.SPAM, gets_no_answer=True) if arrival.mail.is_spam else None
