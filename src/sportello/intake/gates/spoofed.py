"""A sender that our own mail server found to be forged (RFC 8601, RFC 7489). It waits for a person, shown as unverified."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Fate, Stop, Trust, Verdict
from sportello.mail.reasons import MailReason


def spoofed(arrival: Arrival) -> Verdict:
    if arrival.trust is not Trust.FAILED:
        return None
    return Stop(Fate.HOLD, MailReason.SPOOFED, {"domain": arrival.sender.rpartition("@")[2], **_answers(arrival)})


def _answers(arrival: Arrival) -> dict[str, int]:
    """The ticket whose page shows it, where it is somebody's who takes part."""
    return arrival.thread.params if arrival.thread and arrival.thread.is_rightful else {}
