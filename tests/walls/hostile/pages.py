"""Our own pages, looked at as a browser's parser sees them: is there anything in them that we did not write?"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

MARK = "zq9"
"""Stands in every payload, in names of tags, attributes and hosts: one of ours never holds it."""
_SCHEME = re.compile(r"(?:javascript|vbscript|data|file|blob|filesystem):", re.IGNORECASE)
_IGNORED_BY_BROWSERS = re.compile(r"[\x00-\x20\x7f]")
_OWN_PATH = re.compile(r"/(?:desk|portal|account)/[\w./-]*(?:\?[\w%&=+.~-]*)?")
_OWN_TOKEN = re.compile(r'\{"X-CSRFToken": "[A-Za-z0-9]{64}"\}')
"""Random, so that it holds the mark once in some thousand pages."""
ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "background", "srcset", "cite", "data", "ping"})
NEVER = frozenset({"object", "embed", "applet", "frame", "frameset", "portal", "marquee", "isindex"})
_MET = 'id="at-the-same-moment"'
NOT_ALONE = "said that somebody else was there"
"""Of what only one visitor does; tests of races do not look with these eyes."""
JSON_TYPES = ("application/json", "application/problem+json")


class _Reader(HTMLParser):
    def __init__(self, *, foreign: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.harms: list[str] = []
        self._foreign = foreign

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.harms += _harms_of(tag, {name: value or "" for name, value in attrs}, foreign=self._foreign)

    handle_startendtag = handle_starttag


def _harms_of(tag: str, attributes: dict[str, str], *, foreign: bool) -> Iterator[str]:
    written = f"<{tag} {attributes}>"[:300]
    if MARK in tag or tag in NEVER:
        yield f"element {written}"
    if tag == "script" and (foreign or not (attributes.get("nonce") or attributes.get("type") == "application/json")):
        yield f"script {written}"
    if tag == "iframe" and "allow-scripts" in attributes.get("sandbox", "allow-scripts"):
        yield f"frame {written}"
    if tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh":
        yield f"refresh {written}"
    for name, value in attributes.items():
        if _runs(name, value):
            yield f"{name} in {written}"


def _runs(name: str, value: str) -> bool:
    """Whether an attribute is code, or leads to some."""
    is_ours = (
        not name.startswith("on") and MARK not in name and name != "srcdoc" and not (name == "style" and MARK in value)
    )
    is_htmx = name.removeprefix("data-").startswith(("hx-", "sse-", "ws-"))
    leads_to_code = name in ADDRESSES and _SCHEME.match(_IGNORED_BY_BROWSERS.sub("", value)) is not None
    is_known = _OWN_PATH.fullmatch(value) or _OWN_TOKEN.fullmatch(value)
    return not is_ours or leads_to_code or (is_htmx and MARK in value and not is_known)


def harms_in(text: str, *, foreign: bool = False) -> list[str]:
    """What stands in a page and is none of ours. `foreign` is for documents made of somebody else's HTML: no script at all."""
    reader = _Reader(foreign=foreign)
    reader.feed(text)
    reader.close()
    return reader.harms


def text_of(answer: Any) -> str:
    """All of what the test's client was sent, and the file behind it closed again."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content and answer.get("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    return bytes(content).decode("utf-8", "replace")


def harms_of(answer: Any) -> list[str]:
    """What is wrong with any answer of ours, whatever was asked."""
    status, kind = answer.status_code, answer.get("Content-Type", "")
    is_ill = status == 503 and answer.request.get("PATH_INFO") == "/health"  # on a machine as busy as this one
    harms = [f"status {status}"] if status >= 500 and not is_ill else []
    text = text_of(answer)
    harms += [NOT_ALONE] if status == 409 and _MET in text else []
    if kind.startswith("text/html"):
        harms += harms_in(text)
        harms += ["JSON as HTML"] if _is_json(text) else []
    elif text and kind and not kind.startswith(JSON_TYPES) and answer.get("X-Content-Type-Options") != "nosniff":
        harms.append(f"{kind} without nosniff")
    harms += [f"header {name}" for name, value in answer.items() if "\r" in value or "\n" in value]
    target = answer.get("Location", "")
    if _SCHEME.match(target) or (MARK in target and re.match(r"[\\/]{2}|https?:", target, re.IGNORECASE)):
        harms.append(f"sent to {target[:100]}")
    return harms


def _is_json(text: str) -> bool:
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
