"""An HTML body as the lines a reader sees, blockquotes as `>` lines."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

from sportello.mail.parsing import html_marks as marks
from sportello.mail.parsing.lines import Line, Mark, visible
from sportello.mail.parsing.patterns import words

_WHITE = re.compile(r"[ \t\n\r\f\u00a0]+")
_SPACES = re.compile(" {2,}")
_MAX_BLANKS = 2
_MAX_LINES = 50_000
_EMOJI_ALT = 4
_SCHEME = re.compile(r"^https?://(?:www\.)?|^www\.", re.IGNORECASE)
_LONGEST_ADDRESS = 150
_LINK_PIECES = 20
_HIDDEN = words("script style head title template iframe select textarea")
_DRAWN = words("svg math")
_PARAGRAPHS = words("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure")
_BLOCKS = _PARAGRAPHS | words(
    "div section article header footer main aside address center li dt dd tr hr form fieldset body caption"
)


def of_html(root: etree._Element) -> list[Line]:
    """At most 50,000 of them."""
    writer = _Writer()
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if len(writer.lines) > _MAX_LINES:
            break
        if skipping is not None:
            if event == "end" and element is skipping:
                skipping = None
                writer.text(element.tail)
        elif event == "end":
            _end(element, writer)
            writer.text(element.tail)
        elif _is_hidden(element):
            skipping = element
        else:
            _start(element, writer)
    writer.end_line()
    return writer.lines


class _Writer:
    """Collects lines while the tree is walked; the counters say how many such elements are open."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.quotes = 0
        self.citations = 0
        self.blockquotes = 0
        self.signatures = 0
        self.pre = 0
        self.rest_is_quote = False
        self.lists: list[int] = []
        """Last number of each open list; -1 for one of bullets."""
        self._buffer: list[str] = []
        self._spaced = False
        self._blank_at: int | None = None
        """How deep in blockquotes the blank line stands that is wanted before the next text."""

    def want_blank(self) -> None:
        self._blank_at = self.blockquotes if self._blank_at is None else min(self._blank_at, self.blockquotes)

    def text(self, text: str | None) -> None:
        if not text:
            return
        self._spaced = self._spaced or "\u00a0" in text
        if not self.pre:
            self._buffer.append(_WHITE.sub(" ", text))
            return
        first, *others = text.split("\n")
        self._buffer.append(first)
        for line in others:
            self.end_line(force=True)
            self._buffer.append(line)

    def has_text(self) -> bool:
        return any(piece.strip() for piece in self._buffer)

    def end_line(self, *, force: bool = False) -> None:
        """`force` makes a blank line of nothing, as does a lone no-break space, which is how Outlook writes one."""
        text = "".join(self._buffer)
        text = visible(text.rstrip() if self.pre else _SPACES.sub(" ", text).strip())
        force, self._spaced = force or self._spaced, False
        self._buffer.clear()
        if not text and not force:
            return
        if self._blank_at is not None and self.lines and not self._blanks():
            self._add("", self._blank_at)
        self._blank_at = None
        if text or self._blanks() < _MAX_BLANKS:
            self._add(text, self.blockquotes)

    def _blanks(self) -> int:
        """How many of the last lines are blank."""
        return sum(not line.text.strip("> ") for line in self.lines[-_MAX_BLANKS:]) if self._last_is_blank() else 0

    def _last_is_blank(self) -> bool:
        return bool(self.lines) and not self.lines[-1].text.strip("> ")

    def _add(self, text: str, depth: int) -> None:
        prefix = ">" * depth
        self.lines.append(Line(f"{prefix} {text}".rstrip() if prefix else text, self._mark()))

    def _mark(self) -> Mark:
        if self.quotes or self.rest_is_quote:
            return Mark.QUOTE
        if self.citations:
            return Mark.CITED
        return Mark.SIGNATURE if self.signatures else Mark.NONE


def _is_hidden(element: etree._Element) -> bool:
    return (
        element.tag in _HIDDEN or marks.is_invisible(element) or (element.tag in _DRAWN and not _is_left_open(element))
    )


def _is_left_open(drawing: etree._Element) -> bool:
    """A browser ends a drawing or formula where a paragraph begins (HTML, 13.2.6.5); libxml2 goes on to its end tag, which may never come."""
    return next(drawing.iter(*_BLOCKS), None) is not None


def _start(element: etree._Element, writer: _Writer) -> None:
    _edge(element, writer)
    writer.rest_is_quote = writer.rest_is_quote or marks.begins_rest(element)
    _count(element, writer, 1)
    tag = element.tag
    if tag == "br":
        writer.end_line(force=True)
    elif tag in {"ul", "ol"}:
        writer.lists.append(0 if tag == "ol" else -1)
    else:
        writer.text(_lead(element, writer))
    writer.text(element.text)


def _end(element: etree._Element, writer: _Writer) -> None:
    if element.tag == "a":
        writer.text(_address_behind(element))
    _edge(element, writer)
    _count(element, writer, -1)
    if element.tag in {"ul", "ol"} and writer.lists:
        writer.lists.pop()


def _edge(element: etree._Element, writer: _Writer) -> None:
    """Where a block begins or ends, so does a line; paragraphs stand apart, but for Outlook's, which have no margin."""
    if element.tag in _BLOCKS or marks.is_quote(element) or marks.is_signature(element):
        writer.end_line()
    if element.tag in _PARAGRAPHS and "MsoNormal" not in element.get("class", ""):
        writer.want_blank()


def _count(element: etree._Element, writer: _Writer, step: int) -> None:
    writer.quotes += step * marks.is_quote(element)
    writer.signatures += step * marks.is_signature(element)
    writer.blockquotes += step * marks.is_blockquote(element)
    writer.citations += step * marks.is_cited(element)
    writer.pre += step * marks.is_preformatted(element)


def _lead(element: etree._Element, writer: _Writer) -> str:
    """What is shown before the text of an element: a bullet, a gap between cells, an emoji sent as an image."""
    if element.tag == "li":
        return _bullet(writer)
    if element.tag in {"td", "th"}:
        return " " if writer.has_text() else ""
    if element.tag == "img":
        return element.get("alt", "") if len(element.get("alt", "")) <= _EMOJI_ALT else ""
    return ""


def _address_behind(link: etree._Element) -> str:
    """Where a link leads whose words do not say it, as mail programs write it into plain text; nothing for endless ones that only count clicks."""
    address = link.get("href", "").strip()
    bare = _SCHEME.sub("", address).rstrip("/")
    said = "".join(map(str, islice(link.itertext(), _LINK_PIECES))).strip()
    if bare == address or not said or len(address) > _LONGEST_ADDRESS or not address.isprintable() or " " in address:
        return ""
    return "" if _SCHEME.sub("", said).rstrip("/").lower() in bare.lower() and "." in said else f" <{address}>"


def _bullet(writer: _Writer) -> str:
    if not writer.lists or writer.lists[-1] < 0:
        return "- "
    writer.lists[-1] += 1
    return f"{writer.lists[-1]}. "
