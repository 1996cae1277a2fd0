"""In which codings an answer may come (RFC 9110, 12.5.3). WhiteNoise and Django look whether one is named, not whether it is unwanted."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

_UNWANTED = re.compile(r"\s*q\s*=\s*0(?:\.0*)?\s*", re.IGNORECASE)


def wanted(accepted: str) -> str:
    """What `Accept-Encoding` names, without what it names only to say that it is not wanted."""
    named = (each for each in accepted.split(",") if not _UNWANTED.fullmatch(each.partition(";")[2]))
    return ",".join(named)


class OnlyWanted:
    """Before all that packs an answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "")
        if "=" in accepted:
            request.META["HTTP_ACCEPT_ENCODING"] = wanted(accepted)
        return self.get_response(request)
