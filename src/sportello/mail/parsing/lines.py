"""A body as lines, each knowing whether its HTML said that it is quoted or a signature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from lxml import etree

_WHITE = re.compile(r"[ \t\n\r\f\u00a0]+")
_MANY_BLANKS = 2


class Mark(Enum):
    NONE = 0
    QUOTE = 1
    SIGNATURE = 2
    CITED = 3
    """A blockquote that its writer's program made for quoting."""


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    mark: Mark = Mark.NONE

    @property
    def probe(self) -> str:
        """As much of it as a pattern may look at."""
        return self.text[:500]


def of_text(text: str) -> list[Line]:
    return [Line(line.rstrip()) for line in text.split("\n")]


def joined(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines).strip("\n")


# --- HTML -----------------------------------------------------------------------------------------------------------------------

_HIDDEN = frozenset(
    [
        "script",
        "style",
        "head",
        "title",
        "template",
        "noscript",
        "svg",
        "math",
        "object",
        "iframe",
        "select",
        "textarea",
    ]
)
_PARAGRAPHS = frozenset(
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "pre", "figure"]
)
_BLOCKS = _PARAGRAPHS | frozenset(
    [
        "div",
        "section",
        "article",
        "header",
        "footer",
        "main",
        "aside",
        "address",
        "center",
        "li",
        "dt",
        "dd",
        "tr",
        "hr",
        "form",
        "fieldset",
        "body",
        "caption",
    ]
)

# How each client marks what it quotes. Gmail, Apple Mail and Thunderbird need no entry: they use blockquote and an opening line.
_QUOTE_IDS = frozenset(
    {
        "divrplyfwdmsg",
        "appendonsend",
        "olk_src_body_section",
        "stopspelling",
        "mail-editor-reference-message-container",
        "reply-intro",
    }
)
_QUOTE_ID_PREFIXES = ("yahoo_quoted", "x_divrplyfwdmsg", "x_appendonsend", "yiv_quoted")
_QUOTE_CLASSES = frozenset(
    [
        "yahoo_quoted",
        "yahooquoted",
        "moz-cite-prefix",
        "gmail_attr",
        "zmail_extra",
        "zmail_extra_hr",
        "protonmail_quote",
        "tutanota_quote",
        "front-blockquote",
        "hmmessage_quote",
        "reply_quote",
        "ox-reply-header",
        "history_container",
    ]
)
# From here to the end of the document everything is the older mail.
_REST_IDS = frozenset({"divrplyfwdmsg", "appendonsend", "stopspelling", "mail-editor-reference-message-container"})
_SIGNATURE_CLASSES = frozenset(
    ["gmail_signature", "moz-signature", "protonmail_signature_block", "tutanota_signature", "yahoo-signature"]
)
_SIGNATURE_IDS = frozenset(
    {"signature", "applemailsignature", "ms-outlook-mobile-signature", "lblsignature", "composer_signature"}
)
_NOT_QUOTING = re.compile(
    r"border(?:-left)?\s*:\s*(?:none|0|medium none)|margin\s*:\s*0[a-z]*\s+0[a-z]*\s+0[a-z]*\s+40px", re.IGNORECASE
)
_INVISIBLE = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.IGNORECASE)


class _Writer:
    """Collects lines while the tree is walked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.buffer: list[str] = []
        self.blank_wanted = False
        self.blockquotes = 0
        self.quoting = 0
        self.citing = 0
        self.signing = 0
        self.rest_is_quote = False
        self.pre = 0
        self.counters: list[int] = []
        self.spaced = False

    def mark(self) -> Mark:
        if self.quoting or self.rest_is_quote:
            return Mark.QUOTE
        if self.citing:
            return Mark.CITED
        return Mark.SIGNATURE if self.signing else Mark.NONE

    def text(self, text: str | None) -> None:
        if not text:
            return
        self.spaced = self.spaced or "\u00a0" in text
        if not self.pre:
            self.buffer.append(_WHITE.sub(" ", text))
            return
        first, *others = text.split("\n")
        self.buffer.append(first)
        for line in others:
            self.end_line(force=True)
            self.buffer.append(line)

    def end_line(self, *, force: bool = False) -> None:
        text = "".join(self.buffer)
        text = text.rstrip() if self.pre else re.sub(" {2,}", " ", text).strip()
        self.buffer.clear()
        force, self.spaced = force or self.spaced, False  # a lone no-break space is how Outlook writes a blank line
        if not text and not force:
            return
        if self.blank_wanted and self.lines and self.lines[-1].text.strip("> "):
            self._add("")
        self.blank_wanted = False
        if text or sum(not line.text.strip("> ") for line in self.lines[-_MANY_BLANKS:]) < _MANY_BLANKS:
            self._add(text)

    def _add(self, text: str) -> None:
        prefix = ">" * self.blockquotes
        self.lines.append(Line(f"{prefix} {text}".rstrip() if prefix else text, self.mark()))


def of_html(root: etree._Element) -> list[Line]:
    """What a reader sees of the document, blockquotes as `>` lines."""
    writer = _Writer()
    skipping: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if skipping is not None:
            if event == "end" and element is skipping:
                skipping = None
                writer.text(element.tail)
        elif event == "start":
            if _is_hidden(element):
                skipping = element
            else:
                _start(element, writer)
        else:
            _end(element, writer)
            writer.text(element.tail)
    writer.end_line()
    return writer.lines


def _is_hidden(element: etree._Element) -> bool:
    return (
        not isinstance(element.tag, str)
        or element.tag in _HIDDEN
        or _INVISIBLE.search(element.get("style", "")[:1000]) is not None
    )


def _start(element: etree._Element, writer: _Writer) -> None:
    tag = str(element.tag)
    if tag in _BLOCKS or _is_quote(element) or _is_signature(element):
        writer.end_line()
    if tag in _PARAGRAPHS and "MsoNormal" not in element.get("class", ""):
        writer.blank_wanted = True
    if _begins_rest(element):
        writer.rest_is_quote = True
    writer.quoting += _is_quote(element)
    writer.signing += _is_signature(element)
    if tag == "blockquote" and not _NOT_QUOTING.search(element.get("style", "")[:1000]):
        writer.blockquotes += 1
        writer.citing += _is_citing(element)
    elif tag == "br":
        writer.end_line(force=True)
    elif tag == "pre":
        writer.pre += 1
    elif tag in ("ul", "ol"):
        writer.counters.append(0 if tag == "ol" else -1)
    elif tag == "li":
        writer.buffer.append(_bullet(writer))
    elif tag in ("td", "th") and "".join(writer.buffer).strip():
        writer.buffer.append(" ")
    elif tag == "img" and len(element.get("alt", "")) <= 4:
        writer.buffer.append(element.get("alt", ""))
    writer.text(element.text)


def _end(element: etree._Element, writer: _Writer) -> None:
    tag = str(element.tag)
    if tag in _BLOCKS or _is_quote(element) or _is_signature(element):
        writer.end_line()
    if tag in _PARAGRAPHS and "MsoNormal" not in element.get("class", ""):
        writer.blank_wanted = True
    writer.quoting -= _is_quote(element)
    writer.signing -= _is_signature(element)
    if tag == "blockquote" and not _NOT_QUOTING.search(element.get("style", "")[:1000]):
        writer.blockquotes -= 1
        writer.citing -= _is_citing(element)
    elif tag == "pre":
        writer.pre -= 1
    elif tag in ("ul", "ol") and writer.counters:
        writer.counters.pop()


def _bullet(writer: _Writer) -> str:
    if not writer.counters or writer.counters[-1] < 0:
        return "- "
    writer.counters[-1] += 1
    return f"{writer.counters[-1]}. "


def _is_quote(element: etree._Element) -> bool:
    identity = element.get("id", "").lower()
    return (
        identity in _QUOTE_IDS
        or identity.startswith(_QUOTE_ID_PREFIXES)
        or not _QUOTE_CLASSES.isdisjoint(element.get("class", "").lower().split())
        or element.get("data-marker") == "__QUOTED_TEXT__"
        or element.get("name") == "messageReplySection"
    )


def _is_citing(element: etree._Element) -> bool:
    return element.get("type") == "cite" or "gmail_quote" in element.get("class", "")


def _begins_rest(element: etree._Element) -> bool:
    identity = element.get("id", "").lower().removeprefix("x_")
    return identity in _REST_IDS or element.get("data-marker") == "__DIVIDER__"


def _is_signature(element: etree._Element) -> bool:
    return (
        element.get("id", "").lower().removeprefix("x_") in _SIGNATURE_IDS
        or element.get("data-smartmail") == "gmail_signature"
        or element.get("name") == "messageSignatureSection"
        or not _SIGNATURE_CLASSES.isdisjoint(element.get("class", "").lower().split())
    )
