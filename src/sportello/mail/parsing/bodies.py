"""Which parts are the letter and which are enclosed; the letter as text and as HTML."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from sportello.mail.parsing import charset
from sportello.mail.parsing.patterns import words
from sportello.mail.parsing.structure import Part, Walk
from sportello.mail.parsing.transfer import inline_uuencoded

_TEXTS = ("text/plain", "text/html", "text/enriched", "text/richtext")
_FOR_PROGRAMS = frozenset(
    words(
        """
        text/calendar text/vcard text/x-vcard text/directory text/csv text/tab-separated-values text/css text/javascript text/ecmascript
        text/xml text/rtf text/rfc822-headers text/x-amp-html text/watch-html
        """
    )
)
_SILENT = frozenset({"text/x-amp-html", "text/watch-html"})


@dataclass(slots=True)
class Block:
    """One piece of the letter, in up to two forms of the same."""

    plain: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Letter:
    blocks: list[Block] = field(default_factory=list)
    enclosed: list[Part] = field(default_factory=list)
    pasted: list[tuple[bytes, bytes]] = field(default_factory=list)
    """(name, content) of files found uuencoded inside a text."""

    @property
    def has_html(self) -> bool:
        return any(block.html for block in self.blocks)

    @property
    def has_text(self) -> bool:
        return any((block.plain or block.html or "").strip() for block in self.blocks)

    def as_plain(self) -> str:
        """All blocks in plain text; nothing when one of them has only HTML."""
        if any(block.plain is None for block in self.blocks):
            return ""
        return "\n\n".join(block.plain for block in self.blocks if block.plain and block.plain.strip())

    def as_html(self) -> str:
        """All blocks as one document; those in plain text between others go in as they stand."""
        return "\n".join(block.html or _preformatted(block.plain) for block in self.blocks)


def _preformatted(plain: str | None) -> str:
    return f"<pre>{escape(plain.strip())}</pre>" if plain and plain.strip() else ""


def sort_out(root: Part, walk: Walk) -> Letter:
    letter = Letter()
    _visit(root, letter, walk, is_root=True)
    if not letter.blocks:
        _show_first_text(letter, walk)
    return letter


def _show_first_text(letter: Letter, walk: Walk) -> None:
    """A text sent inline under a file name, or of a kind unknown here (RFC 2046, 4.1.4), is a file, and the letter too when there is no other."""
    named = next((part for part in letter.enclosed if _is_readable(part) and part.disposition != "attachment"), None)
    if named:
        _add_text(named, letter, walk)


def _is_readable(part: Part) -> bool:
    return part.main_type == "text" and part.content_type not in _FOR_PROGRAMS


def _visit(part: Part, letter: Letter, walk: Walk, *, is_root: bool = False) -> None:
    if part.content_type == "multipart/alternative" and part.children:
        _visit_alternative(part, letter, walk)
    elif part.children:
        for child in part.children:
            _visit(child, letter, walk)
    elif _is_letter(part, is_root=is_root):
        _add_text(part, letter, walk)
    elif part.content_type not in _SILENT:
        letter.enclosed.append(part)


def _visit_alternative(part: Part, letter: Letter, walk: Walk) -> None:
    """The first form with plain text and the last one with HTML are two forms of one block, each whole; anything else in there is enclosed."""
    plain = html = None
    for child in part.children:
        form = Letter()
        _visit(child, form, walk)
        letter.enclosed.extend(form.enclosed)
        letter.pasted.extend(form.pasted)
        plain = plain or form.as_plain()
        html = (form.has_html and form.as_html()) or html
    if plain or html:
        letter.blocks.append(Block(plain or None, html))


def _is_letter(part: Part, *, is_root: bool) -> bool:
    if part.content_type not in _TEXTS or (part.disposition == "attachment" and (part.filename or not is_root)):
        return False
    return is_root or not part.filename


def _add_text(part: Part, letter: Letter, walk: Walk) -> None:
    content, intact = part.content()
    if not intact:
        walk.note("transfer-encoding")
    if b"begin " in content and part.content_type == "text/plain":
        content, pasted = inline_uuencoded(content, walk.limits.attachments)
        letter.pasted.extend(pasted)
    most = walk.limits.html_bytes if part.content_type == "text/html" else 4 * walk.limits.text_chars
    if len(content) > most:
        walk.note("text-cut")
        content = content[:most]
    text, sure = charset.decode(content, _charset_of(part, content))
    if not sure:
        walk.note("charset")
    if part.content_type == "text/html":
        letter.blocks.append(Block(html=text))
    else:
        letter.blocks.append(Block(plain=_reflow(text, part)))


def _charset_of(part: Part, content: bytes) -> str:
    """As declared for the part; where that says nothing, as the HTML itself says."""
    if part.content_type != "text/html" or charset.known(part.charset):
        return part.charset
    return charset.named_in_html(content)


def _reflow(text: str, part: Part) -> str:
    """format=flowed (RFC 3676): lines that end in a space go on; DelSp takes that space off."""
    if part.params.get("format", "").lower() != "flowed":
        return text
    delete_space = part.params.get("delsp", "").lower() == "yes"
    out: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content.removeprefix(" ")
        flows = content.endswith(" ") and content != "-- "
        piece = content[:-1] if flows and delete_space else content
        if open_depth == depth and out:
            out[-1].append(piece)
        else:
            out.append([">" * depth + " " if depth else "", piece])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in out)


def text_of(part: Part, limit: int) -> str:
    """Any part's content as text, for reports."""
    return charset.decode(part.content()[0][:limit], part.charset)[0]
