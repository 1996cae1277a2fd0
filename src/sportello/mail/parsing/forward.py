"""Whose mail was forwarded: the From inside a forwarded text or an enclosed mail."""

from __future__ import annotations

import re

from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.addresses import clean_address
from sportello.mail.parsing.lines import Line

_FORWARD_WORD = re.compile(
    r"forward|inoltrat|reenviad|encaminhad|transf[ée]r|weitergeleitet|doorgestuurd|videresend|vidarebefordr|przekazan|пересла|пересыл|转发|転送",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(r"^\W*(?:fwd?|i|inoltra|inoltro|rv|tr|wg|enc|vs|doorst)\s?:", re.IGNORECASE)


def is_forward(subject: str) -> bool:
    """`Fwd:`, Outlook's Italian `I:`, Spanish `RV:`, French `TR:`, German `WG:`."""
    return _FORWARD_SUBJECT.match(subject) is not None


def sender(lines: list[Line], subject: str) -> str:
    """Address of the first forwarded mail's author, or nothing."""
    for index, line in enumerate(lines[:2000]):
        text = line.probe.lstrip("> ")
        opens = words.FORWARD_OPENING.match(text) or (
            words.ORIGINAL_MESSAGE.match(text) and (_FORWARD_WORD.search(text) or is_forward(subject))
        )
        if opens or (is_forward(subject) and _is_from(text)):
            found = next(
                (
                    addr
                    for other in lines[index : index + 8]
                    if _is_from(other.probe) and (addr := _address(other.probe))
                ),
                "",
            )
            if found:
                return found
    return ""


def _is_from(text: str) -> bool:
    match = words.FIELD.match(text)
    return match is not None and words.FIELD_KINDS.get(match.group(1).strip().lower()) == "from"


def _address(text: str) -> str:
    match = words.EMAIL.search(text.replace("mailto:", ""))
    return clean_address(match.group(0)) if match else ""
