"""Where a person's own text ends and their signature, their phone's greeting or their firm's disclaimer begins.

To leave a signature standing costs a glance, to take words for one costs an answer: in doubt it is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.lines import Line, Mark
from sportello.mail.parsing.openings import is_sent_from

_WORD_CHARACTER = re.compile(r"\w")
_QUESTION = re.compile(r"\?[\s\"')]*(?:\s|$)")
_CLOSING_LINES = 12
_FOOTER_LINES = 20
_DISCLAIMER_LINES = 30
_PARAGRAPH_LINES = 12
_FIRST_WORDS = 200
"""Characters in which a request says what it wants."""
_SENTENCE_WORDS = 6


def cut(lines: list[Line], *, below_words: bool = False) -> list[Line]:
    """What stands above the first line that opens a signature, if there are words above it, in `lines` or before; else everything."""
    left = sum(1 for line in lines if line.text.strip())
    words_above = below_words
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        left -= 1
        if words_above and _opens(lines, index, left):
            return _without_rule(lines[:index])
        words_above = words_above or has_words([line])
    return lines


def has_words(lines: list[Line]) -> bool:
    return any(_WORD_CHARACTER.search(line.probe) for line in lines)


def _without_rule(lines: list[Line]) -> list[Line]:
    """A rule right above a signature or a disclaimer belongs to it."""
    end = len(lines)
    while end and words.RULE.match(lines[end - 1].probe):
        end -= 1
    return lines[:end]


def _opens(lines: list[Line], index: int, left: int) -> bool:
    """`left` is the number of lines with text below it: a real signature is short."""
    line, text = lines[index], lines[index].probe
    if line.mark is Mark.SIGNATURE or words.SIGNATURE_DELIMITER.match(text):
        return True
    if is_sent_from(text):
        return not _goes_on(lines, index + 1, with_sentences=False)
    if words.UNDERSCORES.match(text):
        return left <= _FOOTER_LINES and not _goes_on(lines, index + 1)
    if _closes(lines, index):
        return left <= _CLOSING_LINES and not _goes_on(lines, index + 1)
    return left <= _DISCLAIMER_LINES and _is_disclaimer(text, _paragraph(lines, index))


def _closes(lines: list[Line], index: int) -> bool:
    text = lines[index].probe
    if words.SHORT_CLOSING.match(text):
        return not lines[index - 1].text.strip()
    return (words.CLOSING.match(text) or words.SLASH_NAME.match(text)) is not None


def _is_disclaimer(first: str, paragraph: str) -> bool:
    if _QUESTION.search(paragraph):
        return False
    if words.DISCLAIMER_TITLE.match(first) or words.DISCLAIMER.match(paragraph):
        return True
    if not words.LEGAL_OPENING.match(paragraph) or words.ASKS.search(paragraph[:_FIRST_WORDS]):
        return False
    return words.CONFIDENTIAL.search(paragraph) is not None


def _goes_on(lines: list[Line], start: int, *, with_sentences: bool = True) -> bool:
    """Whether there is a question, a postscript or a sentence below "Saluti", and no disclaimer or phone's greeting before it.

    Sentences below a phone's greeting may as well be the older mail, which some phones do not mark.
    """
    for first, paragraph in _paragraphs(lines, start):
        if is_sent_from(first) or words.CONFIDENTIAL.search(paragraph) or _is_disclaimer(first, paragraph):
            return False
        if _QUESTION.search(paragraph) or words.POSTSCRIPT.match(paragraph):
            return True
        if with_sentences and _is_sentence(paragraph):
            return True
    return False


def _is_sentence(paragraph: str) -> bool:
    """And no address of a firm, which has few small words."""
    found = paragraph.split()
    is_text = len(found) >= _SENTENCE_WORDS and paragraph.endswith((".", "!")) and "@" not in paragraph
    return is_text and 5 * sum(word[0].islower() for word in found) >= 3 * len(found)


def _paragraphs(lines: list[Line], start: int) -> Iterator[tuple[str, str]]:
    """The first line and the whole of each, of at most thirty lines."""
    for index in range(start, min(start + _DISCLAIMER_LINES, len(lines))):
        if lines[index].text.strip() and (index == start or not lines[index - 1].text.strip()):
            yield lines[index].probe, _paragraph(lines, index)


def _paragraph(lines: list[Line], start: int) -> str:
    """On one line, from `start` on."""
    end = next((index for index in range(start, len(lines)) if not lines[index].text.strip()), len(lines))
    return " ".join(line.probe.strip() for line in lines[start : min(end, start + _PARAGRAPH_LINES)])
