"""Second factors as allauth keeps them, with their secrets encrypted: a stolen dump of the database holds none that could be used."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import transaction

from sportello.accounts.models import User


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
    """A code of an app opens once, however long its step is accepted (RFC 6238, 5.2). allauth forgets after one step, and accepts three."""

    def clean_code(self) -> str:
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP and not _take_step(self.authenticator.pk, code):
            raise SecondFactorAdapter().validation_error("incorrect_code")
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
def _take_step(authenticator_id: int, code: str) -> bool:
    """Whether the time step of this code is later than the last one that opened; from then on it is the last."""
    app = Authenticator.objects.select_for_update().get(pk=authenticator_id)
    step = step_of(code, SecondFactorAdapter().decrypt(app.data["secret"]))
    if step is None or step <= app.data.get("last_step", -1):
        return False
    app.data["last_step"] = step
    app.save(update_fields=["data"])
    return True


def step_of(code: str, secret: str) -> int | None:
    """The time step that an app with this secret shows this code in; None for one of another time, or of none."""
    for step in reversed(list(yield_hotp_counters_from_time())):
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, step))):
            return int(step)
    return None
