"""The authenticator app of a contact: asked for at sign-in, set up, and taken away."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Act, Who
from sportello.accounts.limits import Limit
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers import second_factor
from sportello.intake.contact_mail import Change, tell_change
from sportello.portal.coming_in import halfway, own_page, proven_lately
from sportello.portal.forms import CodeForm
from sportello.portal.middleware import audit, begin_session, session_key, session_of, signed_in

CODES_OF_CONTACT = Limit("portal-code-contact", most=10, within=timedelta(minutes=15))
CODES_FROM_NETWORK = Limit("portal-code-network", most=30, within=timedelta(minutes=15))
_SECRET = "app_secret"  # noqa: S105 - under which name it is kept


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def code(request: HttpRequest) -> HttpResponseBase:
    """The second step. Who has not taken the first is sent there."""
    now = clock.now()
    who = halfway(request, now=now)
    if who is None:
        return redirect("portal:sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return _code_page(request, form)
    guesses = (
        (CODES_OF_CONTACT, str(who.contact.pk)),
        (CODES_FROM_NETWORK, network_of(client_address(request))),
    )
    if not min([limit.take(key, now=now) for limit, key in guesses]):
        form.add_error(None, gettext("Too many tries. Try again in a quarter of an hour."))
        return _code_page(request, form, status=429)
    try:
        second_factor.use_code(contact=who.contact, code=form.cleaned_data["code"])
    except Refused as refused:
        audit(request, Act.SIGN_IN_FAILED, who.contact, now=now)
        form.add_error("code", refused.message)
        return _code_page(request, form, status=422)
    for limit, key in guesses:
        limit.give_back(key, now=now)
    begin_session(request, who.contact, address_id=who.address_id, now=now)
    return redirect(own_page(who.then))


@allowed(get=Who.CONTACT, post=Who.CONTACT)
@proven_lately
def app(request: HttpRequest) -> HttpResponseBase:
    """Set the app up: the secret is shown until its first code has come."""
    contact, now = signed_in(request), clock.now()
    session = session_of(request)
    if request.method == "GET" or _SECRET not in session:
        session[_SECRET] = second_factor.new_secret()
        return _app_page(request, CodeForm())
    form, secret = CodeForm(request.POST), session[_SECRET]
    if not form.is_valid():
        return _app_page(request, form, status=422)
    if not CODES_OF_CONTACT.take(str(contact.pk), now=now):
        return too_often(request, CODES_OF_CONTACT)
    try:
        with transaction.atomic():
            codes = second_factor.set_up_app(
                contact=contact,
                secret=secret,
                code=form.cleaned_data["code"],
                session_key=session_key(request),
                now=now,
            )
            tell_change(contact=contact, change=Change.APP_SET, now=now)
    except Refused as refused:
        if refused.code == "codes-shown":
            messages.warning(request, refused.message)
            return redirect("portal:settings")
        form.add_error("code", refused.message)
        return _app_page(request, form, status=422)
    del session[_SECRET]
    CODES_OF_CONTACT.give_back(str(contact.pk), now=now)
    return _codes_page(request, codes, is_first=True)


@allowed(post=Who.CONTACT)
@proven_lately
def remove_app(request: HttpRequest) -> HttpResponseBase:
    contact, now = signed_in(request), clock.now()
    with transaction.atomic():
        removed = second_factor.remove_app(contact=contact)
        if removed:
            tell_change(contact=contact, change=Change.APP_REMOVED, now=now)
    if removed:
        messages.success(request, gettext("The authenticator app is not asked for any more."))
    return redirect("portal:settings")


@allowed(post=Who.CONTACT)
@proven_lately
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """New ones, shown in this answer and never again."""
    try:
        codes = second_factor.make_codes(contact=signed_in(request), mark=request.POST.get("mark", ""))
    except Refused as refused:
        messages.warning(request, refused.message)
        return redirect("portal:settings")
    return _codes_page(request, codes, is_first=False)


def _code_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    return render(request, "portal/code.html", {"form": form}, status=status)


def _app_page(request: HttpRequest, form: CodeForm, *, status: int = 200) -> HttpResponse:
    contact, secret = signed_in(request), session_of(request)[_SECRET]
    context = {
        "form": form,
        "secret": second_factor.told(secret),
        "square": second_factor.address_for_app(contact, secret),
        "replaces": second_factor.app_of(contact) is not None,
    }
    return render(request, "portal/app.html", context, status=status)


def _codes_page(request: HttpRequest, codes: list[str], *, is_first: bool) -> HttpResponse:
    return render(request, "portal/recovery_codes.html", {"codes": codes, "is_first": is_first})
