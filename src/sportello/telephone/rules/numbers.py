"""Telephone numbers as people write them. Pure."""

from __future__ import annotations

import re

FEWEST_DIGITS = 3
_NUMBER = re.compile(r"[+()\d\s./-]+")
_ABROAD = re.compile(r"(?:\+|00)\s*")
_HOME = "39"


def digits_of(number: str) -> str:
    return re.sub(r"\D", "", number)


def is_number(text: str) -> bool:
    """Whether what was typed can only be a telephone number, or the beginning of one."""
    return _NUMBER.fullmatch(text) is not None and len(digits_of(text)) >= FEWEST_DIGITS


def national(number: str) -> str:
    """The digits by which a number is known whether it was written with +39, 0039 or neither: `+39 02 1234` and `02 1234` are one."""
    begun = _ABROAD.match(number.strip())
    digits = digits_of(number.strip()[begun.end() :] if begun else number)
    return digits.removeprefix(_HOME) if begun else digits
