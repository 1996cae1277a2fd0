"""Work that failed for good: what it was, to be done again or set aside."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import ngettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.acting import acting
from sportello.desk.forms.entry import searched
from sportello.desk.views.pages import settings_page
from sportello.watch import failures, queries


@allowed(get=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    facts = queries.examine(now=now).facts
    return settings_page(
        request, "desk/settings/failures.html", {"failed": facts.failed_tasks if facts else (), "now": now}
    )


@allowed(post=Who.ADMIN)
def do_again(request: HttpRequest) -> HttpResponseBase:
    number = failures.do_again(**_asked(request))
    return _told(
        request, number, ngettext("%(number)d job will be done again.", "%(number)d jobs will be done again.", number)
    )


@allowed(post=Who.ADMIN)
def set_aside(request: HttpRequest) -> HttpResponseBase:
    number = failures.set_aside(**_asked(request))
    return _told(request, number, ngettext("%(number)d job was set aside.", "%(number)d jobs were set aside.", number))


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"task": searched(request.POST, "task"), **acting(request)}


def _told(request: HttpRequest, number: int, words: str) -> HttpResponseBase:
    messages.success(request, words % {"number": number})
    return redirect("desk:failures")
