"""What a page says of the site behind it. Its status alone says little: many broken sites answer 200."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import lxml.etree
import lxml.html

from sportello.core.entities import unescaped
from sportello.diagnostics.enums import Sign

SLOW_MILLISECONDS = 4000
_SHORT = 20_000
"""Sentences that can also stand in an article about them are believed on pages that are no longer than this."""
_TITLE = re.compile(r"<title[^>]{0,300}>(.{0,300}?)</title>", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<(title|h[12])\b[^>]{0,300}>(.{0,300}?)</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]*>")
_TECHNICAL = re.compile(r"['\[]")
"""Words that only a program says."""
_LITTLE = 2000
_HEADING_SHARE, _TEXT_SHARE = 0.6, 0.2
_UNSEEN = ("head", "style", "script", "noscript", "template")
_DRAWN = re.compile(
    r"<(script|iframe|frameset|frame|img|svg|canvas|object|embed|video|input|form)\b|http-equiv\s*=\s*.?refresh",
    re.IGNORECASE,
)

_TOLD: tuple[tuple[Sign, tuple[str, ...]], ...] = (
    (
        Sign.PAGE_SUSPENDED,
        (
            "account has been suspended",
            "this account is suspended",
            "account suspended",
            "website suspended",
            "site suspended",
            "website disabled",
            "this website has been temporarily disabled",
            "sito sospeso",
            "servizio sospeso",
            "account sospeso",
            "sito è stato sospeso",
            "/cgi-sys/suspendedpage.cgi",
        ),
    ),
    (
        Sign.PAGE_TABLES,
        (
            "one or more database tables are unavailable",
            "una o più tabelle del database non sono disponibili",
        ),
    ),
    (
        Sign.PAGE_DATABASE,
        (
            "error establishing a database connection",
            "errore nello stabilire una connessione al database",
            "errore nella connessione al database",
            "errore nella creazione della connessione al database",
            "database connection error",
            "could not connect to mysql",
            "can't connect to mysql server",
            "can't connect to local mysql server",
            "can't connect to local server through socket",
            "sqlstate[hy000] [2002]",
            "sqlstate[hy000] [1045]",
            "sqlstate[08006]",
            "access denied for user '",
            "unable to connect to the database",
            "link to database cannot be established",
        ),
    ),
    (
        Sign.PAGE_CRITICAL,
        (
            "there has been a critical error on",
            "si è verificato un errore critico su",
            "c'è stato un errore critico su",
            "c&#8217;è stato un errore critico su",
            "c’è stato un errore critico su",
            "the site is experiencing technical difficulties",
            "il sito sta avendo difficoltà tecniche",
            "the website encountered an unexpected error",
        ),
    ),
    (
        Sign.PAGE_MAINTENANCE,
        (
            "briefly unavailable for scheduled maintenance",
            "momentaneamente non disponibile per manutenzione programmata",
            "temporaneamente non disponibile per manutenzione",
        ),
    ),
    (
        Sign.PAGE_DEFAULT,
        (
            "apache2 debian default page",
            "apache2 ubuntu default page",
            "test page for the apache http server",
            "test page for the http server",
            "<h1>welcome to nginx!</h1>",
            "<h1>it works!</h1>",
            "welcome to your new vesta",
            "success! your new web server is ready",
            "web server's default page",
            "default web site page",
            "this is the default index page of your website",
            "iis windows server</title>",
            "index of /cgi-sys/defaultwebpage.cgi",
            "if you are the owner of this website, please contact your hosting provider",
        ),
    ),
)
_PHP = re.compile(
    r"(?:<b>|php )(?:fatal error|parse error)(?:</b>)?:\s.{1,2000}? on line (?:<b>)?\d|allowed memory size of \d+ bytes exhausted"
    r"|uncaught (?:error|exception|typeerror|pdoexception|mysqli_sql_exception)\b|failed opening required '",
    re.IGNORECASE | re.DOTALL,
)
_LISTING = re.compile(r"<title>\s*index of /", re.IGNORECASE)
_CHALLENGE = (
    "just a moment...",
    "attention required! | cloudflare",
    "checking your browser",
    "ddos-guard",
    "sucuri website firewall",
)
_PROXY_STATUS = frozenset(range(520, 531))


@dataclass(frozen=True, slots=True)
class Page:
    """The last answer of a chain of redirects."""

    status: int
    body: str
    milliseconds: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case names."""
    is_whole: bool = True
    """Not cut off where we stopped reading."""
    is_in_time: bool = True
    """Nothing was still to come when the time to look was over, however little of it there was."""


def sign_of(page: Page, *, expected: str = "") -> Sign:
    """`expected` is a text that must stand on the page of a healthy site."""
    lowered = page.body.lower()
    found = _by_words(page, lowered) or _by_status(page, lowered) or _by_emptiness(page)
    if found is not None:
        return found
    if expected and page.is_whole and page.status < 300 and not _says(page.body, expected):
        return Sign.PAGE_TEXT_GONE
    return Sign.PAGE_SLOW if page.milliseconds > SLOW_MILLISECONDS or not page.is_in_time else Sign.PAGE_FINE


def _says(body: str, expected: str) -> bool:
    """As a reader sees it, wherever its lines break and whatever is marked up in it; or as it is written."""
    wanted = _plain(expected)
    return wanted in _plain(body) or wanted in _plain(_TAG.sub(" ", body)) or wanted in _plain(_TAG.sub("", body))


def _plain(text: str) -> str:
    return " ".join(unescaped(text).replace("’", "'").casefold().split())


def title_of(body: str) -> str:
    found = _TITLE.search(body)
    return " ".join(found[1].split()) if found else ""


def _by_words(page: Page, lowered: str) -> Sign | None:
    """A long page that is delivered as good may quote any of these sentences."""
    if page.status < 400 and len(lowered) > _SHORT:
        return None
    if page.status >= 400 and _is_challenge(page, lowered):
        return Sign.PAGE_TURNED_AWAY
    for sign, sentences in _TOLD:
        if any(_believed(sign, sentence, page) for sentence in sentences if sentence in lowered):
            return sign
    if _PHP.search(page.body) and (page.status >= 500 or _text_length(page.body) < _LITTLE):
        return Sign.PAGE_PHP
    return Sign.PAGE_LISTING if page.status == 200 and _LISTING.search(page.body) else None


def _believed(sign: Sign, sentence: str, page: Page) -> bool:
    """An article about a fault quotes its words, too; a page that is the fault has them for its heading, or says little else."""
    if page.status >= 400 or sign == Sign.PAGE_DEFAULT:
        return True
    if _TECHNICAL.search(sentence):
        return _text_length(page.body) < _LITTLE
    shares = (len(sentence) / max(len(heading), 1) for heading in _headings(page.body) if sentence in heading)
    return max(shares, default=0) >= _HEADING_SHARE or len(sentence) >= _TEXT_SHARE * _text_length(page.body)


def _headings(body: str) -> Iterator[str]:
    """Its title and its great headings, lower-case and without what is marked up in them."""
    for found in _HEADING.finditer(body):
        yield " ".join(_TAG.sub(" ", found[2]).lower().split())


def _by_status(page: Page, lowered: str) -> Sign | None:
    if page.status in _PROXY_STATUS and ("cf-ray" in page.headers or "cloudflare" in lowered):
        return Sign.PAGE_PROXY
    if page.status in (502, 504) or (page.status == 503 and not _speaks_of_maintenance(lowered)):
        return Sign.PAGE_GATEWAY
    if page.status == 503:
        return Sign.PAGE_MAINTENANCE
    if page.status >= 500:
        return Sign.PAGE_EMPTY if not page.body.strip() else Sign.PAGE_SERVER_ERROR
    return _REFUSALS.get(page.status, Sign.PAGE_MISSING if page.status >= 400 else None)


_REFUSALS: Mapping[int, Sign] = {
    401: Sign.PAGE_PASSWORD,
    403: Sign.PAGE_FORBIDDEN,
    407: Sign.PAGE_PASSWORD,
    429: Sign.PAGE_TURNED_AWAY,
    451: Sign.PAGE_TURNED_AWAY,
}


def _by_emptiness(page: Page) -> Sign | None:
    """Nothing to read, and nothing that a browser would draw or run. A page that says where to go on (3xx) is not one."""
    is_empty = page.status < 300 and page.is_whole and not _DRAWN.search(page.body) and _text_length(page.body) == 0
    return Sign.PAGE_EMPTY if is_empty else None


def _text_length(body: str) -> int:
    """Characters that a reader would see, blanks aside."""
    if not body.strip():
        return 0
    try:
        tree = lxml.html.document_fromstring(
            body.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except lxml.etree.LxmlError:
        return len(body)
    lxml.etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    return sum(len("".join(str(text).split())) for text in tree.itertext())


def _is_challenge(page: Page, lowered: str) -> bool:
    return "cf-mitigated" in page.headers or _holds(lowered, _CHALLENGE)


def _speaks_of_maintenance(lowered: str) -> bool:
    return "maintenance" in lowered.replace("maintenance downtime or capacity", "") or "manutenzione" in lowered


def _holds(text: str, sentences: Iterable[str]) -> bool:
    return any(sentence in text for sentence in sentences)
