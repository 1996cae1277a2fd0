"""How a contact signs in: their password, and where they are signed in."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.enums import Act, Who
from sportello.accounts.limits import Limit
from sportello.accounts.recovery_codes import mark_of
from sportello.accounts.too_often import too_often
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.customers.actions import choose_language, choose_notices
from sportello.customers.enums import Notice
from sportello.customers.passkeys import passkeys_of
from sportello.customers.passwords import has_password, set_password
from sportello.customers.second_factor import app_of
from sportello.customers.sessions import end_session, end_sessions, sessions_of
from sportello.intake.contact_mail import Change, tell_change
from sportello.portal.coming_in import proven_lately
from sportello.portal.forms import LanguageForm, NoticesForm, PasswordForm
from sportello.portal.middleware import audit, has_just_signed_in, session_key, signed_in

PASSWORDS_SET = Limit("portal-password-set", most=10, within=timedelta(hours=1))


@allowed(get=Who.CONTACT)
def settings(request: HttpRequest) -> HttpResponseBase:
    return _page(request, PasswordForm())


@allowed(post=Who.CONTACT)
def password(request: HttpRequest) -> HttpResponseBase:
    """Set or change it; who has not just signed in proves once more who they are."""
    contact, now, form = signed_in(request), clock.now(), PasswordForm(request.POST)
    if not has_just_signed_in(request, now=now):
        form.add_error(None, gettext("Sign out and in again first: a password is only set right after signing in."))
    if not form.is_valid():
        return _page(request, form, status=422)
    if not PASSWORDS_SET.take(str(contact.pk), now=now):
        return too_often(request, PASSWORDS_SET)
    try:
        with transaction.atomic():
            set_password(contact=contact, password=form.cleaned_data["new"], session_key=session_key(request), now=now)
            audit(request, Act.PASSWORD_CHANGED, contact, now=now)
            tell_change(contact=contact, change=Change.PASSWORD_SET, now=now)
    except Refused as refused:
        form.add_error("new", refused.message)
        return _page(request, form, status=422)
    messages.success(request, gettext("The password is set. All other sessions have ended."))
    return redirect("portal:settings")


@allowed(post=Who.CONTACT)
def notices(request: HttpRequest) -> HttpResponseBase:
    """Choose what is told by mail as well."""
    form = NoticesForm(request.POST)
    if not form.is_valid():
        return _page(request, PasswordForm(), status=422)
    choose_notices(contact=signed_in(request), wanted=form.cleaned_data["wanted"])
    messages.success(request, gettext("Saved."))
    return redirect("portal:settings")


@allowed(post=Who.CONTACT)
def language(request: HttpRequest) -> HttpResponseBase:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return _page(request, PasswordForm(), status=422)
    choose_language(contact=signed_in(request), language=form.cleaned_data["language"])
    translation.activate(form.cleaned_data["language"])
    messages.success(request, gettext("Saved."))
    return redirect("portal:settings")


@allowed(post=Who.CONTACT)
@proven_lately
def end(request: HttpRequest, pk: int) -> HttpResponseBase:
    """End one session."""
    if not end_session(contact=signed_in(request), pk=pk):
        raise Http404
    messages.success(request, gettext("The session has ended."))
    return redirect("portal:settings")


@allowed(post=Who.CONTACT)
@proven_lately
def end_others(request: HttpRequest) -> HttpResponseBase:
    end_sessions(contact=signed_in(request), but=session_key(request))
    messages.success(request, gettext("All other sessions have ended."))
    return redirect("portal:settings")


def _page(request: HttpRequest, form: PasswordForm, *, status: int = 200) -> HttpResponseBase:
    contact, now = signed_in(request), clock.now()
    context = {
        "form": form,
        "language": LanguageForm(initial={"language": contact.language}, auto_id="own_%s"),
        "notices": NoticesForm(initial={"wanted": [each for each in Notice if each not in contact.muted]}),
        "has_password": has_password(contact),
        "app": (app := app_of(contact)),
        "codes_mark": mark_of(app.recovery_sha256) if app else "",
        "passkeys": passkeys_of(contact),
        "may_set": has_just_signed_in(request, now=now),
        "sessions": sessions_of(contact, now=now),
        "this": session_key(request),
        "now": now,
    }
    return render(request, "portal/settings.html", context, status=status)
