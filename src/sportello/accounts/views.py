"""Pages about oneself, and the place where browsers report what they refused."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from allauth.account import views as account
from allauth.account.adapter import get_adapter
from allauth.usersessions import views as usersessions
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from sportello.accounts import actions
from sportello.accounts.access import allowed, as_one, forgetting, proven, staff
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Who
from sportello.accounts.forms import OwnSettingsForm
from sportello.accounts.limits import Limit
from sportello.accounts.models import User
from sportello.accounts.recovery_codes import hashes_left, make_codes, mark_of
from sportello.accounts.second_factor import has_second_factor
from sportello.core import clock

REPORTS = Limit("csp-report", most=60, within=timedelta(hours=1))
REPORT_BYTES = 16_384
_ID = re.compile(r"/(?:[0-9a-f]{8}-[0-9a-f-]{27}|\d+|[\w-]{30,})(?=/|$)")


@allowed(get=Who.ANYONE)
def front_door(request: HttpRequest) -> HttpResponseBase:
    """Staff to the desk, everybody else to the customers' area."""
    return redirect(settings.LOGIN_REDIRECT_URL if isinstance(request.user, User) else "portal:home")


@allowed(get=Who.STAFF, post=Who.STAFF, before_second_factor=True)
def own_settings(request: HttpRequest) -> HttpResponseBase:
    """One's own name and language."""
    user = staff(request)
    form = OwnSettingsForm(request.POST) if request.method == "POST" else OwnSettingsForm.of(user)
    if form.is_bound and form.is_valid():
        actions.change_own_settings(user=user, by=user, **form.cleaned_data)
        translation.activate(form.cleaned_data["language"])
        messages.success(request, gettext("Saved."))
        return redirect("account_settings")
    return render(request, "account/settings.html", {"form": form})


@allowed(get=Who.ANYONE, post=Who.ANYONE)
def sign_out(request: HttpRequest) -> HttpResponseBase:
    answer: HttpResponseBase = account.logout(request)
    return forgetting(answer) if request.method == "POST" else answer


@allowed(get=Who.ANYONE, post=Who.ANYONE)
@as_one
def password_by_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponseBase:
    """Set it anew. A link is used once: of two who use it at the same moment the second waits, and finds it used."""
    if request.method == "POST":
        actions.hold_account(uidb36)
    answer: HttpResponseBase = account.password_reset_from_key(request, uidb36=uidb36, key=key)
    return answer


@allowed(get=Who.STAFF, post=Who.STAFF, before_second_factor=True)
@proven
def sessions(request: HttpRequest) -> HttpResponseBase:
    """One's own open sessions; what others of them show live ends at once when they are ended here."""
    answer: HttpResponseBase = usersessions.list_usersessions(request)
    if request.method == "POST":
        actions.tell_session_ended(user=staff(request))
    return answer


@allowed(get=Who.STAFF, post=Who.STAFF, before_second_factor=True)
@proven
@as_one
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """New ones, shown in this answer and never again."""
    user = staff(request)
    if not has_second_factor(user):
        return redirect("mfa_index")
    if request.method == "GET":
        left = hashes_left(user)
        return render(request, "mfa/recovery_codes/generate.html", {"left": len(left), "mark": mark_of(left)})
    codes = make_codes(user, mark=request.POST.get("mark", ""))
    if not codes:
        messages.warning(
            request,
            gettext(
                "The codes that were shown last hold, and are not shown again. Make new ones if you do not have them."
            ),
        )
        return redirect("mfa_index")
    get_adapter(request).send_notification_mail("mfa/email/recovery_codes_generated", user)
    return render(request, "mfa/recovery_codes/index.html", {"codes": codes})


@dataclass(frozen=True, slots=True)
class Violation:
    """What of a browser's report is kept: no query, no ids, no more letters than the columns have."""

    page: str
    directive: str
    blocked: str
    sample: str

    @classmethod
    def of(cls, report: dict[str, Any]) -> Violation:
        named = ("document-uri", "effective-directive", "blocked-uri", "script-sample")
        page, directive, blocked, sample = (_text(report.get(key)) for key in named)
        return cls(_ID.sub("/…", urlsplit(page).path), directive, blocked.partition("?")[0], sample)


@csrf_exempt  # a browser sends reports without our token; they are only counted and listed, within a limit
@allowed(post=Who.ANYONE, background=True)
def csp_report(request: HttpRequest) -> HttpResponse:
    """Browsers report here what they refused because of the content security policy (CSP 3, 5.3)."""
    now = clock.now()
    if not REPORTS.take(network_of(client_address(request)), now=now):
        return HttpResponse(status=429)
    found = _violation(request.read(REPORT_BYTES + 1))
    if found:
        actions.note_violation(**asdict(found), now=now)
    return HttpResponse(status=204)


def _violation(body: bytes) -> Violation | None:
    """None when the body is not a report, or more than a report can be."""
    try:
        said = json.loads(body) if len(body) <= REPORT_BYTES else None
        report = said.get("csp-report") if isinstance(said, dict) else None
        return Violation.of(report) if isinstance(report, dict) else None
    except (ValueError, RecursionError):
        return None


def _text(value: object) -> str:
    return "".join(letter for letter in str(value or "") if letter.isprintable())
