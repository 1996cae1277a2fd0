"""The new part of a mail, apart from what it quotes and from the signature: rules on lines, in linear time.

Nothing is lost by it: the whole text is kept beside, and the caller shows it when too little is left.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sportello.mail.parsing import armour, forward, openings, signature
from sportello.mail.parsing import quote_words as words
from sportello.mail.parsing.lines import Line, Mark, joined
from sportello.mail.parsing.openings import Kind, Opening

_MAX_LINES = 20_000
_FIRST_CHARS = 2_000
"""In which somebody says that the answers stand below, among what is quoted."""
_GREETING_LINES = 4
_LONG_QUOTE = 3
"""Lines from which on a quote without an opening is taken for one at the end of a mail; fewer may be a shell prompt."""
_WRAPPED_AT = 55
"""A quoted line at least that long, and with no end to its sentence, may have been broken, its rest standing below without a mark."""
_ENDS = (".", "!", ":", ";")


@dataclass(frozen=True, slots=True)
class Parties:
    """Who writes to one another: the addresses of a mail, and the domains it was sent to, from which our mails come. Without these, anybody."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()

    def include(self, address: str) -> bool:
        domain = address.rpartition("@")[2]
        return not self.domains or address in self.addresses or any(_is_akin(domain, each) for each in self.domains)


def _is_akin(domain: str, other: str) -> bool:
    return domain == other or domain.endswith(f".{other}") or other.endswith(f".{domain}")


ANYBODY = Parties()


@dataclass(frozen=True, slots=True)
class Reply:
    new: str
    """Quotes and signature off."""
    unquoted: str
    """Quotes off."""
    found: bool
    """Whether anything was recognised as a quote."""


def read(lines: list[Line], parties: Parties = ANYBODY) -> Reply:
    lines = _barred(armour.off(lines[:_MAX_LINES]))
    parts, found = _without_quotes(lines, parties)
    kept = _trimmed([line for part in parts for line in part])
    has_quotes = any(openings.kind_of(line) is Kind.QUOTED for line in kept)
    new = _trimmed(_without_signatures(parts))
    if found and not has_quotes and (words.ANSWERS_BELOW.search(joined(kept)[:_FIRST_CHARS]) or _only_greets(new)):
        whole = joined(_trimmed(lines))
        return Reply(whole, whole, found)
    return Reply(joined(new), joined(kept), found)


def _without_signatures(parts: list[list[Line]]) -> list[Line]:
    """Many programs put theirs above the quote, with the answers below it or inside."""
    out: list[Line] = []
    for part in parts:
        kept = signature.cut(part, below_words=signature.has_words(out))
        out = [*(out if kept and kept[0].text.strip() else _trimmed(out)), *kept]
    return out


def _only_greets(new: list[Line]) -> bool:
    """Whoever writes "Buongiorno," and no more has answered inside the quote, in a colour that a text has not."""
    return len(new) <= _GREETING_LINES and any(map(_is_greeting, new)) and all(map(_is_greeting_or_blank, new))


def _is_greeting(line: Line) -> bool:
    return words.GREETING.match(line.probe) is not None


def _is_greeting_or_blank(line: Line) -> bool:
    return not line.text.strip() or _is_greeting(line)


def _barred(lines: list[Line]) -> list[Line]:
    """With `>` for the `|` by which some programs quote, below a line that says who wrote; elsewhere a bar is a table's."""
    begin = next(
        (i for i in range(1, len(lines)) if _is_bar(lines[i]) and openings.is_sentence(_above(lines, i))), None
    )
    if begin is None:
        return lines
    barred = (replace(line, text=f">{line.text[1:]}") if _is_bar(line) else line for line in lines[begin:])
    return [*lines[:begin], *barred]


def _is_bar(line: Line) -> bool:
    return line.text.startswith("|") and not line.text[1:].rstrip().endswith("|")


def _above(lines: list[Line], index: int) -> str:
    """The last line with text above it, if there is one within two."""
    return next((line.probe.strip() for line in reversed(lines[max(0, index - 2) : index]) if line.text.strip()), "")


def _without_quotes(lines: list[Line], parties: Parties) -> tuple[list[list[Line]], bool]:
    """What stands above the quote, and what below it or inside with it. A third person's mail is no quote: it was passed on to be read."""
    kinds = [openings.kind_of(line) for line in lines]
    opening = openings.find(lines, kinds)
    if opening is None:
        rest, found = _without_last_quote(lines, kinds)
        return [rest], found
    author = forward.author(lines[opening.start : opening.end])
    if author and not parties.include(author):
        return [lines[: opening.start], [*lines[opening.start : opening.end], *_pasted(lines, kinds, opening)]], True
    if not opening.answers_follow:
        is_pasted = opening.start <= _first_text(kinds)
        return [_pasted(lines, kinds, opening) if is_pasted else _without_rules(lines[: opening.start])], True
    if _has_answers_between(lines, kinds, opening.end):
        rest, _ = _without_last_quote(lines, kinds)
        return [rest[: opening.start], rest[opening.start :]], True
    below = _trimmed(lines[_last_quoted(kinds, opening.end) + 1 :])
    return [_without_rules(lines[: opening.start]), [Line(""), *below] if below else []], True


def _pasted(lines: list[Line], kinds: list[Kind], opening: Opening) -> list[Line]:
    """Nothing was written above a pasted or forwarded mail: that mail, up to what it quotes itself, is what there is to read."""
    rest, rest_kinds = lines[opening.end :], kinds[opening.end :]
    older = openings.find(rest, rest_kinds)
    return rest[: older.start] if older and older.start > _first_text(rest_kinds) else rest


def _first_text(kinds: list[Kind]) -> int:
    return next((index for index, kind in enumerate(kinds) if kind is not Kind.EMPTY), len(kinds))


def _last_quoted(kinds: list[Kind], start: int) -> int:
    return max((index for index in range(start, len(kinds)) if kinds[index] is Kind.QUOTED), default=start - 1)


# --- answers between quotes -----------------------------------------------------------------------------------------


def _has_answers_between(lines: list[Line], kinds: list[Kind], start: int) -> bool:
    """Such a mail is shown in its order, quotes and all: the answers make no sense without."""
    first = next((index for index in range(start, len(kinds)) if kinds[index] is Kind.QUOTED), len(kinds))
    return any(_is_answer(lines, kinds, index) for index in range(first, _last_quoted(kinds, start)))


def _is_answer(lines: list[Line], kinds: list[Kind], index: int) -> bool:
    """Text, unless it says who wrote the next quote, is the broken end of a long quoted line, or a long link."""
    text = lines[index].probe.strip()
    if kinds[index] is not Kind.TEXT or openings.is_sentence(text):
        return False
    if text.startswith(("http", "<http")) and " " not in text:
        return False
    above = next((i for i in range(index - 1, max(index - 3, -1), -1) if kinds[i] is not Kind.TEXT), None)
    if above is None or kinds[above] is not Kind.QUOTED:
        return True
    quoted = lines[above].text.rstrip()
    return len(quoted) < _WRAPPED_AT or quoted.endswith("?") or (quoted.endswith(_ENDS) and not text[0].islower())


# --- a quote at the end ---------------------------------------------------------------------------------------------


def _without_last_quote(lines: list[Line], kinds: list[Kind]) -> tuple[list[Line], bool]:
    """A quote at the very end goes, with any footer below it, if it is long or says whose it is, and if there is text above it."""
    end = max((index + 1 for index, kind in enumerate(kinds) if kind is not Kind.EMPTY), default=0)
    last = _last_quoted(kinds, 0)
    if 0 <= last < end - 1 and _is_footer(lines[last + 1 : end]):
        end = last + 1
    start = end
    while start and kinds[start - 1] is not Kind.TEXT:
        start -= 1
    quoted = [line for line, kind in zip(lines[start:end], kinds[start:end], strict=True) if kind is Kind.QUOTED]
    return (lines[:start], True) if start and _is_quote(quoted) else (lines, False)


def _is_quote(quoted: list[Line]) -> bool:
    if len(quoted) >= _LONG_QUOTE:
        return True
    return any(
        line.mark in {Mark.QUOTE, Mark.CITED} or openings.is_sentence(line.probe.strip("> ").strip()) for line in quoted
    )


def _is_footer(lines: list[Line]) -> bool:
    first = next((line.probe for line in lines if line.text.strip()), "")
    return bool(words.UNDERSCORES.match(first) or words.SIGNATURE_DELIMITER.match(first))


# --- edges ----------------------------------------------------------------------------------------------------------


def _trimmed(lines: list[Line]) -> list[Line]:
    start, end = 0, len(lines)
    while start < end and not lines[start].text.strip():
        start += 1
    while end > start and not lines[end - 1].text.strip():
        end -= 1
    return lines[start:end]


def _without_rules(lines: list[Line]) -> list[Line]:
    """Blanks, rules and a bare "Original message" right above a quote belong to it."""
    end = len(lines)
    while end and (
        not lines[end - 1].text.strip()
        or words.RULE.match(lines[end - 1].probe)
        or words.is_bare_original(lines[end - 1].probe)
    ):
        end -= 1
    return lines[:end]
