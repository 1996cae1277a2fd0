"""Whether mail goes out at all, and what becomes of what was held back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.desk.acting import acting
from sportello.desk.forms.sending import HeldForm
from sportello.desk.views.pages import settings_page
from sportello.mail.actions import sending
from sportello.mail.enums import Waiting
from sportello.mail.queries.outbound import first_held, held_back, sending_is_on

SHOWN = 20


@allowed(get=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    return _page(request)


@allowed(post=Who.ADMIN)
def switch_on(request: HttpRequest) -> HttpResponseBase:
    """Whoever switches it on says what becomes of what waits, if anything does."""
    form = HeldForm(request.POST)
    if not form.is_valid() and held_back():
        return _page(request, must_choose=True)
    waiting = form.cleaned_data.get("waiting", Waiting.DISCARD)
    number = sending.switch_on(waiting=waiting, **acting(request))
    messages.success(request, f"{_('Sending is on: mail goes out.')} {_told(waiting, number)}".strip())
    return redirect("desk:sending")


@allowed(post=Who.ADMIN)
def switch_off(request: HttpRequest) -> HttpResponseBase:
    sending.switch_off(**acting(request))
    messages.success(request, _("Sending is off: nothing goes to anyone until it is switched on again."))
    return redirect("desk:sending")


@allowed(post=Who.ADMIN)
def decide(request: HttpRequest) -> HttpResponseBase:
    """While sending is on: what becomes of mails that a restore found waiting, or that were held back before."""
    form = HeldForm(request.POST)
    if not form.is_valid() or not sending_is_on():
        return _page(request, must_choose=True)
    waiting: Waiting = form.cleaned_data["waiting"]
    if told := _told(waiting, sending.decide(waiting=waiting, **acting(request))):
        messages.success(request, told)
    return redirect("desk:sending")


def _told(waiting: Waiting, number: int) -> str:
    if not number:
        return ""
    if waiting is Waiting.SEND:
        said = ngettext("%(number)d held mail is on its way.", "%(number)d held mails are on their way.", number)
    else:
        said = ngettext("%(number)d held mail was discarded.", "%(number)d held mails were discarded.", number)
    return said % {"number": number}


def _page(request: HttpRequest, *, must_choose: bool = False) -> HttpResponse:
    context = {
        "is_on": sending_is_on(),
        "held": held_back(),
        "mails": first_held(SHOWN),
        "must_choose": must_choose,
        "now": clock.now(),
    }
    return settings_page(request, "desk/settings/sending.html", context, status=422 if must_choose else 200)
