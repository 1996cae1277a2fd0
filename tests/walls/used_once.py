"""What lets somebody in once: links, codes, questions to passkeys, and the sessions that wait for them. Made inside a started installation."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestedCredentialData

from sportello.accounts.middleware import ACTIVE, BEGUN
from sportello.accounts.recovery_codes import digest, make_codes, new_codes
from sportello.accounts.sessions import SessionStore
from sportello.core import clock
from sportello.customers import second_factor
from sportello.customers.actions import Granted
from sportello.customers.invitations import make_invitation
from sportello.customers.models import Contact, ContactApp, ContactPasskey
from sportello.customers.sign_in import make_link
from sportello.desk.staff_mail import password_link
from tests.factories import make_contact, make_customer, make_user
from tests.walls.world import World

PASSWORD = "an-old-password-of-some-length"


@dataclass
class Key:
    """A passkey in somebody's hands: `handle` says whose it claims to be."""

    id: str
    handle: str
    pem: str


@dataclass
class Made:
    """`waiting` are sessions that lack the second step, `cookies` the names under which browsers keep them."""

    cookies: dict[str, str]
    origin: str
    links: list[str]
    resets: list[str]
    invitations: list[str]
    keys: list[Key]
    steps: list[dict[str, Any]]
    staff: list[dict[str, Any]]
    apps: list[dict[str, str]]
    renewed: list[dict[str, str]]
    """Pages on which new recovery codes are made."""


def made(rounds: int) -> Made:
    world = World()
    each = range(rounds)
    return Made(
        cookies={"csrf": settings.CSRF_COOKIE_NAME, "staff": settings.SESSION_COOKIE_NAME, "contact": settings.PORTAL_COOKIE_NAME},
        origin=settings.PUBLIC_URL,
        links=[reverse("portal:enter", args=[make_link(contact=make_contact(), now=clock.now())]) for _ in each],
        resets=[_reset() for _ in each],
        invitations=[_invitation(world) for _ in each],
        keys=[_key(make_contact()) for _ in range(rounds + 1)],
        steps=[_second_step() for _ in each],
        staff=[_staff() for _ in each],
        apps=[_app(world) for _ in each],
        renewed=[page(world) for _ in each for page in (_codes_of_contact, _codes_of_staff)],
    )  # fmt: skip


def _reset() -> str:
    user = make_user()
    user.set_password(PASSWORD)
    user.save()
    return password_link(user).removeprefix(settings.PUBLIC_URL)


def _invitation(world: World) -> str:
    _row, secret = make_invitation(
        customer=make_customer(), mail=f"{uuid4().hex}@customer.example", name="Ida", language="it", granted=Granted(),
        by=world.admin, now=clock.now(), address=None,
    )  # fmt: skip
    return reverse("portal:invited", args=[secret])


def _key(contact: Contact) -> Key:
    private, identity = ec.generate_private_key(ec.SECP256R1()), uuid4().bytes
    coded: Any = ES256  # fido2 leaves this call without types
    credential = AttestedCredentialData.create(Aaguid.NONE, identity, coded.from_cryptography_key(private.public_key()))
    ContactPasskey.objects.create(
        contact=contact, credential_id=websafe_encode(identity), credential=bytes(credential), name="x", added_at=clock.now()
    )  # fmt: skip
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return Key(websafe_encode(identity), websafe_encode(contact.public_id.bytes), pem)


def _second_step() -> dict[str, Any]:
    """Six browsers in which the first step was taken."""
    contact, secret, codes = make_contact(), second_factor.new_secret(), new_codes()
    ContactApp.objects.create(
        contact=contact, secret=secret, last_step=0, recovery_sha256=[digest(code) for code in codes], set_at=clock.now()
    )  # fmt: skip
    return {
        "secret": second_factor.told(secret),
        "code": codes[0],
        "waiting": [_kept(halfway=[contact.pk, None, "", clock.now().timestamp()]) for _ in range(6)],
    }


def _kept(**what: Any) -> str:
    session = SessionStore()
    session.update(what)
    session.set_expiry(600)
    session.save()
    return str(session.session_key)


def _staff() -> dict[str, Any]:
    user = make_user()
    user.set_password(PASSWORD)
    user.save()
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return {"email": user.email, "secret": secret, "code": make_codes(user)[0]}


def _app(world: World) -> dict[str, str]:
    """An app that is being set up: its square was looked at."""
    browser: Client = world.customer(make_contact())
    browser.get(reverse("portal:app"))
    key = browser.cookies[settings.PORTAL_COOKIE_NAME].value
    return {"session": key, "secret": second_factor.told(SessionStore(key)["app_secret"])}


def _codes_of_contact(world: World) -> dict[str, str]:
    contact = make_contact()
    browser = world.customer(contact)
    ContactApp.objects.create(
        contact=contact, secret=second_factor.new_secret(), recovery_sha256=[uuid4().hex], set_at=clock.now()
    )
    name = settings.PORTAL_COOKIE_NAME
    return _page(browser, reverse("portal:settings"), reverse("portal:recovery-codes"), name)


def _codes_of_staff(world: World) -> dict[str, str]:
    user = make_user()
    TOTP.activate(user, generate_totp_secret())
    make_codes(user)
    browser, path = world.staff(user), reverse("mfa_generate_recovery_codes")
    browser.get(reverse("desk:queue"))
    session = browser.session
    stamp = clock.now().timestamp()
    session.update({BEGUN: stamp, ACTIVE: stamp})
    session.save()
    return _page(browser, path, path, settings.SESSION_COOKIE_NAME)


def _page(browser: Client, shown: str, path: str, cookie: str) -> dict[str, str]:
    (mark,) = re.findall(r'name="mark" value="(\w+)"', browser.get(shown).content.decode())
    return {"path": path, "cookie": cookie, "session": browser.cookies[cookie].value, "mark": mark}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(asdict(made(int(sys.argv[2])))), encoding="utf-8")
