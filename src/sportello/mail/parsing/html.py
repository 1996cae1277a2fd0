"""HTML bodies: checked for size and depth, cleaned once for showing, and read as a tree."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

import nh3
from lxml import etree
from lxml import html as lxml_html

from sportello.core.entities import unescaped
from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.patterns import words

SANITISER_VERSION: Final = 1
"""Raised whenever the rules below change, so that stored HTML can be made again from the raw mail."""

_TAGS = set(
    words(
        """
        a abbr address b bdi bdo big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption
        figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary sup table tbody td
        tfoot th thead time tr tt u ul var wbr
        """
    )
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "title"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign", "scope"},
    "table": {"align"},
    "ol": {"start", "type"},
    "blockquote": {"type"},
    "*": {"dir", "lang"},
}
_DROPPED_WITH_CONTENT = set(words("script style title head svg math noscript template iframe object noembed xml"))
_IMAGE = re.compile(r'<img(?:\s+[a-z]+="[^"]*")*\s*>')
_SCHEMES = {"http", "https", "mailto", "tel", "cid"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})([^>]*)")
_REMOTE = re.compile(
    r"""
    <(?:img|source|video|audio|input|embed|body|table|td|th|tr|link|image)\b[^>]{0,2000}?
        (?:src|srcset|background|href|poster)\s*=\s*["']?\s*(?:https?:)?//
    | url\(\s*["']?\s*(?:https?:)?//
    | @import
    """,
    re.IGNORECASE | re.VERBOSE,
)
_END = re.compile(r"</(?:body|html)\s{0,100}>", re.IGNORECASE)
# The browser closes these by itself, so that many of them open at once say nothing about depth.
_NO_DEPTH = words(
    """
    area base br col embed hr img input link meta param source track wbr p li dt dd td th tr tbody thead tfoot option optgroup
    rp rt
    """
)
_TITLE = re.compile(r"<title[^<>]{0,200}>", re.IGNORECASE)
_ALT = re.compile(r"<img\b[^<>]{0,2000}?\balt\s*=\s*(?:\"([^\"<>]{1,300})\"|'([^'<>]{1,300})')", re.IGNORECASE)
_FIELDS = re.compile(r"</?(?:iframe|template|textarea|noembed)[^<>]{0,200}>", re.IGNORECASE)
_LINES = words("br p div tr li h1 h2 h3 h4 h5 h6 hr table ul ol blockquote pre")


class TooComplexError(Exception):
    """The HTML is too big, too deep or too odd to be cleaned in bounded time: only its text is shown."""


def check(source: str, limits: Limits) -> None:
    """Raises TooComplexError. Depth is counted from above: elements never closed count as open to the end."""
    if len(source) > limits.html_chars:
        raise TooComplexError
    open_tags: Counter[str] = Counter()
    depth = 0
    for match in _TAG.finditer(source):
        closing, name, rest = match.group(1), match.group(2).lower(), match.group(3)
        if (
            len(rest) > limits.html_attributes
            and len(rest.split(None, limits.html_attributes)) > limits.html_attributes
        ):
            raise TooComplexError
        if name in _NO_DEPTH:
            continue
        if not closing:
            open_tags[name] += 1
            depth += 1
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
        if depth > limits.html_depth:
            raise TooComplexError


def sanitise(source: str) -> str:
    """No script, no style, nothing remote; images only by `cid:`, links without referrer or opener."""
    cleaned = nh3.clean(
        source,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_only_enclosed_images,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )
    return _IMAGE.sub(_enclosed_or_nothing, cleaned).strip()


def _enclosed_or_nothing(image: re.Match[str]) -> str:
    """An image that lost its source would only be a hole."""
    return image.group(0) if ' src="cid:' in image.group(0).lower() else ""


def _only_enclosed_images(_tag: str, attribute: str, value: str) -> str | None:
    if attribute == "src":
        return value if value.lower().startswith("cid:") else None
    if attribute == "href" and not value.strip().lower().startswith(("http:", "https:", "mailto:", "tel:", "#")):
        return None
    return value


def has_remote_content(source: str) -> bool:
    return _REMOTE.search(source) is not None


def tree(source: str) -> etree._Element | None:
    """The document as libxml2 repairs it, or nothing when there is none. What stands below its end, a list's foot or another document, is of it."""
    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        return lxml_html.document_fromstring(_END.sub("", source).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None


def unseen_text(source: str, limits: Limits) -> str:
    """All that is written in it, also where a reader would not see it: in a field, in place of a picture, below a title that never ends."""
    opened = source if "</title" in source.lower() else _TITLE.sub("", source)
    hidden = {"script", "style", "title"}
    return rough_text(
        nh3.clean(
            _ALT.sub(r"\1\2 \g<0>", _FIELDS.sub("", opened)),
            tags=set(_LINES),
            clean_content_tags=hidden,
            attributes={},
        ),
        limits,
    )


def rough_text(source: str, limits: Limits) -> str:
    """Text of HTML that is too complex for a parser: tags off in one pass, scripts and styles with what they hold."""
    out: list[str] = []
    position, hidden = 0, ""
    for match in _TAG.finditer(source, 0, limits.html_chars):
        name = match.group(2).lower()
        if not hidden:
            out.append(source[position : match.start()])
            if name in _LINES:
                out.append("\n")
            hidden = name if name in _DROPPED_WITH_CONTENT and not match.group(1) else ""
        elif match.group(1) and name == hidden:
            hidden = ""
        position = match.end() + 1
    if not hidden:
        out.append(source[position : limits.html_chars])
    return unescaped("".join(out))
