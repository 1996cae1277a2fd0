"""How staff sign in: allauth does it, and this adapter ties it to our limits, our audit and our outbox.

It stands in the desk, the face of staff, because it must reach both `accounts` and `mail`, which do not know each other.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ResetPasswordForm
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy

from sportello.accounts.actions import record, tell_session_ended
from sportello.accounts.address import client_address, network_of
from sportello.accounts.enums import Act
from sportello.accounts.limits import Limit
from sportello.accounts.middleware import just_signed_in, stamp_session
from sportello.accounts.models import User
from sportello.accounts.queries import staff_by_address
from sportello.core import clock
from sportello.core.addresses import as_kept
from sportello.desk.staff_mail import send_security_notice
from sportello.desk.tasks import send_password_link_to

DEVICE_SALT = "sportello.desk.device"
DEVICE_KNOWN_FOR = timedelta(days=365)
PROVED = "proved"
"""In the session: whose password was set here by a link from a mail, which makes the browser one of theirs as well."""

# A browser in which the owner has signed in before has a count of its own, so that strangers who try passwords cannot lock the owner out.
WRONG_FROM_STRANGERS = Limit("password-stranger", most=10, within=timedelta(minutes=15))
WRONG_FROM_DEVICE = Limit("password-device", most=10, within=timedelta(minutes=15))
WRONG_FROM_NETWORK = Limit("password-network", most=30, within=timedelta(minutes=15))

NOTICES = {
    "account/email/password_changed": Act.PASSWORD_CHANGED,
    "account/email/password_set": Act.PASSWORD_CHANGED,
    "account/email/password_reset": Act.PASSWORD_RESET,
    "mfa/email/totp_activated": Act.FACTOR_ADDED,
    "mfa/email/totp_deactivated": Act.FACTOR_REMOVED,
    "mfa/email/webauthn_added": Act.FACTOR_ADDED,
    "mfa/email/webauthn_removed": Act.FACTOR_REMOVED,
    "mfa/email/recovery_codes_generated": Act.RECOVERY_CODES_MADE,
}


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No self sign-up; generic answers; every sign-in, and every change to how somebody signs in, is audited and told to the owner."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "enter_current_password": gettext_lazy("This is not the current password."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Try again in a quarter of an hour."),
    }

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or "0.0.0.0"  # noqa: S104 - a name for "unknown", nothing is bound

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of our own are gone to after sign-in."""
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def is_reauthentication_required(self, **_what: Any) -> bool:
        return not just_signed_in(self.request, now=clock.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        now, guesses = clock.now(), _guesses(request, credentials)
        if not _take_all(guesses, now):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """As allauth does, except that a deactivated account gets the same answer as a wrong password."""
        typed = {"email": as_kept(credentials["email"])} if "email" in credentials else {}
        user: AbstractBaseUser | None = super().authenticate(request, **{**credentials, **typed})
        if user is None:
            return None
        if not user.is_active:
            self.authentication_failed(request, **credentials)
            return None
        now = clock.now()
        for limit, key in _guesses(request, credentials):
            limit.give_back(key, now=now)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Audited by name only when there is such an account: what else was typed there may be a password."""
        known = staff_by_address(str(credentials.get("email", "")))
        record(
            act=Act.SIGN_IN_FAILED,
            subject=known.email if known else "",
            by=None,
            now=clock.now(),
            address=client_address(request),
        )

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """The password alone: allauth would also write back the role and whether the account is active as they were when the request began."""
        user.set_password(password)
        user.save(update_fields=["password"])

    def respond_user_inactive(self, *_who: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        now = clock.now()
        stamp_session(request, now=now)
        _remember_device(request, response, user)
        _audit(request, Act.SIGNED_IN, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        user = request.user
        if isinstance(user, User):
            _audit(request, Act.SIGNED_OUT, user)
        super().logout(request)
        if isinstance(user, User):
            tell_session_ended(user=user)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """No greeting on every sign-in and sign-out: the page that opens says it."""
        template = args[0] if args else kwargs.get("message_template")
        if template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, *args, **kwargs)

    def send_notification_mail(
        self, template_prefix: str, user: AbstractBaseUser, *_context: Any, **_more: Any
    ) -> None:
        act = NOTICES.get(template_prefix)
        if act and isinstance(user, User):
            _audit(self.request, act, user)
            tell_session_ended(user=user)
            if act is Act.PASSWORD_RESET:
                self.request.session[PROVED] = {"email": user.email, "name": secrets.token_hex(8)}
            send_security_notice(user=user, act=act, address=client_address(self.request), now=clock.now())


class ResetRequestForm(ResetPasswordForm):  # type: ignore[misc]
    """Whether there is such an account is looked up in a job, so that neither the answer nor its time tells."""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.strip().lower()

    def save(self, *_request: HttpRequest, **_kwargs: Any) -> str:
        email: str = self.cleaned_data["email"]
        send_password_link_to.defer(email=email, asked_at=clock.now().isoformat())
        return email


def _take_all(guesses: list[tuple[Limit, str]], now: datetime) -> bool:
    """Count the try by every measure, also when the first already says no."""
    return min([limit.take(key, now=now) for limit, key in guesses])


def _guesses(request: HttpRequest, credentials: dict[str, Any]) -> list[tuple[Limit, str]]:
    email = (
        as_kept(str(credentials.get("email", ""))).upper().lower()
    )  # the account is found in capitals, where ı and ſ are I and S
    device = _known_device(request, email)
    by_account = (WRONG_FROM_DEVICE, device) if device else (WRONG_FROM_STRANGERS, email)
    return [by_account, (WRONG_FROM_NETWORK, network_of(client_address(request)))]


def _known_device(request: HttpRequest, email: str) -> str | None:
    """The name of a browser in which the owner has signed in before, or has just set the password by a link."""
    named = (each for each in (_device_of(request), request.session.get(PROVED, {})) if each.get("email") == email)
    return next((f"{each['name']}" for each in named), None)


def _device_of(request: HttpRequest) -> dict[str, str]:
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        device: dict[str, str] = signing.loads(cookie, salt=DEVICE_SALT, max_age=DEVICE_KNOWN_FOR)
    except signing.BadSignature:
        return {}
    return device


def _remember_device(request: HttpRequest, response: HttpResponse, user: AbstractBaseUser) -> None:
    if not isinstance(user, User) or _device_of(request).get("email") == user.email:
        return
    value = signing.dumps({"email": user.email, "name": secrets.token_hex(8)}, salt=DEVICE_SALT)
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        value,
        max_age=DEVICE_KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _audit(request: HttpRequest, act: Act, user: AbstractBaseUser) -> None:
    if isinstance(user, User):
        record(act=act, subject=user.email, by=user, now=clock.now(), address=client_address(request))
