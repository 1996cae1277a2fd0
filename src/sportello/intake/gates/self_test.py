"""Our own test mail: its return proves that mail goes out and comes in."""

from __future__ import annotations

from sportello.intake.rules import Arrival, Effect, Fate, Stop, Verdict
from sportello.mail.reasons import MailReason


def self_test(arrival: Arrival) -> Verdict:
    if arrival.self_test_id is None:
        return None
    return Stop(Fate.RECORD, MailReason.SELF_TEST_ARRIVED, effect=Effect.SELF_TEST)
