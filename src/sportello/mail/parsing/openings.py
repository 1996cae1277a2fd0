"""Where the older mail begins: "X wrote:", a block of header lines, "Original message"; and a phone's greeting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.lines import Line, Mark

_MAX_LENGTH = 400
_MAX_LINES = 4
_MAX_FIELDS = 24
_LONGEST_VERB = 60
_AROUND = "-*_ \u200e\u200f\u202a\u202b\u202c"
"""Rules, emphasis, and the marks by which Hebrew and Latin stand in one line."""
_OF_A_LOG = re.compile(r"[=\[\]{}]")
_FIELD_WORD = re.compile(r"\s([^\W\d_]{1,15})\s?[:：]\s")


class Kind(Enum):
    EMPTY = 0
    TEXT = 1
    QUOTED = 2


@dataclass(frozen=True, slots=True)
class Opening:
    start: int
    end: int
    """First line after it."""
    answers_follow: bool
    """Under "X wrote:" and `>` lines there may be answers; under a block of header lines there is only the older mail."""


def kind_of(line: Line) -> Kind:
    text = line.probe.strip()
    if not text:
        return Kind.TEXT if line.text.strip() else Kind.EMPTY
    if words.BROKEN_WROTE.match(text):
        return Kind.TEXT
    if (
        line.mark is Mark.QUOTE
        or (text[0] == ">" and not text.startswith(">From "))
        or text.startswith(("&gt;", "| >"))
    ):
        return Kind.QUOTED
    return Kind.TEXT


def find(lines: list[Line], kinds: list[Kind]) -> Opening | None:
    """The first one."""
    for index, line in enumerate(lines):
        if line.mark is Mark.QUOTE and kinds[index] is not Kind.EMPTY and (opening := _marked(lines, index)):
            return opening
        if kinds[index] is Kind.TEXT and (opening := _at(lines, kinds, index)):
            return opening
    return None


def _marked(lines: list[Line], index: int) -> Opening | None:
    """HTML said that it is quoted. An opening line is often all that is marked, the quote itself being a blockquote.

    One that names neither a time nor an address is no opening: its writer has typed over it.
    """
    if lines[index].text.startswith(">"):
        return Opening(index, index, answers_follow=True)
    end = index
    while end < len(lines) and lines[end].mark is Mark.QUOTE and not lines[end].text.startswith(">"):
        end += 1
    says_whose = any(
        "@" in line.text or _has_time(line.probe) or _has_date(line.probe) for line in lines[index : index + _MAX_LINES]
    )
    passes_on = any(words.is_forwarded_message(line.probe) for line in lines[index:end])
    return Opening(index, end, answers_follow=not passes_on) if says_whose or end - index > 1 else None


def _at(lines: list[Line], kinds: list[Kind], index: int) -> Opening | None:
    text = lines[index].probe
    if words.is_original_message(text) or words.FORWARD_OPENING.match(text) or words.says_reply_above(text):
        end = _after_fields(lines, index + 1)
        passes_on = (
            words.FORWARD_OPENING.match(text) or words.is_forwarded_message(text) or words.says_reply_above(text)
        )
        return Opening(index, end, answers_follow=not passes_on and _quoted_next(kinds, end))
    if end := _header_block(lines, index) or _sentence(lines, kinds, index):
        return Opening(index, end, answers_follow=_quoted_next(kinds, end))
    return None


def _quoted_next(kinds: list[Kind], start: int) -> bool:
    following = next((index for index in range(start, len(kinds)) if kinds[index] is not Kind.EMPTY), None)
    return following is not None and kinds[following] is Kind.QUOTED


# --- "On ... wrote:", over one to four lines ------------------------------------------------------------------------


def is_sentence(text: str) -> bool:
    """Whether `text`, on one line, says who wrote what follows and when, or from which address."""
    if len(text) > _MAX_LENGTH:
        return False
    if words.WROTE_AT_END.search(text[-_LONGEST_VERB:]):
        return "@" in text or _has_time(text) or _has_date(text)
    if not text.endswith((":", "：")):
        return False
    if words.WROTE.search(text):
        return "@" in text or (_has_date(text) and _has_time(text))
    if "@" not in text or _OF_A_LOG.search(text) or not words.ADDRESS_AT_END.search(text):
        return False
    return _has_time(text) or _has_date(text)


def _is_no_log(text: str) -> bool:
    """A log has its lines after a time, an address and a colon, too, but says nothing of writing and has no brackets around the address."""
    return words.WROTE.search(text) is not None or text.rstrip(" :：").endswith(">")


def _has_time(text: str) -> bool:
    return words.TIME.search(text) is not None


def _has_date(text: str) -> bool:
    return words.DATE.search(text) is not None


def _sentence(lines: list[Line], kinds: list[Kind], index: int) -> int:
    """Line after a sentence that begins at `index`, or 0."""
    line = lines[index].probe.strip()
    text = line.strip(_AROUND)
    if not text:
        return 0
    if (
        line.startswith("---") and line.endswith("---") and words.WROTE_AT_END.search(text)
    ):  # ---- Anna Greco wrote ----
        return index + 1
    over_quote = Kind.QUOTED in kinds[index + 1 : index + 3]
    if is_sentence(text) and (over_quote or _is_no_log(text)):
        return index + 1
    longer = _long_sentence(text, lines, kinds, index) if _may_go_on(text) else 0
    ends_with_colon = longer > 0 and lines[longer - 1].text.rstrip().endswith((":", "："))
    return index + 1 if over_quote and _introduces(text) and not ends_with_colon else longer


def _long_sentence(text: str, lines: list[Line], kinds: list[Kind], index: int) -> int:
    if not (words.OPENING.match(text) or _has_date(text) or _has_time(text)):
        return 0
    for end in range(index + 1, min(index + _MAX_LINES, len(lines))):
        if kinds[end] is not Kind.TEXT:
            return 0
        last = lines[end].probe.strip(_AROUND)
        text = f"{text} {last}"
        if is_sentence(text) or (Kind.QUOTED in kinds[end + 1 : end + 3] and _introduces(text)):
            return 0 if _is_whole(last) else end + 1
    return 0


def _may_go_on(text: str) -> bool:
    """Only "On ..." and what names a time or an address can be the first line of a longer opening; a finished sentence cannot."""
    if text.endswith((".", "!", "?", ":", ";")) and len(text.rsplit(maxsplit=1)[-1]) > 5:
        return False
    return words.OPENING.match(text) is not None or "@" in text or _has_time(text) or _has_date(text)


def _is_whole(last: str) -> bool:
    """The last line is an opening by itself, so that the lines above it are text."""
    return words.OPENING.match(last) is not None and _has_date(last) and is_sentence(last)


def _introduces(text: str) -> bool:
    """What says only over quoted lines that somebody wrote them, in whatever language: an address, a date and a time before a colon.

    And `2026/3/12 Anna Greco <anna@example.it>`, `Quoting anna@example.it:`, "Am 12.03.26 um 10:11 schrieb Anna" without a colon.
    """
    when = words.DATE.search(text)
    if when is None or words.QUOTING.match(text):
        return words.QUOTING.match(text) is not None
    if when.start() < 20 and words.ADDRESS_AT_END.search(text):
        return True
    if not _has_time(text):
        return False
    return ("@" in text and text.endswith(":")) or (
        words.OPENING.match(text) is not None and words.WROTE.search(text) is not None
    )


# --- header lines: "Da: ...", "Inviato: ...", "A: ...", "Oggetto: ..." ----------------------------------------------


def field_kind(text: str) -> str:
    """`from`, `date`, `to`, `subject`, `cc`, `other`, or nothing for a line that is no header field."""
    if ":" not in text[:60] and "：" not in text[:60]:
        return ""
    match = words.FIELD.match(text[:300])
    return words.FIELD_KINDS.get(" ".join(match.group(1).lower().split()), "") if match else ""


def _header_block(lines: list[Line], index: int) -> int:
    """Line after a block of at least three different fields that begins at `index`, or 0.

    Two are enough below a rule, or when they say from which address and when.
    """
    if field_kind(lines[index].probe) not in {"from", "date", "subject", "to"}:
        return _bare_block(lines, index)
    found, end = _fields(lines, index)
    kinds = found - {"other"}
    if _shows_headers(lines[max(0, index - _MAX_LINES) : end + 1]) or _is_span(lines[index].probe):
        return 0
    if len(kinds) >= 3 and kinds & {"from", "date"}:
        return end if len(kinds) > 3 or _address_or_date(lines[index:end]) else 0
    if len(kinds) == 2 and "from" in kinds and index and words.RULE.match(lines[index - 1].probe):
        return end
    pair = " ".join(line.probe for line in lines[index : index + 2])
    return end if kinds == {"from", "date"} and "@" in pair and words.TIME.search(pair) else 0


def _shows_headers(block: list[Line]) -> bool:
    """A whole header, shown by somebody who asks about it."""
    return any(words.RAW_HEADER.match(line.probe) for line in block)


def _is_span(text: str) -> bool:
    """`Da: 13/03/2026`: from then, not from them."""
    match = words.FIELD.match(text[:300])
    return match is not None and field_kind(text) == "from" and not re.search(r"[^\W\d_]", match.group(2))


def _bare_block(lines: list[Line], index: int) -> int:
    """The same on lines next to one another without colons, as Aruba's webmail writes it: from which address, to whom, when, about what."""
    found: dict[str, str] = {}
    for line in lines[index : index + _MAX_LINES + 1]:
        word, _, value = line.probe.strip(" \t>*_|").partition(" ")
        kind = words.FIELD_KINDS.get(word.strip("*_").lower(), "")
        if not kind or kind in found or (not found and (kind != "from" or "@" not in value)):
            break
        found[kind] = value
    return index + len(found) if "subject" in found and _has_time(found.get("date", "")) else 0


def _address_or_date(block: list[Line]) -> bool:
    """Not so for somebody's "Da: piano base, A: piano pro"."""
    text = " ".join(line.probe for line in block)
    return "@" in text or words.TIME.search(text) is not None or words.DATE.search(text) is not None


def _fields(lines: list[Line], index: int) -> tuple[set[str], int]:
    """Kinds of the fields from `index` on, and the line after the last one. Up to three odd or blank lines may stand between two."""
    kinds: set[str] = set()
    end, since = index, 0
    for position in range(index, min(index + _MAX_FIELDS, len(lines))):
        text = lines[position].probe
        kind = field_kind(text)
        if kind and not (kind == "from" and kind in kinds):
            kinds |= {kind} | _fields_inside(text)
            end, since = position + 1, 0
            continue
        if end == position and kinds and _goes_on(text):
            end = position + 1
            continue
        if text.strip() and ("subject" in kinds or since):
            break
        since += 2 if text.strip() else 1
        if since > 3:
            break
    return kinds, end


def _goes_on(text: str) -> bool:
    """An address that did not fit on the line of its field."""
    return text.lstrip(" >").startswith("<") and words.ADDRESS_AT_END.search(text) is not None


def _fields_inside(text: str) -> set[str]:
    """Some phones run two fields together: `À : a@example.fr Objet : Abc`."""
    found = (word.lower() for word in _FIELD_WORD.findall(text[:300]))
    return {words.FIELD_KINDS[word] for word in found if word in words.FIELD_KINDS}


def _after_fields(lines: list[Line], start: int) -> int:
    while start < len(lines) and not lines[start].text.strip():
        start += 1
    if start == len(lines):
        return start
    kinds, end = _fields(lines, start)
    return end if kinds else start


# --- "Sent from my phone" -------------------------------------------------------------------------------------------


def is_sent_from(text: str) -> bool:
    """True for "Sent from my phone", False for "Sent from my desk, is much easier"."""
    text = text.strip()
    if len(text) > 120 or not words.SENT_FROM.match(text):
        return False
    bare = re.sub(r"[<(\[]?(?:https?://|mailto:)\S+|[*_]", "", text).strip()
    return (
        len(bare.split()) <= 10
        and not bare.endswith(("!", "?", ":", ";"))
        and ", " not in bare
        and ". " not in bare.rstrip(".")
    )
