"""The null sender `<>`: what has it must never be answered automatically (RFC 5321, 4.5.5)."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason


def null_sender(arrival: Arrival) -> Verdict:
    if arrival.envelope_from == "" or arrival.mail.return_path == "":
        return Mark(MailReason.NULL_SENDER, is_automatic=True)
    return None
