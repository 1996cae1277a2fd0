"""Support is for customers only [cover.customers]: a stranger's mail to it is queued and marked, and so is that of somebody whose contract has ended.
Anyone may ask before buying [reach.presales].
"""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Trust, Verdict
from sportello.mail.reasons import MailReason


def unknown_sender(arrival: Arrival) -> Verdict:
    unproven = arrival.trust in (Trust.UNPROVEN, Trust.NO_RESULT, Trust.DOUBTED)
    if arrival.is_support and not (arrival.is_customer and arrival.has_contract):
        return Mark(MailReason.UNKNOWN_SENDER, is_unverified=unproven)
    return Mark(MailReason.UNPROVEN, is_unverified=True) if unproven else None
