"""Receipts of Italian certified mail: proofs, never tickets (DPCM 2 November 2005)."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Effect, Fate, Stop, Verdict
from sportello.mail.parsing.model import PecKind
from sportello.mail.reasons import MailReason

FAILURES = frozenset({PecKind.NOT_ACCEPTED, PecKind.NOT_DELIVERED, PecKind.VIRUS})


def pec_receipts(arrival: Arrival) -> Verdict:
    pec = arrival.mail.pec
    if pec is None or not pec.is_receipt:
        return None
    params: dict[str, str | int] = {"kind": pec.kind.value, "why": pec.kind.value}
    if arrival.about is not None:
        params |= {"address": arrival.about.address, "outbound": arrival.about.outbound_id}
    if pec.kind in FAILURES:
        return Stop(Fate.RECORD, MailReason.PEC_FAILURE, params, Effect.BOUNCE if arrival.about else Effect.NONE)
    return Stop(Fate.RECORD, MailReason.PEC_RECEIPT, params, Effect.RECEIPT if arrival.about else Effect.NONE)
