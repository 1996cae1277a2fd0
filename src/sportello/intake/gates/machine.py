"""Mail that a program wrote by itself: a ticket without a clock, so that a monitor's warning is seen and a robot is never promised an answer."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason


def machine(arrival: Arrival) -> Verdict:
    return Mark(MailReason.MACHINE, is_automatic=True) if arrival.is_from_program else None
