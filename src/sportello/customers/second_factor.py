"""A contact's authenticator app and recovery codes. A code opens once; secrets are encrypted, recovery codes kept as hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.utils.translation import gettext

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_write
from sportello.accounts.recovery_codes import digest, mark_of, new_codes, plain
from sportello.accounts.second_factor import SecondFactorAdapter, step_of
from sportello.core.errors import Refused
from sportello.customers.actions import hold
from sportello.customers.models import Contact, ContactApp, ContactPasskey, ContactPassword
from sportello.customers.queries import primary_address
from sportello.customers.sessions import end_sessions, shut_out


@dataclass(frozen=True, slots=True)
class WaysIn:
    """What a contact can sign in with beside the link by mail, as staff see it."""

    password_since: datetime | None
    has_app: bool
    passkeys: int

    @property
    def any(self) -> bool:
        return bool(self.password_since or self.has_app or self.passkeys)


def ways_in(contact: Contact) -> WaysIn:
    """In one query."""
    password = ContactPassword.objects.filter(contact=OuterRef("pk"))
    counted = Contact.objects.filter(pk=contact.pk).annotate(
        password_since=Subquery(password.values("changed_at")),
        has_app=Exists(ContactApp.objects.filter(contact=OuterRef("pk"))),
        keys=Count("passkeys"),
    )
    return WaysIn(*counted.values_list("password_since", "has_app", "keys").get())


def new_secret() -> str:
    """For an app that is being set up: encrypted, as it may be kept."""
    return SecondFactorAdapter().encrypt(generate_totp_secret())


def told(secret: str) -> str:
    """The secret as it is typed into an app."""
    return SecondFactorAdapter().decrypt(secret)


def address_for_app(contact: Contact, secret: str) -> str:
    """What the square holds (otpauth, as all apps read it)."""
    house = settings.PROVIDER_NAME
    query = urlencode({"secret": told(secret), "issuer": house}, quote_via=quote)
    return f"otpauth://totp/{quote(f'{house}:{primary_address(contact)}')}?{query}"


def app_of(contact: Contact) -> ContactApp | None:
    return ContactApp.objects.filter(contact=contact).first()


@transaction.atomic
def set_up_app(*, contact: Contact, secret: str, code: str, session_key: str, now: datetime) -> list[str]:
    """The app is asked for from now on, and every other session ends. The recovery codes, which are told once.

    Raises Refused: "code-not-right"; "codes-shown" when it was sent twice, since only one set of codes can hold.
    """
    step = step_of(plain(code), told(secret))
    if step is None:
        raise _not_right()
    hold(contact)
    before = app_of(contact)
    if before and before.secret == secret:
        raise _shown_already()
    codes = new_codes()
    kept = {"secret": secret, "last_step": step, "recovery_sha256": [digest(code) for code in codes], "set_at": now}
    ContactApp.objects.update_or_create(contact=contact, defaults=kept)
    end_sessions(contact=contact, but=session_key)
    return codes


@transaction.atomic
def make_codes(*, contact: Contact, mark: str) -> list[str]:
    """New recovery codes in place of those that `mark` is of. Raises Refused("no-app"); "codes-shown" once others stand in their place."""
    app = ContactApp.objects.select_for_update(no_key=True).filter(contact=contact).first()
    if app is None:
        raise Refused("no-app", gettext("No authenticator app is set up."))
    if mark != mark_of(app.recovery_sha256):
        raise _shown_already()
    codes = new_codes()
    app.recovery_sha256 = [digest(code) for code in codes]
    app.save(update_fields=["recovery_sha256"])
    return codes


def remove_app(*, contact: Contact) -> bool:
    return ContactApp.objects.filter(contact=contact).delete()[0] > 0


@transaction.atomic
def use_code(*, contact: Contact, code: str) -> None:
    """Takes a code of the app, or a recovery code, once. Raises Refused("code-not-right")."""
    app = ContactApp.objects.select_for_update(no_key=True).filter(contact=contact).first()
    if app is None or not (_take_step(app, plain(code)) or _take_recovery(app, plain(code))):
        raise _not_right()


@transaction.atomic
def reset(*, contact: Contact, by: User, now: datetime, address: str | None) -> None:
    """Staff take away password, app and passkeys of somebody who lost them, or whose mailbox was in foreign hands, and has proved who they are.

    Whoever set them is shut out, with all sessions and links of before; the link by mail leads in.
    """
    check_can_write(by)
    remove_app(contact=contact)
    ContactPasskey.objects.filter(contact=contact).delete()
    ContactPassword.objects.filter(contact=contact).delete()
    shut_out([contact.pk])
    noted = {"by": by, "now": now, "address": address, "about": contact}
    record(act=Act.CONTACT_FACTORS_RESET, subject=contact.name, **noted)  # type: ignore[arg-type]  # each is what it is called


def _take_step(app: ContactApp, code: str) -> bool:
    step = step_of(code, told(app.secret))
    if step is None or step <= app.last_step:
        return False
    app.last_step = step
    app.save(update_fields=["last_step"])
    return True


def _take_recovery(app: ContactApp, code: str) -> bool:
    used = digest(code)
    if used not in app.recovery_sha256:
        return False
    app.recovery_sha256 = [kept for kept in app.recovery_sha256 if kept != used]
    app.save(update_fields=["recovery_sha256"])
    return True


def _shown_already() -> Refused:
    words = gettext(
        "The codes that were shown last hold, and are not shown again. Make new ones if you do not have them."
    )
    return Refused("codes-shown", words)


def _not_right() -> Refused:
    return Refused("code-not-right", gettext("This code is not right, or was used already."))
