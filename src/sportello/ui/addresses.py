"""Addresses of pages, for where a page has very many of them: asking Django matches the whole table of addresses anew each time."""

from __future__ import annotations

from functools import cache
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse
from django.utils.http import url_has_allowed_host_and_scheme

_PLACE = UUID(int=0)


def page(view: str) -> str:
    """As `reverse(view)`."""
    return _page(view, get_script_prefix())


def address(view: str, public_id: UUID) -> str:
    """As `reverse(view, args=[public_id])`."""
    return _address(view, public_id, get_script_prefix())


def address_before(request: HttpRequest) -> str:
    """The path of the page of ours whose link or form led here; empty when the browser does not say, or when it is what was just looked at."""
    try:
        said = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    path = said._replace(scheme="", netloc="", fragment="").geturl()
    ours = said.netloc == request.get_host() and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours and not (request.method == "GET" and path == request.get_full_path()) else ""


class Addresses:
    """As `reverse(view, args=args)`, under the prefix of this moment: whoever writes many asks for it once."""

    def __init__(self) -> None:
        self.prefix = get_script_prefix()

    def __call__(self, view: str, *args: object) -> str:
        if not args:
            return _page(view, self.prefix)
        if len(args) == 1 and isinstance(args[0], UUID):
            return _address(view, args[0], self.prefix)
        return reverse(view, args=args)


def _address(view: str, public_id: UUID, prefix: str) -> str:
    before, after = _parts(view, prefix)
    return f"{before}{public_id}{after}"


@cache
def _page(view: str, _prefix: str) -> str:
    return reverse(view)


@cache
def _parts(view: str, _prefix: str) -> tuple[str, str]:
    before, _place, after = reverse(view, args=[_PLACE]).partition(str(_PLACE))
    return before, after
