"""Support PINs. Pure."""

from __future__ import annotations

from datetime import timedelta

from sportello.telephone.rules.numbers import digits_of

PIN_DIGITS = 6
PIN_LASTS = timedelta(hours=24)
VERIFIED_FOR = timedelta(minutes=30)
"""How long after the PIN was right a call may still be written down as verified."""


def is_pin(said: str) -> bool:
    digits = digits_of(said)
    return len(digits) == PIN_DIGITS and digits.isascii()
