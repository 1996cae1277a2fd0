"""How the promise of the first answer was kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.paging import Place
from sportello.desk.promise import promise_page
from sportello.desk.views.pages import layout_of


@allowed(get=Who.STAFF)
def promise(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shown = promise_page(staff(request), Place.of(request.GET.dict()), now=now)
    return render(request, "desk/promise/page.html", {"layout": layout_of(request), "now": now, "shown": shown})
