"""A contact's passkeys (WebAuthn): they prove device and person at once, and name whom they belong to, so that no address is typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sportello.accounts.passkeys import ANSWERED, NO_ANSWER
from sportello.core.errors import Refused
from sportello.customers.models import Contact, ContactPasskey
from sportello.customers.queries import primary_address

NAME_LENGTH = 80
MOST = 20

Options = tuple[dict[str, Any], dict[str, Any]]
"""What the browser is asked, and what is kept until it answers."""


def ask_for_new(contact: Contact) -> Options:
    known = [AttestedCredentialData(bytes(key.credential)) for key in passkeys_of(contact)]
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(
            id=contact.public_id.bytes, name=primary_address(contact) or str(contact), display_name=str(contact)
        ),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), state


def add(*, contact: Contact, name: str, state: Mapping[str, Any], answer: Any, now: datetime) -> ContactPasskey:
    """Raises Refused: "passkey-not-valid", "too-many-passkeys"."""
    if ContactPasskey.objects.filter(contact=contact).count() >= MOST:
        raise Refused("too-many-passkeys", gettext("There are many passkeys already; remove one first."))
    try:
        found = _server().register_complete(dict(state), RegistrationResponse.from_dict(answer))
        credential = found.credential_data
        if credential is None:
            raise _not_valid()
        with transaction.atomic():
            return ContactPasskey.objects.create(
                contact=contact,
                credential_id=websafe_encode(credential.credential_id),
                credential=bytes(credential),
                sign_count=found.counter,
                name=name.strip()[:NAME_LENGTH] or gettext("Passkey"),
                added_at=now,
            )
    except (*NO_ANSWER, IntegrityError) as error:
        raise _not_valid() from error


def ask_who() -> Options:
    options, state = _server().authenticate_begin(user_verification=UserVerificationRequirement.REQUIRED)
    return dict(options), state


@transaction.atomic
def owner_by_passkey(*, state: Mapping[str, Any], answer: Any, now: datetime) -> Contact:
    """Whose passkey has answered. Raises Refused("passkey-not-valid")."""
    try:
        response = AuthenticationResponse.from_dict(answer)
        key = _key(websafe_encode(response.raw_id))
        _server().authenticate_complete(dict(state), [AttestedCredentialData(bytes(key.credential))], response)
        counted = response.response.authenticator_data.counter
    except NO_ANSWER as error:
        raise _not_valid() from error
    if response.response.user_handle not in (None, key.contact.public_id.bytes) or _is_copied(key, counted):
        raise _not_valid()
    if not ANSWERED.take(state["challenge"], now=now):
        raise _not_valid()
    ContactPasskey.objects.filter(pk=key.pk).update(sign_count=counted, used_at=now)
    return key.contact


def passkeys_of(contact: Contact) -> list[ContactPasskey]:
    return list(ContactPasskey.objects.filter(contact=contact))


def remove(*, contact: Contact, pk: int) -> bool:
    """False when it is none of theirs."""
    return ContactPasskey.objects.filter(contact=contact, pk=pk).delete()[0] > 0


def _key(credential_id: str) -> ContactPasskey:
    keys = ContactPasskey.objects.select_for_update(of=("self",), no_key=True).select_related("contact")
    key = keys.filter(credential_id=credential_id, contact__is_active=True).first()
    if key is None:
        raise _not_valid()
    return key


def _is_copied(key: ContactPasskey, counted: int) -> bool:
    """A counter that does not grow tells of a second one (WebAuthn 6.1.1); most passkeys do not count and send 0."""
    return (counted or key.sign_count) != 0 and counted <= key.sign_count


def _server() -> Fido2Server:
    """Passkeys belong to the configured host, whatever Host a request names, and answer for its very origin."""
    parts = urlsplit(settings.PUBLIC_URL)
    house = PublicKeyCredentialRpEntity(id=parts.hostname or "", name=settings.PROVIDER_NAME)
    return Fido2Server(house, verify_origin=lambda origin: origin == f"{parts.scheme}://{parts.netloc}")


def _not_valid() -> Refused:
    return Refused("passkey-not-valid", gettext("This passkey does not open the customer area."))
