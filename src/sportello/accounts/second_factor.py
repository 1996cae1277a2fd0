"""Second factors as allauth keeps them, with their secrets encrypted: a stolen dump of the database holds none that could be used."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction

from sportello.accounts.actions import record
from sportello.accounts.address import client_address
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.recovery_codes import use_code
from sportello.core import clock


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """The key is derived from SPORTELLO_SECRET_KEY. Whoever changes that, makes everybody set up an authenticator app anew."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys belong to the configured host, whatever Host a request names."""
        return {"id": urlsplit(settings.PUBLIC_URL).hostname or "", "name": settings.PROVIDER_NAME}


class OneTimeCode(BaseAuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code of an app opens once, however long its step is accepted (RFC 6238, 5.2): allauth forgets after one step, and accepts three.

    allauth would also keep recovery codes so that it can show them again.
    """

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        forget_tries = check_rate_limit(self.user)
        self.authenticator = _take_step(self.user, code) or use_code(self.user, code)
        if self.authenticator is None:
            address = client_address(context.request)
            record(act=Act.SIGN_IN_FAILED, subject=self.user.email, by=None, now=clock.now(), address=address)
            raise SecondFactorAdapter().validation_error("incorrect_code")
        forget_tries()
        return code


class CodeForm(OneTimeCode, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """At sign-in."""


class CodeAgainForm(OneTimeCode, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Before something sensitive."""


def has_second_factor(user: User) -> bool:
    return bool(SecondFactorAdapter().is_mfa_enabled(user))


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second-factor:" + settings.SECRET_KEY.encode()).digest()))


@transaction.atomic
def _take_step(user: User, code: str) -> Authenticator | None:
    """Their app, when the time step of this code is later than the last one that opened; from then on it is the last."""
    app = Authenticator.objects.select_for_update(no_key=True).filter(user=user, type=Authenticator.Type.TOTP).first()
    step = step_of(code, SecondFactorAdapter().decrypt(app.data["secret"])) if app else None
    if step is None or step <= app.data.get("last_step", -1):
        return None
    app.data["last_step"] = step
    app.save(update_fields=["data"])
    return app


def step_of(code: str, secret: str) -> int | None:
    """The time step that an app with this secret shows this code in; None for one of another time, or of none."""
    for step in reversed(list(yield_hotp_counters_from_time())):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None
