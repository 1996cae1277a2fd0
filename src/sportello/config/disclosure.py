"""Whom to tell of a weakness, where those who find one look first (RFC 9116)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from sportello.core import clock

ADDRESS = ".well-known/security.txt"
GOOD_FOR = timedelta(days=180)
"""Less than the year of RFC 9116, 2.5.5. It is written anew for whoever asks."""


def security_txt(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - what every view is given
    """Only where somebody is named to be told."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    answer = HttpResponse(statement(clock.now()), content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


def statement(now: datetime) -> str:
    """By whole days, so that it stays the same for one."""
    expires = (now.astimezone(UTC) + GOOD_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {contact}" for contact in settings.SECURITY_CONTACT),
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(language for language, _ in settings.LANGUAGES)}",
        f"Canonical: {settings.PUBLIC_URL}/{ADDRESS}",
    ]
    return "\n".join([*lines, ""])
