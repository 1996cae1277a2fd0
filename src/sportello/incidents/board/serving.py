"""An answer of the public status to one request, from what is drawn already. Knows neither sessions nor the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from sportello.accounts.middleware import PERMISSIONS
from sportello.core.codings import wanted
from sportello.incidents.board.drawing import CSS, HTML, LANGUAGES, SVG, File, Files

PREFIX = "/status/"
FRESH_SECONDS = 10
LASTING_SECONDS = 86_400
POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'"
)
LONGEST_LANGUAGES = 500
"""Letters, as Django reads. A header may have 400,000, and what is kept for a thousand of those would be half a gigabyte."""
_BROWSERS = f"public, max-age={FRESH_SECONDS}, stale-while-revalidate=60, stale-if-error={LASTING_SECONDS}"
"""A cache between us may go on showing what it has while we cannot be reached (RFC 5861)."""
_FOR_LONG = f"public, max-age={LASTING_SECONDS}"
_NOWHERE = b'<!doctype html><title>404</title><p>404 <a href="%s">status</a></p>'


@dataclass(frozen=True, slots=True)
class Asked:
    """Of a request what matters here. `path` begins behind PREFIX."""

    method: str
    path: str
    languages: str = ""
    encodings: str = ""
    tags: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    status: HTTPStatus
    headers: Mapping[str, str]
    body: bytes


def answer(files: Files, asked: Asked) -> Answer:
    if asked.method not in {"GET", "HEAD"}:
        return Answer(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": "GET, HEAD", "Content-Length": "0"}, b"")
    file = files.get(_wanted(asked))
    if file is None:
        return _nowhere()
    is_packed = _takes_gzip(asked.encodings)
    tag = f'"{file.tag}{"-gzip" if is_packed else ""}"'
    headers = _headers(file, tag, is_root=not asked.path)
    if tag in asked.tags or asked.tags.strip() == "*":
        return Answer(HTTPStatus.NOT_MODIFIED, headers, b"")
    body = file.packed if is_packed else file.content
    headers |= {"Content-Type": file.kind, "Content-Length": str(len(body))}
    if is_packed:
        headers["Content-Encoding"] = "gzip"
    return Answer(HTTPStatus.OK, headers, b"" if asked.method == "HEAD" else body)


def _takes_gzip(encodings: str) -> bool:
    return any(each.partition(";")[0].strip() == "gzip" for each in wanted(encodings).lower().split(","))


def _wanted(asked: Asked) -> str:
    if not asked.path:
        return f"index.{language_of(asked.languages)}.html"
    return f"{asked.path}index.html" if asked.path.endswith("/") else asked.path


def language_of(accepted: str) -> str:
    """The first language of a browser's that the pages are drawn in, else the house's."""
    return _language_of(accepted[:LONGEST_LANGUAGES])


@lru_cache(maxsize=1024)
def _language_of(accepted: str) -> str:
    for code, _weight in parse_accept_lang_header(accepted.lower()):
        if (language := code.partition("-")[0]) in LANGUAGES:
            return language
    house: str = settings.LANGUAGE_CODE
    return house


def _headers(file: File, tag: str, *, is_root: bool) -> dict[str, str]:
    headers = {
        "ETag": tag,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cache-Control": _FOR_LONG if file.kind in {CSS, SVG} else _BROWSERS,
        "Vary": "Accept-Language, Accept-Encoding" if is_root else "Accept-Encoding",
    }
    return {**headers, "Content-Security-Policy": POLICY} if file.kind == HTML else headers


def _nowhere() -> Answer:
    """Also for an incident that was never public: the answer is the same."""
    body = _NOWHERE % PREFIX.encode()
    headers = {"Content-Type": HTML, "Content-Length": str(len(body)), "Cache-Control": "public, max-age=10"}
    return Answer(HTTPStatus.NOT_FOUND, headers, body)
