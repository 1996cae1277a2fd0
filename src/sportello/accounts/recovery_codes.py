"""Codes for the day on which telephone and key are lost. They are shown once; only hashes of them are kept (ASVS 6.5.2)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.crypto import salted_hmac

from sportello.accounts.models import User

CODES = 10
_CODE_BYTES = 15  # 120 bits: from 112 on a plain hash is enough (ASVS 6.5.2)
_ROUNDS = 210_000  # of PBKDF2 with SHA-512, for codes of eight digits that allauth made


def new_codes() -> list[str]:
    """As they are shown: letters and digits in groups of four."""
    plain = (base64.b32encode(secrets.token_bytes(_CODE_BYTES)).decode().lower() for _ in range(CODES))
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in plain]


def digest(code: str) -> str:
    """What is kept of a code, however it is typed."""
    return hashlib.sha256(plain(code).encode(errors="replace")).hexdigest()


def plain(code: str) -> str:
    return "".join(letter for letter in code if letter.isalnum()).lower()


@transaction.atomic
def make_codes(user: User, *, mark: str | None = None) -> list[str]:
    """New ones in place of the old, of which none opens any more. With the `mark` of these none are made once others stand in their place."""
    list(User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    if mark is not None and mark != mark_of(hashes_left(user)):
        return []
    codes = new_codes()
    kept = kept_as([digest(code) for code in codes])
    Authenticator.objects.update_or_create(user=user, type=Authenticator.Type.RECOVERY_CODES, defaults={"data": kept})
    return codes


@transaction.atomic
def use_code(user: User, code: str) -> Authenticator | None:
    """The row of the codes of which this was one, once."""
    row = (
        Authenticator.objects.select_for_update(no_key=True)
        .filter(user=user, type=Authenticator.Type.RECOVERY_CODES)
        .first()
    )
    if row is None:
        return None
    hashes, salt = row.data.get("hashes", []), row.data.get("salt")
    typed = {digest(code), salted(plain(code), salt)} if salt else {digest(code)}
    if typed.isdisjoint(hashes):
        return None
    row.data["hashes"] = [each for each in hashes if each not in typed]
    row.save(update_fields=["data"])
    return row


def hashes_left(user: User) -> list[str]:
    """The hashes of those not used yet."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return row.data.get("hashes", []) if row else []


def mark_of(hashes: Iterable[str]) -> str:
    """Stands in the form that replaces these codes, so that a page of new ones that is loaded again makes no others."""
    return salted_hmac("recovery codes", " ".join(hashes)).hexdigest()[:16]


def kept_as(hashes: list[str], *, salt: str = "") -> dict[str, object]:
    """`migrated_codes` says to allauth, which reads the same rows, that there are none."""
    return {"migrated_codes": [], "hashes": hashes, "salt": salt}


def salted(code: str, salt: str) -> str:
    """A hash that is slow to guess by, for codes that are short."""
    return hashlib.pbkdf2_hmac("sha512", code.encode(errors="replace"), salt.encode(), _ROUNDS).hex()
