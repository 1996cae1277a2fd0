"""The null sender `<>`: what has it must never be answered automatically (RFC 5321, 4.5.5)."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason


def null_sender(arrival: Arrival) -> Verdict:
    """A contact of a customer's whose mail shows no other sign of a program is a person: the clock runs for them."""
    if not arrival.has_no_return_address:
        return None
    if arrival.has_only_no_return_address:
        return Mark(MailReason.NULL_SENDER_KNOWN, gets_no_answer=True)
    return Mark(MailReason.NULL_SENDER, is_automatic=True)
