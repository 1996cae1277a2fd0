"""A mail of ours that somebody's rule sent back to us, told by its signed mark or its signed Message-ID."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Fate, Stop, Verdict, plain
from sportello.mail.reasons import MailReason


def own_loop(arrival: Arrival) -> Verdict:
    """A mail that only claims one of our addresses is not ours: it waits for a person."""
    if arrival.carries_our_mark:
        return Stop(Fate.RECORD, MailReason.OWN_MAIL)
    if plain(arrival.sender) in arrival.own_addresses:
        return Stop(Fate.HOLD, MailReason.OWN_ADDRESS)
    return None
