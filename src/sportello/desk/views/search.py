"""Search over everything that staff may read."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.views.pages import layout_of
from sportello.tickets import queries as tickets
from sportello.tickets.queries.search import Hit, Where, number_in

STEP, MOST = 30, 300


@allowed(get=Who.STAFF)
def search(request: HttpRequest) -> HttpResponse:
    """What was found, the surest first. The number of a ticket leads straight to it."""
    text, limit = request.GET.get("q", "").strip()[:200], _limit(request)
    hits = tickets.search(staff(request), text, limit + 1) if text else []
    jump = _jump(text, hits)
    if jump is not None and "all" not in request.GET:
        return redirect("desk:ticket", jump.public_id)
    more = min(limit + STEP, MOST) if len(hits) > limit and limit < MOST else None
    context = {"layout": layout_of(request), "now": clock.now(), "text": text, "hits": hits[:limit], "more": more}
    return render(request, "desk/search.html", context)


def _limit(request: HttpRequest) -> int:
    wanted = request.GET.get("show", "")
    return min(max(int(wanted), STEP), MOST) if wanted.isdecimal() and len(wanted) < len(str(MOST)) + 1 else STEP


def _jump(text: str, hits: Sequence[Hit]) -> Hit | None:
    if number_in(text) is None:
        return None
    return next((hit for hit in hits if hit.where is Where.NUMBER), None)
