"""HTML of strangers after it was cleaned (S05, S07, S09): what is left is text, shape and harmless links, however it was written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

from hypothesis import given, settings
from hypothesis import strategies as st

from sportello.mail.parsing.html import sanitise
from tests.walls.hostile.markup import FAMILIES, everything, filled, spliced
from tests.walls.hostile.tally import IS_LONG, Tally

SPLICES = 60_000 if IS_LONG else 4_000
NOT_SHOWN = frozenset(
    [
        "applet",
        "area",
        "article",
        "aside",
        "audio",
        "base",
        "basefont",
        "bgsound",
        "body",
        "button",
        "canvas",
        "command",
        "data",
        "datalist",
        "dialog",
        "embed",
        "fieldset",
        "fencedframe",
        "form",
        "frame",
        "frameset",
        "head",
        "html",
        "iframe",
        "image",
        "input",
        "isindex",
        "keygen",
        "label",
        "legend",
        "link",
        "main",
        "map",
        "marquee",
        "math",
        "menu",
        "meta",
        "nav",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "optgroup",
        "option",
        "output",
        "param",
        "picture",
        "plaintext",
        "portal",
        "progress",
        "script",
        "section",
        "select",
        "slot",
        "source",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "track",
        "video",
        "xml",
        "xmp",
    ]
)
ATTRIBUTES = frozenset(
    [
        "align",
        "alt",
        "colspan",
        "dir",
        "height",
        "href",
        "lang",
        "rel",
        "rowspan",
        "scope",
        "src",
        "start",
        "title",
        "type",
        "valign",
        "width",
    ]
)
LINK = re.compile(r"(?:https?:|mailto:|tel:|#)")
IGNORED = re.compile(r"[\x00-\x20]")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.harms: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_SHOWN or not tag.isalnum():
            self.harms.append(f"element {tag}")
        self.harms += [f"{tag} {name}={value!r}" for name, value in attrs if not _is_harmless(tag, name, value or "")]

    def handle_comment(self, data: str) -> None:
        self.harms.append(f"comment {data[:80]}")

    def handle_decl(self, decl: str) -> None:
        self.harms.append(f"declaration {decl[:80]}")

    handle_pi = unknown_decl = handle_comment


def _is_harmless(tag: str, name: str, value: str) -> bool:
    if name not in ATTRIBUTES:
        return False
    if name == "src":
        return tag == "img" and value.lower().startswith("cid:")
    if name == "href":
        return tag == "a" and LINK.match(IGNORED.sub("", value).lower()) is not None
    return True


def harms_in(source: str) -> Iterator[str]:
    """Read once and, as a browser that mends it would, once more."""
    cleaned = sanitise(source)
    for text in (cleaned, sanitise(cleaned)):
        reader = _Reader()
        reader.feed(text)
        reader.close()
        yield from reader.harms


def test_s05_s07_every_vector_in_every_way(record_property: Callable[[str, object], None]) -> None:
    tally = Tally("S05/S07/S09 HTML vectors cleaned")
    for name, source in everything():
        tally.add(f"{name}: {source!r}", harms_in(source))
    for name, source in spliced(SPLICES, seed=5):
        tally.add(f"{name}: {source!r}", harms_in(source))
    record_property("counted", str(tally))
    tally.settle()


PIECES = st.sampled_from([filled(source) for family in FAMILIES.values() for source in family])
GLUE = st.one_of(
    st.text(max_size=6),
    st.sampled_from(["<", ">", "'", '"', "<!--", "-->", "</", "/>", "&", "\0", "<svg>", "<table>", "<style>"]),
)


@given(st.lists(st.one_of(PIECES, GLUE), max_size=8))
@settings(max_examples=20_000 if IS_LONG else 200, deadline=None)
def test_s05_invented_html_is_cleaned(pieces: list[str]) -> None:
    assert list(harms_in("".join(pieces))) == []
