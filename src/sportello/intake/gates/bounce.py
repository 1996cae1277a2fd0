"""A mail of ours came back, or is late (RFC 3464). Only a report that names a mail of ours changes anything: others are easily forged."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Effect, Fate, Stop, Verdict
from sportello.mail.parsing.model import Bounce
from sportello.mail.reasons import MailReason

UNWORDED = Bounce((), (), standard=False)


def bounce(arrival: Arrival) -> Verdict:
    """A person who asks why a mail of theirs came back sends a request, also where a forwarder took their return address."""
    report = arrival.mail.bounce or (UNWORDED if arrival.came_back_unworded else None)
    if report is None or (not report.standard and arrival.has_only_no_return_address):
        return None
    if arrival.about is None:
        by_program = arrival.is_from_program or arrival.envelope_from == ""
        return Stop(Fate.RECORD, MailReason.BOUNCE_UNKNOWN) if by_program else None
    params = {"address": arrival.about.address, "why": why(report), "outbound": arrival.about.outbound_id}
    if report.transient:
        return Stop(Fate.RECORD, MailReason.BOUNCE_DELAYED, params)
    return Stop(Fate.RECORD, MailReason.BOUNCE, params, Effect.BOUNCE)


def why(report: Bounce) -> str:
    """The code and words of the first recipient that failed for good."""
    failed = next((one for one in report.recipients if not one.transient), None) or next(iter(report.recipients), None)
    return " ".join(part for part in (failed.status, failed.diagnostic) if part)[:300] if failed else ""
