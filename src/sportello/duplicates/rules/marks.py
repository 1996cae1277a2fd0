"""What a text names: codes of errors, machines, addresses and mailboxes exactly, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sportello.duplicates.rules.software import software_in
from sportello.duplicates.rules.topics import topics_of

READ = 4000

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_HOST = re.compile(r"\b(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}\b")
_IP = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_CODE = re.compile(
    r"""\b(?: [1-5]\d\d [ -] \d\.\d{1,3}\.\d{1,3}           # 550 5.7.1
          | \d\.\d{1,3}\.\d{1,3}                          # 5.7.1
          | (?:err|ssl|pr|nxdomain|servfail|sqlstate|econn|e)_?[a-z0-9]*_[a-z0-9_]+   # ERR_TOO_MANY_REDIRECTS, SSL_ERROR_...
          | nxdomain | servfail | sqlstate\[?\w* | e[a-z]*(?:refused|timedout|timeout|reset|notfound)
          | 0x[0-9a-f]{4,16}
          | (?:err(?:ore|or)?|http|codice|code|status)\s*:?\s*[1-5]\d\d    # errore 500
          | [45]\d\d (?=\s+(?:error|errore|forbidden|not\ found|internal|bad\ gateway|service|gateway))
        )\b""",
    re.VERBOSE,
)
_NUMBER_OF_ERROR = re.compile(r"[1-5]\d\d$")
_FILES = (
    ".php",
    ".html",
    ".htm",
    ".js",
    ".css",
    ".log",
    ".pdf",
    ".jpg",
    ".png",
    ".zip",
    ".txt",
    ".sql",
    ".xml",
    ".ini",
)


@dataclass(frozen=True, slots=True)
class Marks:
    codes: frozenset[str]
    names: frozenset[str]
    topics: frozenset[str]
    software: frozenset[str]


def marks_of(text: str, words: Sequence[str], leaving_out: frozenset[str] = frozenset()) -> Marks:
    """What the text names, without the names that go without saying; `words` are those of the text."""
    lower = text[:READ].lower()
    dotted = " ".join(
        [word for word in lower.split() if "." in word]
    )  # nothing else can be a name: most of a text need not be sought through
    addresses = set(_ADDRESS.findall(dotted))
    rest, dotted = (_ADDRESS.sub(" ", lower), _ADDRESS.sub(" ", dotted)) if addresses else (lower, dotted)
    hosts = {_bare(name) for name in _HOST.findall(dotted) if not name.endswith(_FILES)}
    names = addresses | hosts | set(_IP.findall(dotted))
    codes = frozenset(map(_code, _CODE.findall(rest)))
    return Marks(codes, frozenset(names) - leaving_out, topics_of(words), software_in(words))


def _bare(name: str) -> str:
    return name.removeprefix("www.")


def _code(found: str) -> str:
    """`errore 500`, `HTTP 500` and `500 internal` are one."""
    number = _NUMBER_OF_ERROR.search(found)
    return number[0] if number else found.replace(" ", "-")
