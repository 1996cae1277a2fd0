"""Whose mail was forwarded: the From inside a forwarded text."""

from __future__ import annotations

import re
from itertools import pairwise

from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.addresses import clean_address
from sportello.mail.parsing.lines import Line
from sportello.mail.parsing.openings import field_kind

_SUBJECT = re.compile(r"^\W*(?:fwd?|i|inoltra|inoltro|rv|tr|wg|enc|vs|doorst)\s?:", re.IGNORECASE)
_MAX_LINES = 2_000
_FIELDS_BELOW = 8


def is_forward(subject: str) -> bool:
    """`Fwd:`, Outlook's Italian `I:`, Spanish `RV:`, French `TR:`, German `WG:`."""
    return _SUBJECT.match(subject) is not None


def sender(lines: list[Line], subject: str) -> str:
    """Address of the first forwarded mail's author, or nothing."""
    by_subject = is_forward(subject)
    for index, line in enumerate(lines[:_MAX_LINES]):
        if _opens(line.probe.lstrip("> "), by_subject=by_subject):
            found = author(lines[index : index + _FIELDS_BELOW])
            if found:
                return found
    return ""


def author(block: list[Line]) -> str:
    """Address of whom a block of header lines names as the author, or nothing."""
    fields = [line.probe for line in block[:_FIELDS_BELOW]]
    return next((addr for text, below in pairwise([*fields, ""]) if (addr := _author(text, below))), "")


def _opens(text: str, *, by_subject: bool) -> bool:
    if words.FORWARD_OPENING.match(text) or words.is_forwarded_message(text):
        return True
    return by_subject and (words.is_original_message(text) or field_kind(text) == "from")


def _author(text: str, below: str) -> str:
    """`below` is the next line, on which an address stands that was too long for its own."""
    text = text + below.lstrip(" >") if text.endswith("<") else text
    match = words.EMAIL.search(text.replace("mailto:", "")) if field_kind(text) == "from" else None
    return clean_address(match.group(0)) if match else ""
