"""Second factors as allauth keeps them, with their secrets encrypted: a stolen dump of the database holds none that could be used."""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

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


def has_second_factor(user: User) -> bool:
    return bool(SecondFactorAdapter().is_mfa_enabled(user))


def _cipher() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"second-factor:" + settings.SECRET_KEY.encode()).digest()))
