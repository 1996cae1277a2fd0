"""The public status, where no process keeps it: made for whoever asks. Same answers, without the thread that renews them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.lately import lately
from sportello.incidents.board.drawing import Files, drawn
from sportello.incidents.board.reading import facts_now
from sportello.incidents.board.rules import board_of
from sportello.incidents.board.serving import Asked, answer


@allowed(get=Who.ANYONE, background=True)
def status(request: HttpRequest, path: str = "") -> HttpResponse:
    return _answer(request, path)


@allowed(get=Who.ANYONE, background=True)
def feed(request: HttpRequest, language: str) -> HttpResponse:
    return _answer(request, f"{language}/feed.atom")


@allowed(get=Who.ANYONE, background=True)
def one(request: HttpRequest, language: str, shown_id: UUID) -> HttpResponse:
    return _answer(request, f"{language}/{shown_id}.html")


def _answer(request: HttpRequest, path: str) -> HttpResponse:
    found = answer(
        lately("status", _drawn_now),
        Asked(
            method=request.method or "GET",
            path=path,
            languages=request.headers.get("Accept-Language", ""),
            encodings=request.headers.get("Accept-Encoding", ""),
            tags=request.headers.get("If-None-Match", ""),
        ),
    )
    return HttpResponse(found.body, status=found.status, headers=dict(found.headers))


def _drawn_now() -> Files:
    now = clock.now()
    return drawn(board_of(facts_now(now), now))
