"""Receipts of delivery (RFC 3464) and of reading (RFC 8098), and complaints (RFC 5965): recorded, never requests."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Effect, Fate, Stop, Verdict
from sportello.mail.reasons import MailReason


def receipts(arrival: Arrival) -> Verdict:
    mail = arrival.mail
    if mail.is_complaint:
        return Stop(Fate.RECORD, MailReason.COMPLAINT, _about(arrival))
    if not (mail.is_delivery_receipt or mail.is_read_receipt):
        return None
    if arrival.about is None:
        return Stop(Fate.RECORD, MailReason.RECEIPT_UNKNOWN)
    reason = MailReason.READ_RECEIPT if mail.is_read_receipt else MailReason.DELIVERY_RECEIPT
    return Stop(Fate.RECORD, reason, _about(arrival), Effect.RECEIPT)


def _about(arrival: Arrival) -> dict[str, str | int]:
    about = arrival.about
    return {"address": about.address, "outbound": about.outbound_id} if about else {}
