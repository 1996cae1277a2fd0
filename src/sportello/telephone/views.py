"""The address at which a telephone system tells of calls (docs/telephone.md). Nobody else learns that it is there."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.telephone import actions
from sportello.telephone.rules.events import LARGEST, MalformedError, is_fresh, is_signed, read


@csrf_exempt  # no browser asks: every request carries a signature over its body
@allowed(post=Who.ANYONE, background=True)
def event(request: HttpRequest) -> HttpResponse:
    """204 when it was taken; else why not, with nothing written."""
    if not settings.TELEPHONE_SECRET:
        raise Http404
    body, now = request.read(LARGEST + 1), clock.now()
    if len(body) > LARGEST:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too large")
    why_not = _distrust(request, body)
    if why_not:
        return _refused(HTTPStatus.UNAUTHORIZED, why_not)
    try:
        told = read(body)
    except MalformedError as error:
        return _refused(HTTPStatus.BAD_REQUEST, f"malformed: {error}")
    if actions.hear(told=told, now=now) is None:
        return _refused(HTTPStatus.CONFLICT, "told before")
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _distrust(request: HttpRequest, body: bytes) -> str:
    """Empty for a body that was signed with our secret a moment ago."""
    timestamp = request.headers.get("X-Sportello-Timestamp", "")
    given = request.headers.get("X-Sportello-Signature", "")
    if not is_signed(settings.TELEPHONE_SECRET, timestamp, body, given):
        return "not signed"
    return "" if is_fresh(timestamp, clock.now()) else "too old"


def _refused(status: int, why: str) -> HttpResponse:
    return JsonResponse({"refused": why}, status=status)
