"""Plain text from strangers, made into safe paragraphs. Every character is escaped; only our own tags come out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST_SHOWN = 200_000  # characters; a log of a million lines must not stop the page
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`|\\^{}\u200b-\u200f\u202a-\u202e\u2060-\u2069]{3,2000}")
_TRAILING = ".,;:!?»”’*_"
_PAIRS = {")": "(", "]": "["}


def paragraphs(text: str) -> SafeString:
    """Blank lines part paragraphs, line ends stay, web addresses become links that open elsewhere and tell nothing."""
    shown = text[:LONGEST_SHOWN].replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    blocks = [block for block in _BLANK_LINES.split(shown) if block.strip()]
    return format_html_join("\n", "<p>{}</p>", ((_lines(block),) for block in blocks))


def _lines(block: str) -> SafeString:
    return SafeString("".join(_pieces(block)).replace("\n", "<br>"))


def _pieces(block: str) -> Iterator[SafeString]:
    """All escaped; an address ends before the line does."""
    end = 0
    for match in _ADDRESS.finditer(block):
        address = _without_punctuation(match.group())
        yield escape(block[end : match.start()])
        yield format_html('<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}</a>', address, address)
        end = match.start() + len(address)
    yield escape(block[end:])


def _without_punctuation(address: str) -> str:
    """Without what ends the sentence rather than the address; a closing bracket stays when it was opened inside."""
    while address and (address[-1] in _TRAILING or _closes_nothing(address)):
        address = address[:-1]
    return address


def _closes_nothing(address: str) -> bool:
    opening = _PAIRS.get(address[-1])
    return opening is not None and address.count(opening) < address.count(address[-1])
