"""The new part of a mail, apart from what it quotes and from the signature: rules on lines, each applied once, in linear time.

Nothing is lost by it: the whole text is kept beside, and the caller shows it when too little is left.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.lines import Line, Mark, joined

_WORD_CHARACTER = re.compile(r"\w")
_BROKEN_OPENING = re.compile(
    rf"^>\s?(?:{words.WROTE.pattern})?\s?:$", re.IGNORECASE
)  # "<anna@example.it" ended the line above
_MAX_OPENING = 400
_CONTINUES = 4
_MAX_LINES = 20_000


class _Kind(Enum):
    EMPTY = 0
    TEXT = 1
    QUOTED = 2


@dataclass(frozen=True, slots=True)
class Reply:
    new: str
    """Quotes and signature off."""
    unquoted: str
    """Quotes off."""
    found: bool
    """Whether anything was recognised as a quote."""


@dataclass(frozen=True, slots=True)
class _Splitter:
    start: int
    end: int
    """First line after the opening."""
    quotes_by_mark: bool
    """An opening such as "X wrote:" may be followed by `>` lines and answers; a header block only by the older mail."""


def read(lines: list[Line]) -> Reply:
    lines = lines[:_MAX_LINES]
    kept, found = _without_quotes(lines)
    kept = _trimmed(kept)
    return Reply(joined(_trimmed(_without_signature(kept))), joined(kept), found)


# --- quotes ---------------------------------------------------------------------------------------------------------------------


def _without_quotes(lines: list[Line]) -> tuple[list[Line], bool]:
    kinds = [_kind(line) for line in lines]
    first = _first_text(kinds)
    splitter = _find_splitter(lines, kinds)
    if splitter is None:
        return _without_trailing_quote(lines, kinds)
    if splitter.start <= first and not splitter.quotes_by_mark:
        # Nothing was written above a pasted or forwarded mail: that mail is what there is to read.
        inner, _ = _without_quotes_below(lines, kinds, splitter.end)
        return inner, True
    above = lines[: splitter.start]
    if not splitter.quotes_by_mark:
        return _without_rules(above), True
    below, interleaved = _answers(lines, kinds, splitter.end)
    if interleaved:
        return _without_trailing_quote(lines, kinds)[0], True
    return [*_without_rules(above), *([Line("")] if below else []), *below], True


def _without_quotes_below(lines: list[Line], kinds: list[_Kind], start: int) -> tuple[list[Line], bool]:
    rest, rest_kinds = lines[start:], kinds[start:]
    splitter = _find_splitter(rest, rest_kinds)
    return (rest[: splitter.start], True) if splitter and splitter.start > _first_text(rest_kinds) else (rest, False)


def _kind(line: Line) -> _Kind:
    text = line.probe.strip()
    if not text:
        return _Kind.TEXT if line.text.strip() else _Kind.EMPTY
    if _BROKEN_OPENING.match(text):
        return _Kind.TEXT
    if (
        line.mark is Mark.QUOTE
        or (text[0] == ">" and not text.startswith(">From "))
        or text.startswith(("&gt;", "| >"))
    ):
        return _Kind.QUOTED
    return _Kind.TEXT


def _first_text(kinds: list[_Kind]) -> int:
    return next((index for index, kind in enumerate(kinds) if kind is not _Kind.EMPTY), len(kinds))


def _find_splitter(lines: list[Line], kinds: list[_Kind]) -> _Splitter | None:
    for index, line in enumerate(lines):
        if kinds[index] is _Kind.EMPTY:
            continue
        if line.mark is Mark.QUOTE:
            return _marked(lines, index)
        if kinds[index] is _Kind.TEXT and (splitter := _splitter_at(lines, kinds, index)):
            return splitter
    return None


def _marked(lines: list[Line], index: int) -> _Splitter:
    """HTML said that it is quoted. An opening line is often all that is marked, the quote itself being a blockquote."""
    end = index
    while end < len(lines) and lines[end].mark is Mark.QUOTE and not lines[end].text.startswith(">"):
        end += 1
    return _Splitter(index, end, quotes_by_mark=True)


def _splitter_at(lines: list[Line], kinds: list[_Kind], index: int) -> _Splitter | None:
    text = lines[index].probe
    if words.ORIGINAL_MESSAGE.match(text) or words.FORWARD_OPENING.match(text) or words.REPLY_ABOVE.search(text):
        return _Splitter(index, _after_headers(lines, index + 1), quotes_by_mark=False)
    if end := _header_block(lines, index):
        return _Splitter(index, end, quotes_by_mark=_next_is_quoted(kinds, end))
    if end := _opening(lines, kinds, index):
        return _Splitter(index, end, quotes_by_mark=_next_is_quoted(kinds, end))
    if _is_sent_from(text) and _text_follows(kinds, index + 1) and _Kind.QUOTED not in kinds[index + 1 : index + 4]:
        return _Splitter(index, index + 1, quotes_by_mark=False)
    return None


def _next_is_quoted(kinds: list[_Kind], start: int) -> bool:
    following = next((index for index in range(start, len(kinds)) if kinds[index] is not _Kind.EMPTY), None)
    return following is not None and kinds[following] is _Kind.QUOTED


def _text_follows(kinds: list[_Kind], start: int) -> bool:
    return any(kinds[index] is _Kind.TEXT for index in range(start, len(kinds)))


# "On ... wrote:" over one to four lines


def _opening(lines: list[Line], kinds: list[_Kind], index: int) -> int:
    """Line after an opening that begins at `index`, or 0."""
    text = lines[index].probe.strip().strip("-*_ ")
    if not text or len(text) > _MAX_OPENING:
        return 0
    if _is_opening(text):
        return index + 1
    if not (
        words.OPENING.match(text) or words.TIME.search(text) or words.DATE.search(text) or words.EMAIL.search(text)
    ):
        return 0
    if text.endswith((".", "!", "?", ":")) and not words.EMAIL.search(text) and not words.OPENING.match(text):
        return 0
    for end in range(index + 1, min(index + _CONTINUES, len(lines))):
        if kinds[end] is not _Kind.TEXT:
            return 0
        text = f"{text} {lines[end].probe.strip()}"
        if len(text) > _MAX_OPENING:
            return 0
        if _is_opening(text) and _spans_lines(lines[index].probe, lines[end].probe):
            return end + 1
    return 0


def _spans_lines(first: str, last: str) -> bool:
    """The last of several lines is the end of the opening and not one by itself."""
    starts = words.OPENING.match(first) or words.DATE.search(first) or words.TIME.search(first)
    return bool(starts) and not (words.OPENING.match(last) and words.DATE.search(last) and _is_opening(last.strip()))


def _is_opening(text: str) -> bool:
    if len(text) > _MAX_OPENING or ("http" in text and "mailto:" not in text and not words.EMAIL.search(text)):
        return False
    has_time, has_email = words.TIME.search(text) is not None, "@" in text
    has_date = words.DATE.search(text) is not None
    if words.WROTE_AT_END.search(text):
        return has_email or has_time or has_date
    if text.endswith((":", "：")):
        if words.WROTE.search(text):
            return has_email or (has_date and has_time)
        return (has_time or has_date) and words.ADDRESS_AT_END.search(text) is not None
    return False


# "Da: / Inviato: / A: / Oggetto:"


def _header_block(lines: list[Line], index: int) -> int:
    """Line after a block of at least three different header fields that begins at `index` (two below a rule), or 0."""
    kind = _field_kind(lines[index].probe)
    if kind not in ("from", "date", "subject", "to"):
        return 0
    kinds, end = _fields(lines, index)
    needed = 2 if index and words.RULE.match(lines[index - 1].probe) else 3
    if len(kinds - {"other"}) >= needed and kinds & {"from", "date"}:
        return end
    return 0


def _fields(lines: list[Line], index: int) -> tuple[set[str], int]:
    kinds: set[str] = set()
    end, since = index, 0
    for position in range(index, min(index + 24, len(lines))):
        text = lines[position].probe
        kind = _field_kind(text)
        if kind and not (kind in kinds and kind == "from"):
            kinds.add(kind)
            kinds.update(_more_fields(text))
            end, since = position + 1, 0
        elif not text.strip():
            since += 1
        elif "subject" in kinds or since:
            break
        else:
            since += 2
        if since > 3:
            break
    return kinds, end


def _more_fields(text: str) -> set[str]:
    """Some phones run two fields together: `À : a@example.fr Objet : Abc`."""
    found = re.findall(r"\s([^\W\d_]{1,15})\s?[:：]\s", text[:300])
    return {words.FIELD_KINDS[word.lower()] for word in found if word.lower() in words.FIELD_KINDS}


def _field_kind(text: str) -> str:
    if ":" not in text[:60] and "：" not in text[:60]:
        return ""
    match = words.FIELD.match(text[:300])
    return words.FIELD_KINDS.get(" ".join(match.group(1).lower().split()), "") if match else ""


def _after_headers(lines: list[Line], start: int) -> int:
    while start < len(lines) and not lines[start].text.strip():
        start += 1
    kinds, end = _fields(lines, start) if start < len(lines) else (set(), start)
    return end if kinds else start


# answers below and between


def _answers(lines: list[Line], kinds: list[_Kind], start: int) -> tuple[list[Line], bool]:
    """What was written under a quote marked with `>`, and whether there are answers between quotes."""
    last = max((index for index in range(start, len(kinds)) if kinds[index] is _Kind.QUOTED), default=start - 1)
    between = any(_is_answer(lines, kinds, index) for index in range(start, last))
    below = lines[last + 1 :]
    return _trimmed(below), between


def _is_answer(lines: list[Line], kinds: list[_Kind], index: int) -> bool:
    """Text between quoted lines, unless it is the broken end of a long quoted line or a long link."""
    if kinds[index] is not _Kind.TEXT:
        return False
    text = lines[index].text.strip()
    if text.startswith(("http", "<http")) and " " not in text:
        return False
    before = next((i for i in range(index - 1, max(index - 3, -1), -1) if kinds[i] is not _Kind.TEXT), None)
    return before is None or kinds[before] is not _Kind.QUOTED or len(lines[before].text) < 55


def _without_trailing_quote(lines: list[Line], kinds: list[_Kind]) -> tuple[list[Line], bool]:
    """A quote at the very end goes, if it is long or says whose it is; one without text above is what there is to read."""
    last = max((index for index, kind in enumerate(kinds) if kind is not _Kind.EMPTY), default=-1)
    end = last + 1
    footer = next((index for index in range(end - 1, -1, -1) if kinds[index] is _Kind.QUOTED), -1)
    if footer >= 0 and footer < last and _is_footer(lines[footer + 1 : end]):
        end = footer + 1
    start = end
    while start and kinds[start - 1] is not _Kind.TEXT:
        start -= 1
    quoted = [line.text for line, kind in zip(lines[start:end], kinds[start:end], strict=True) if kind is _Kind.QUOTED]
    if not start or not quoted:
        return lines, False
    if len(quoted) < 3 and not any(_is_opening(text.strip("> ").strip()) for text in quoted):
        return lines, False
    return lines[:start], True


def _is_footer(lines: list[Line]) -> bool:
    first = next((line.probe for line in lines if line.text.strip()), "")
    return bool(words.UNDERSCORES.match(first) or words.SIGNATURE_DELIMITER.match(first))


# --- signature ------------------------------------------------------------------------------------------------------------------


def _without_signature(lines: list[Line]) -> list[Line]:
    """Cut at the first line that opens a signature, if words are left above it."""
    left = sum(1 for line in lines if line.text.strip())
    has_words = False
    for index, line in enumerate(lines):
        if not line.text.strip():
            continue
        left -= 1
        if has_words and _opens_signature(line, left) and not _asks(lines, index + 1, line):
            return lines[:index]
        has_words = has_words or _WORD_CHARACTER.search(line.probe) is not None
    return lines


def _opens_signature(line: Line, left: int) -> bool:
    """`left` is the number of lines with text below it: a real signature is short."""
    text = line.probe
    if line.mark is Mark.SIGNATURE or words.SIGNATURE_DELIMITER.match(text):
        return True
    if words.UNDERSCORES.match(text):
        return left <= 20
    if left <= 12 and (words.CLOSING.match(text) or words.SLASH_NAME.match(text)):
        return True
    return (left <= 30 and words.DISCLAIMER.match(text) is not None) or _is_sent_from(text)


def _asks(lines: list[Line], start: int, opener: Line) -> bool:
    """A question under "Saluti" is no signature."""
    return words.CLOSING.match(opener.probe) is not None and any(
        line.probe.rstrip().endswith("?") for line in lines[start : start + 30]
    )


def _is_sent_from(text: str) -> bool:
    """ "Sent from my phone", but not "Sent from my desk, is much easier." """
    text = text.strip()
    if len(text) > 120 or not words.SENT_FROM.match(text):
        return False
    bare = re.sub(r"[<(\[]?(?:https?://|mailto:)\S+|[*_]", "", text).strip()
    return (
        len(bare.split()) <= 9
        and not bare.endswith(("!", "?", ":", ";"))
        and ", " not in bare
        and not bare.rstrip(".").count(". ")
    )


# --- edges ----------------------------------------------------------------------------------------------------------------------


def _trimmed(lines: list[Line]) -> list[Line]:
    start, end = 0, len(lines)
    while start < end and not lines[start].text.strip():
        start += 1
    while end > start and not lines[end - 1].text.strip():
        end -= 1
    return lines[start:end]


def _without_rules(lines: list[Line]) -> list[Line]:
    """Lines of dashes and blanks right above a quote belong to it."""
    end = len(lines)
    while end and (
        not lines[end - 1].text.strip()
        or words.RULE.match(lines[end - 1].probe)
        or words.BARE_ORIGINAL.match(lines[end - 1].probe)
    ):
        end -= 1
    return lines[:end]
