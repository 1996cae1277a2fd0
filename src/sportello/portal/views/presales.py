"""The public form for questions before buying: no sign-in, and nothing reaches anybody before its sender has confirmed the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.mail.queries.mailboxes import presales_address
from sportello.portal.forms import ChosenForm, PresalesForm
from sportello.presales import actions
from sportello.presales.queries import link_of, waiting_of
from sportello.presales.rules import FORM_LASTS, may_be_a_person

SALT = "sportello.presales"
FROM_NETWORK = Limit("presales-network", most=10, within=timedelta(hours=1))
TRIED_FROM_NETWORK = Limit("presales-link-tried", most=60, within=timedelta(hours=1))
SENDINGS = Limit("presales-sending", most=1, within=FORM_LASTS)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a form was opened; `once` is the same for every repeat of one sending."""

    begun_at: datetime
    once: str


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def ask(request: HttpRequest) -> HttpResponseBase:
    """What fills in the field that nobody sees is a program: it is answered alike, and thrown away."""
    now = clock.now()
    if request.method != "POST":
        return _page(request, PresalesForm(initial={"stamp": _stamp(now)}))
    if request.POST.get("website"):
        return redirect("presales-sent")
    form = PresalesForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    return _take(request, form, now)


@allowed(get=Who.ANYONE)
def sent(request: HttpRequest) -> HttpResponseBase:
    return render(request, "portal/presales/sent.html")


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def confirm(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Opening the link changes nothing, so that mail scanners do not use it up: a person presses the button."""
    now = clock.now()
    if not TRIED_FROM_NETWORK.take(network_of(client_address(request)), now=now):
        return render(request, "portal/presales/over.html", status=429)
    link = link_of(secret, now=now)
    if link is None:
        return render(request, "portal/presales/over.html", status=410)
    if link.used_at is not None:
        return render(request, "portal/presales/arrived.html", {"tickets": []})
    if request.method != "POST":
        return _waiting(request, link.address)
    return _confirm(request, secret, link.address, now)


def _confirm(request: HttpRequest, secret: str, address: str, now: datetime) -> HttpResponseBase:
    form = ChosenForm(request.POST)
    if not form.is_valid():
        return _waiting(request, address, status=422)
    try:
        tickets = actions.confirm(
            secret=secret, chosen=form.cleaned_data["question"], shown=form.cleaned_data["shown"], now=now
        )
    except Refused as refused:
        if refused.code == "question-unseen":
            return _waiting(request, address, said=refused.message, status=409)
        return render(request, "portal/presales/arrived.html", {"tickets": []})
    return render(request, "portal/presales/arrived.html", {"tickets": tickets, "none_chosen": not tickets})


def _waiting(request: HttpRequest, address: str, *, said: str = "", status: int = 200) -> HttpResponseBase:
    return render(
        request, "portal/presales/confirm.html", {"waiting": waiting_of(address), "said": said}, status=status
    )


def _take(request: HttpRequest, form: PresalesForm, now: datetime) -> HttpResponseBase:
    stamp = _read(form.cleaned_data["stamp"], now)
    if stamp is None:
        return _once_more(request, form.cleaned_data["stamp"], now)
    network = network_of(client_address(request))
    if SENDINGS.left(stamp.once, now=now) == 0:
        return redirect("presales-sent")
    if not FROM_NETWORK.take(network, now=now):
        form.add_error(None, gettext("That was a great many questions. Try again in an hour, or write us a mail."))
        return _page(request, form, status=429)
    try:
        with SENDINGS.trying(stamp.once, now=now) as is_new:
            if is_new:
                actions.ask(question=_question(form), now=now)
    except Refused as refused:
        form.add_error(None, refused.message)
        return _page(request, form, status=429)
    return redirect("presales-sent")


def _once_more(request: HttpRequest, written: str, now: datetime) -> HttpResponseBase:
    form = PresalesForm({**request.POST.dict(), "stamp": _kept_stamp(written, now)})
    form.add_error(None, gettext("That was quick, or this page was open for days. Look through it and send it again."))
    return _page(request, form, status=422)


def _question(form: PresalesForm) -> actions.Question:
    given = {name: form.cleaned_data[name] for name in ("address", "name", "company", "phone", "text")}
    language = get_language() or settings.LANGUAGE_CODE
    return actions.Question(
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE, **given
    )


def _stamp(now: datetime) -> str:
    return signing.dumps([now.isoformat(), uuid4().hex], salt=SALT)


def _read(written: str, now: datetime) -> Stamp | None:
    """None when it is not ours, too young or too old."""
    try:
        begun_at, once = signing.loads(written, salt=SALT)
    except signing.BadSignature:
        return None
    stamp = Stamp(datetime.fromisoformat(begun_at), once)
    return stamp if may_be_a_person(begun_at=stamp.begun_at, now=now) else None


def _kept_stamp(written: str, now: datetime) -> str:
    """That of a form sent too quickly is old enough the next time; another one is made anew."""
    try:
        begun_at, _once = signing.loads(written, salt=SALT)
    except signing.BadSignature:
        return _stamp(now)
    return written if now - datetime.fromisoformat(begun_at) < FORM_LASTS else _stamp(now)


def _page(request: HttpRequest, form: PresalesForm, *, status: int = 200) -> HttpResponseBase:
    context = {"form": form, "address": presales_address()}
    return render(request, "portal/presales/ask.html", context, status=status)
