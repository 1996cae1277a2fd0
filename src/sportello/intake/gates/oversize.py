"""Mail too big to be taken in whole: by LMTP it is refused with 552; by IMAP it is here already, so its beginning becomes the ticket."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Mark, Verdict
from sportello.mail.reasons import MailReason

OVERSIZE = "oversize"


def oversize(arrival: Arrival) -> Verdict:
    return Mark(MailReason.OVERSIZE, {"size": arrival.size}) if OVERSIZE in arrival.problems else None
