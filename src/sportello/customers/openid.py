"""Sign-in at a provider of identities (OpenID Connect 1.0): code flow with PKCE, state and nonce. Nothing is believed that is not signed for us."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from sportello.core import http
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused
from sportello.core.reach import NotAllowed, Unreachable
from sportello.customers.models import ContactAddress, ContactIdentity

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_APART = 60  # seconds
_NEEDED = ("iss", "sub", "aud", "exp", "iat")
_OF_READING = (ValueError, TypeError, LookupError, AttributeError, RecursionError, jwt.PyJWTError)
_LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Asked:
    """What is kept in the browser's session until it comes back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claims:
    """Who somebody is there; `address` is empty unless it says that it has verified it."""

    issuer: str
    subject: str
    address: str


def is_offered() -> bool:
    return bool(settings.OPENID_ISSUER and settings.OPENID_CLIENT_ID)


def begin(*, back: str) -> tuple[str, Asked]:
    """The address to send the browser to. Raises Refused("openid-unreachable")."""
    asked = Asked(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    digest = hashlib.sha256(asked.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.OPENID_CLIENT_ID,
        "redirect_uri": back,
        "scope": "openid email",
        "state": asked.state,
        "nonce": asked.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    endpoint = _endpoint(_discovered(), "authorization_endpoint")
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}", asked


def finish(*, asked: Asked, state: str, code: str, issuer: str, back: str) -> Claims:
    """What the provider signed for us. `issuer` is what it called itself on the way back (RFC 9207), if it did.

    Raises Refused: "openid-unreachable", "openid-not-valid".
    """
    if not secrets.compare_digest(state.encode(), asked.state.encode()):
        raise _not_valid()
    house = _discovered()
    if issuer and issuer != house["issuer"]:
        raise _not_valid()
    try:
        return _claims(_token(house, code, asked, back), house, asked)
    except _OF_READING as error:
        raise _not_valid() from error


@transaction.atomic
def owner_by_identity(claims: Claims, *, now: datetime) -> ContactAddress:
    """The address of the contact who has come in so before, else of the one who has the verified address; it is theirs from then on.

    Raises Refused("openid-unknown").
    """
    known = ContactIdentity.objects.filter(
        issuer=claims.issuer, subject=claims.subject, address__isnull=False, contact__is_active=True
    )
    found = known.select_related("address__contact__customer").first()
    if found is not None and found.address is not None:
        return found.address
    owned = ContactAddress.objects.select_related("contact__customer").filter(
        address=claims.address, contact__is_active=True
    )
    owner = owned.first() if claims.address else None
    if owner is None:
        raise Refused(
            "openid-unknown",
            gettext(
                "You have signed in there, but we know nobody with that address. Ask for an invitation, or write to us."
            ),
        )
    try:
        with transaction.atomic():
            ContactIdentity.objects.create(
                contact=owner.contact, address=owner, issuer=claims.issuer, subject=claims.subject, since=now
            )
    except IntegrityError as error:  # of somebody who was withdrawn
        raise _not_valid() from error
    return owner


def _discovered() -> Mapping[str, Any]:
    """What the provider says of itself (OpenID Connect Discovery 4.3): asked each time, since people sign in seldom."""
    house = _fetched(f"{settings.OPENID_ISSUER}/.well-known/openid-configuration")
    if str(house.get("issuer", "")).rstrip("/") != settings.OPENID_ISSUER:
        raise _unreachable()
    return house


def _endpoint(house: Mapping[str, Any], name: str) -> str:
    """One that is no less safe than the issuer itself."""
    address = str(house.get(name, ""))
    if not address.startswith(("https://", "http://")) or (
        settings.OPENID_ISSUER.startswith("https://") and not address.startswith("https://")
    ):
        raise _unreachable()
    return address


def _fetched(address: str) -> Mapping[str, Any]:
    try:
        answer = http.get(address, allowed=settings.OPENID_NETWORKS)
        found = json.loads(answer.body) if answer.is_success else None
    except (NotAllowed, Unreachable, ValueError, RecursionError) as error:
        raise _unreachable() from error
    if not isinstance(found, dict):
        raise _unreachable()
    return found


def _token(house: Mapping[str, Any], code: str, asked: Asked, back: str) -> str:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": settings.OPENID_CLIENT_ID,
        "code_verifier": asked.verifier,
    }
    authorization = ""
    if "client_secret_post" in house.get("token_endpoint_auth_methods_supported", ()):
        fields["client_secret"] = settings.OPENID_CLIENT_SECRET
    else:
        pair = f"{quote(settings.OPENID_CLIENT_ID, safe='')}:{quote(settings.OPENID_CLIENT_SECRET, safe='')}"
        authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
    try:
        answer = http.post_form(
            _endpoint(house, "token_endpoint"), fields, authorization=authorization, allowed=settings.OPENID_NETWORKS
        )
    except (NotAllowed, Unreachable) as error:
        raise _unreachable() from error
    if not answer.is_success:
        raise _not_valid()
    return str(json.loads(answer.body)["id_token"])


def _claims(token: str, house: Mapping[str, Any], asked: Asked) -> Claims:
    """Signature, issuer, audience, expiry, nonce (OpenID Connect Core 3.1.3.7)."""
    head = jwt.get_unverified_header(token)
    told = jwt.decode(
        token,
        _key(house, head.get("kid")),
        algorithms=ALGORITHMS,
        issuer=house["issuer"],
        audience=settings.OPENID_CLIENT_ID,
        leeway=CLOCKS_APART,
        options={"require": list(_NEEDED)},
    )
    if not secrets.compare_digest(str(told.get("nonce", "")).encode(), asked.nonce.encode()):
        raise _not_valid()
    if told.get("azp", settings.OPENID_CLIENT_ID) != settings.OPENID_CLIENT_ID:
        raise _not_valid()
    address = as_kept(str(told.get("email", ""))) if told.get("email_verified") is True else ""
    subject = str(told["sub"])
    if not subject.isprintable() or len(subject) > _LONGEST_SUBJECT or not address.isprintable():
        raise _not_valid()
    return Claims(house["issuer"], subject, address)


def _key(house: Mapping[str, Any], kid: str | None) -> jwt.PyJWK:
    keys = [
        key
        for key in jwt.PyJWKSet.from_dict(dict(_fetched(_endpoint(house, "jwks_uri")))).keys
        if kid in (None, key.key_id)
    ]
    if len(keys) != 1:
        raise _not_valid()
    return keys[0]


def _unreachable() -> Refused:
    return Refused("openid-unreachable", gettext("The sign-in service does not answer. Sign in another way."))


def _not_valid() -> Refused:
    return Refused("openid-not-valid", gettext("The sign-in did not succeed. Try again, or sign in another way."))
