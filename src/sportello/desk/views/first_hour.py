"""The first hour: the list that leads from nothing to the first answer, and the pages about the provider itself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed
from sportello.accounts.actions import decide_step, take_up_step
from sportello.accounts.enums import Decided, SetupStep, Who
from sportello.core import clock
from sportello.desk.acting import acting
from sportello.desk.first_hour import CONFIRMED, first_hour
from sportello.desk.forms.provider import NumbersForm
from sportello.desk.roles import roles_page
from sportello.desk.views.pages import settings_page
from sportello.intake.actions.self_test import prove
from sportello.telephone.actions.numbers import set_our_numbers
from sportello.telephone.queries import our_numbers

AGAIN = "again"


@allowed(get=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return settings_page(request, "desk/settings/first_hour.html", {"hour": first_hour(now=now), "now": now})


@allowed(post=Who.ADMIN)
def decide(request: HttpRequest, step: str, said: str) -> HttpResponseBase:
    """A step is right as it is, comes later, or is taken up again."""
    known = {*Decided.values, AGAIN}
    if step not in SetupStep.values or said not in known or (said == Decided.RIGHT and step not in CONFIRMED):
        raise Http404
    if said == AGAIN:
        take_up_step(step=SetupStep(step), **acting(request))
    else:
        decide_step(step=SetupStep(step), decided=Decided(said), **acting(request))
    return redirect("desk:first-hour")


@allowed(post=Who.ADMIN)
def prove_mail(request: HttpRequest) -> HttpResponseBase:
    """A mail from each mailbox to itself, also while nothing else is sent."""
    if prove(**acting(request)):
        messages.success(request, _("The test mails are on their way; this page says when they are back."))
    else:
        messages.error(request, _("There is no mailbox to try."))
    return redirect("desk:first-hour")


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def provider(request: HttpRequest) -> HttpResponseBase:
    form = NumbersForm(request.POST) if request.method == "POST" else NumbersForm(initial={"numbers": our_numbers()})
    if form.is_bound and form.is_valid():
        with form.refusals():
            set_our_numbers(numbers=form.cleaned_data["numbers"], **acting(request))
            messages.success(request, _("Saved."))
            return redirect("desk:provider")
    context = {"form": form, "house": settings, "language": dict(settings.LANGUAGES)[settings.LANGUAGE_CODE]}
    return settings_page(request, "desk/settings/provider.html", context, status=422 if form.errors else 200)


@allowed(get=Who.ADMIN)
def roles(request: HttpRequest) -> HttpResponse:
    return settings_page(request, "desk/settings/roles.html", {"roles": roles_page()})
