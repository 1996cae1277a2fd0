"""Passkeys of a contact: signing in by one, adding, and removing. What the browser is asked lies in its session until it answers, once."""

from __future__ import annotations

import json
from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Act, Who
from sportello.accounts.limits import Limit
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers import passkeys
from sportello.intake.contact_mail import Change, tell_change
from sportello.portal.coming_in import own_page, proven_lately
from sportello.portal.forms import NewPasskeyForm, PasskeyForm
from sportello.portal.middleware import audit, begin_session, contact_of, session_of, signed_in

TRIED_FROM_NETWORK = Limit("portal-passkey-network", most=60, within=timedelta(minutes=15))
_ASKED, _ASKED_NEW = "passkey_asked", "passkey_asked_new"
_ANSWER_WITHIN = timedelta(minutes=10)


@allowed(post=Who.ANYONE)
def ask(request: HttpRequest) -> HttpResponseBase:
    """What the browser asks its passkeys; who they belong to is not known before one has answered."""
    if not TRIED_FROM_NETWORK.take(network_of(client_address(request)), now=clock.now()):
        return JsonResponse({}, status=429)
    options, state = passkeys.ask_who()
    session = session_of(request)
    session[_ASKED] = state
    if contact_of(request) is None:
        session.set_expiry(int(_ANSWER_WITHIN.total_seconds()))
    return JsonResponse(options)


@allowed(post=Who.ANYONE)
def enter(request: HttpRequest) -> HttpResponseBase:
    form, now, state = PasskeyForm(request.POST), clock.now(), session_of(request).pop(_ASKED, None)
    if not form.is_valid() or state is None:
        return redirect("portal:sign-in")
    try:
        owner = passkeys.owner_by_passkey(state=state, answer=form.cleaned_data["credential"], now=now)
    except Refused as refused:
        audit(request, Act.SIGN_IN_FAILED, None, now=now)
        messages.error(request, refused.message)
        return redirect("portal:sign-in")
    begin_session(request, owner, address_id=None, now=now)
    return redirect(own_page(form.cleaned_data["next"]))


@allowed(get=Who.CONTACT, post=Who.CONTACT)
@proven_lately
def add(request: HttpRequest) -> HttpResponseBase:
    contact, now, session = signed_in(request), clock.now(), session_of(request)
    if request.method == "GET":
        options, session[_ASKED_NEW] = passkeys.ask_for_new(contact)
        return render(
            request,
            "portal/passkey.html",
            {"form": NewPasskeyForm(), "options": json.loads(json.dumps(options, default=dict))},
        )
    form, state = NewPasskeyForm(request.POST), session.pop(_ASKED_NEW, None)
    if not form.is_valid() or state is None:
        return redirect("portal:add-passkey")
    try:
        with transaction.atomic():
            passkeys.add(
                contact=contact,
                name=form.cleaned_data["name"],
                state=state,
                answer=form.cleaned_data["credential"],
                now=now,
            )
            tell_change(contact=contact, change=Change.PASSKEY_ADDED, now=now)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:settings")
    messages.success(request, gettext("The passkey is added: it signs you in without an address or a password."))
    return redirect("portal:settings")


@allowed(post=Who.CONTACT)
@proven_lately
def remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    contact, now = signed_in(request), clock.now()
    with transaction.atomic():
        if not passkeys.remove(contact=contact, pk=pk):
            raise Http404
        tell_change(contact=contact, change=Change.PASSKEY_REMOVED, now=now)
    messages.success(request, gettext("The passkey is removed."))
    return redirect("portal:settings")
