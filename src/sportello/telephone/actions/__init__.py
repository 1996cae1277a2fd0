"""What happens on the telephone: calls are told of and taken down, PINs are made and said [reach.phone]."""

from __future__ import annotations

from sportello.telephone.actions.hearing import hear, set_extension
from sportello.telephone.actions.logging import Logged, Said, log_call, log_unknown_call
from sportello.telephone.actions.pins import PINS_OF_CONTACT, check_pin, make_pin

__all__ = [
    "PINS_OF_CONTACT",
    "Logged",
    "Said",
    "check_pin",
    "hear",
    "log_call",
    "log_unknown_call",
    "make_pin",
    "set_extension",
]
