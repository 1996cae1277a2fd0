"""Where a person's own text ends and their signature, their phone's greeting or their firm's disclaimer begins."""

from __future__ import annotations

import re

from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.lines import Line, Mark
from sportello.mail.parsing.openings import is_sent_from

_WORD_CHARACTER = re.compile(r"\w")
_CLOSING_LINES = 12
_FOOTER_LINES = 20
_DISCLAIMER_LINES = 30


def cut(lines: list[Line]) -> list[Line]:
    """What stands above the first line that opens a signature, if there are words above it; else everything."""
    left = sum(1 for line in lines if line.text.strip())
    has_words = False
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        left -= 1
        if has_words and _opens(line, left) and not _asks(lines, index + 1, line):
            return _without_rule(lines[:index])
        has_words = has_words or _WORD_CHARACTER.search(line.probe) is not None
    return lines


def _without_rule(lines: list[Line]) -> list[Line]:
    """A rule right above a signature or a disclaimer belongs to it."""
    end = len(lines)
    while end and words.RULE.match(lines[end - 1].probe):
        end -= 1
    return lines[:end]


def _opens(line: Line, left: int) -> bool:
    """`left` is the number of lines with text below it: a real signature is short."""
    text = line.probe
    if line.mark is Mark.SIGNATURE or words.SIGNATURE_DELIMITER.match(text) or is_sent_from(text):
        return True
    if words.UNDERSCORES.match(text):
        return left <= _FOOTER_LINES
    if words.CLOSING.match(text) or words.SLASH_NAME.match(text):
        return left <= _CLOSING_LINES
    return left <= _DISCLAIMER_LINES and words.DISCLAIMER.match(text) is not None


def _asks(lines: list[Line], start: int, opener: Line) -> bool:
    """A question under "Saluti" is no signature."""
    below = lines[start : start + _DISCLAIMER_LINES]
    return words.CLOSING.match(opener.probe) is not None and any(line.probe.rstrip().endswith("?") for line in below)
