"""What is kept so that only this installation can read it: AES-256-GCM, under a key derived from the secret key.

Whoever has the database or a dump of it, but not the secret key, has nothing. What is sealed for one row does not open for another.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES, _KEY_BYTES = 12, 32


class NotOurs(Exception):  # noqa: N818 - names what is wrong
    """Sealed with another secret key, for another row, or altered since."""


def seal(words: str, *, purpose: str, row: str) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher(purpose).encrypt(nonce, words.encode(), row.encode())


def unseal(sealed: bytes, *, purpose: str, row: str) -> str:
    """Raises NotOurs."""
    nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(purpose).decrypt(nonce, rest, row.encode()).decode()
    except (InvalidTag, ValueError):
        raise NotOurs from None


def mark_of_the_key() -> str:
    """By which two machines see whether they have the same secret key. It tells nothing of it."""
    return _derived("mark").hex()[:16]


def _cipher(purpose: str) -> AESGCM:
    return AESGCM(_derived(purpose))


def _derived(purpose: str) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"sportello.{purpose}".encode()).derive(
        settings.SECRET_KEY.encode()
    )
