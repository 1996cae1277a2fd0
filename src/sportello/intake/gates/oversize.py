"""Mail too big to be taken in whole: by LMTP it is refused with 552; by IMAP it is here already, so its beginning becomes the ticket."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason


def oversize(arrival: Arrival) -> Verdict:
    """The door noted `oversize:<bytes>`."""
    noted = (problem.partition(":") for problem in arrival.problems)
    size = next((size for name, _, size in noted if name == "oversize"), None)
    return Mark(MailReason.OVERSIZE, {"size": int(size)}) if size else None
