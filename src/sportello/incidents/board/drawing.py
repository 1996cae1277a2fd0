"""The pages of the public status, drawn once for everybody: plain HTML, a style sheet, a feed. No script, no cookie, nobody's name.

All links are relative, so that the same files serve under our own address and in any folder of another host:

    index.it.html  index.en.html   the first page, for whoever comes without a language
    it/index.html  it/KEY.html  it/feed.atom  and the same under en/
    sportello.css  icon.svg
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from sportello.incidents.board.facts import Outage, Works
from sportello.incidents.board.rules import Board
from sportello.ui.prose import paragraphs

HTML, CSS, SVG, ATOM = "text/html; charset=utf-8", "text/css; charset=utf-8", "image/svg+xml", "application/atom+xml"
LANGUAGES = ("it", "en")
_TAG_LENGTH = 16
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, however it is written (XML 1.0, 2.2): one such character, pasted into a title, is no reason for no page."""


@dataclass(frozen=True, slots=True)
class File:
    """`packed` is its content by gzip; `tag` changes with the content."""

    kind: str
    content: bytes
    packed: bytes
    tag: str


Files = Mapping[str, File]


def drawn(board: Board, *, as_of: datetime | None = None) -> Files:
    """By path. `as_of` is said on pages that nobody renews, since they are read elsewhere."""
    return dict(_every_file(board, as_of))


def _every_file(board: Board, as_of: datetime | None) -> Iterator[tuple[str, File]]:
    yield "sportello.css", _style()
    yield "icon.svg", _file(SVG, _static("ui/icon.svg"))
    for language in LANGUAGES:
        with translation.override(language):
            given = {"board": board, "as_of": as_of, "language": language}
            yield f"index.{language}.html", _page("index", root="", here=f"{language}/", name="", **given)
            yield f"{language}/index.html", _page("index", root="../", here="", name="", **given)
            yield f"{language}/feed.atom", _file(ATOM, _feed(board, language))
            for each in (*board.open_outages, *board.past_outages):
                yield _of_one("outage", each, given)
            for works in (*board.underway, *board.upcoming, *board.past_works):
                yield _of_one("works", works, given)


def _of_one(kind: str, each: Outage | Works, given: Mapping[str, Any]) -> tuple[str, File]:
    name = f"{each.key}.html"
    return f"{given['language']}/{name}", _page(kind, root="../", here="", name=name, each=each, **given)


def _page(kind: str, **context: Any) -> File:
    shared = {"style": _style().tag, "area": f"{settings.PUBLIC_URL}/portal/", "zone": settings.TIME_ZONE}
    return _file(HTML, render_to_string(f"incidents/status/{kind}.html", {**shared, **context}).encode())


def _feed(board: Board, language: str) -> bytes:
    here = f"{settings.STATUS_URL}{language}/"
    feed = Atom1Feed(
        title=_("Status of %(provider)s") % {"provider": settings.PROVIDER_NAME},
        link=here,
        description="",
        language=language,
        feed_url=f"{here}feed.atom",
    )
    for key, title, texts, began, changed in sorted(
        _entries(board, language), key=lambda entry: entry[-1], reverse=True
    ):
        feed.add_item(
            title=_NOT_IN_XML.sub("", title),
            link=f"{here}{key}.html",
            description=_NOT_IN_XML.sub("", "\n".join(paragraphs(text) for text in texts)),
            unique_id=f"urn:uuid:{key}",
            pubdate=began,
            updateddate=changed,
        )
    written: str = feed.writeString("utf-8")
    return written.encode()


def _entries(board: Board, language: str) -> Iterator[tuple[str, str, list[str], datetime, datetime]]:
    for each in (*board.open_outages, *board.past_outages):
        said = [told.text.of(language) for told in reversed(each.told)]
        changed = max([told.at for told in each.told] + [each.ended_at or each.started_at])
        yield each.key, each.title.of(language), said or [each.text.of(language)], each.started_at, changed
    for works in (*board.underway, *board.upcoming, *board.past_works):
        title = works.title.of(language)
        if works.cancelled_at is not None:
            title = _("Called off: %(title)s") % {"title": title}
        yield works.key, title, [works.text.of(language)], works.changed_at, works.changed_at


@cache
def _style() -> File:
    return _file(CSS, _static("ui/sportello.css"))


def _static(name: str) -> bytes:
    """As it lies in the program, so that no folder has to be there."""
    found = finders.find(name)
    assert isinstance(found, str)  # noqa: S101 - it is part of the program
    return Path(found).read_bytes()


def _file(kind: str, content: bytes) -> File:
    return File(kind, content, gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:_TAG_LENGTH])
