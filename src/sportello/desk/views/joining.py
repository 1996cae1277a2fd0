"""How often the desk was right about one problem in two tickets, and whether it may join them by itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.acting import acting
from sportello.desk.views.pages import settings_page
from sportello.duplicates.actions import set_joining
from sportello.duplicates.proposals import COUNTED, figures, standing


@allowed(get=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "figures": figures(staff(request), now=now),
        "standing": standing(),
        "days": COUNTED.days,
        "now": now,
    }
    return settings_page(request, "desk/settings/joining.html", context)


@allowed(post=Who.ADMIN)
def switch(request: HttpRequest) -> HttpResponseBase:
    is_on = request.POST.get("on") == "1"
    set_joining(on=is_on, **acting(request))
    messages.success(
        request,
        _("What is certain is joined by itself.")
        if is_on
        else _("Nothing is joined by itself: all is proposed to staff."),
    )
    return redirect("desk:joining")
