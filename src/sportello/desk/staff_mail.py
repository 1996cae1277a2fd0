"""Mails to our own staff: the way in, and notice of what happened to their account. They leave through the outbox like any other."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import int_to_base36
from django.utils.translation import gettext, pgettext

from sportello.accounts import actions
from sportello.accounts.enums import Act, Role
from sportello.accounts.models import Team, User
from sportello.core.errors import Refused
from sportello.mail.actions.outbound import first_since
from sportello.mail.enums import OutboundKind
from sportello.mail.queries.mailboxes import mailbox_for_notices
from sportello.mail.queries.outbound import sending_is_on
from sportello.tickets.notifications import Reader, to_staff

FORMAT_OF_INSTANTS = "%d/%m/%Y %H:%M"


def password_link(user: User) -> str:
    """The address at which the user sets a password: works once, for PASSWORD_RESET_TIMEOUT seconds, on the configured host."""
    key = PasswordResetTokenGenerator().make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": int_to_base36(user.pk), "key": key})
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def invite(
    *, email: str, name: str, role: Role, team: Team | None, language: str, by: User, now: datetime, address: str | None
) -> User:
    """Make an account and send its owner the way in; while sending is off, whoever invites hands it over: see `link_to_hand_over`.

    Raises what `accounts.actions.create_user` does, and Refused("no-mailbox").
    """
    user = actions.create_user(
        email=email, name=name, role=role, team=team, language=language, by=by, now=now, address=address
    )
    if sending_is_on() and not send_invitation(user=user, by=by, now=now):
        raise Refused("no-mailbox", gettext("There is no mailbox to write from yet: add one first."))
    return user


def link_to_hand_over(*, user: User, by: User, now: datetime, address: str | None) -> str:
    """The way in, for an administrator's own eyes: while nothing is sent to anyone, it reaches its owner by another way. In the audit."""
    actions.record(act=Act.LINK_SHOWN, subject=user.email, by=by, now=now, address=address)
    return password_link(user)


@transaction.atomic
def invite_again(*, user: User, by: User, now: datetime, address: str | None) -> bool:
    """False without any mailbox to write from."""
    actions.record(act=Act.INVITED_AGAIN, subject=user.email, by=by, now=now, address=address)
    return send_invitation(user=user, by=by, now=now)


def send_invitation(*, user: User, by: User, now: datetime) -> bool:
    with translation.override(user.language):
        text = gettext(
            "Hello %(name)s,\n\n%(by)s has made an account for you on the support desk of %(provider)s.\n\n"
            "Set your password here; the link works once, for one hour:\n%(link)s\n\n"
            "Later, a new link can be asked for at any time:\n%(again)s"
        ) % {
            "name": user.name,
            "by": by.name,
            "provider": settings.PROVIDER_NAME,
            "link": password_link(user),
            "again": _reset_page(),
        }
        return _send(Reader.of(user), gettext("Your account on the support desk"), text, OutboundKind.SIGN_IN, now)


@transaction.atomic
def send_password_link(*, user: User, asked_at: datetime, now: datetime) -> bool:
    """One for each time that it was asked for. False when that one is in the outbox already, or without any mailbox."""
    if not first_since(kind=OutboundKind.SIGN_IN, address=user.email, since=asked_at):
        return False
    with translation.override(user.language):
        text = gettext(
            "Hello %(name)s,\n\nsomebody, most likely you, asked for a new password for the support desk of %(provider)s.\n\n"
            "Set it here; the link works once, for one hour:\n%(link)s\n\nIf it was not you, nothing needs to be done."
        ) % {"name": user.name, "provider": settings.PROVIDER_NAME, "link": password_link(user)}
        return _send(Reader.of(user), gettext("A new password for the support desk"), text, OutboundKind.SIGN_IN, now)


def send_security_notice(*, user: User, act: Act, address: str | None, now: datetime) -> bool:
    """Tells the owner what was done to their account, so that a thief is noticed."""
    with translation.override(user.language):
        text = gettext(
            "Hello %(name)s,\n\nthis was done with your account on the support desk: %(act)s.\n"
            "When: %(when)s\nFrom the address: %(address)s\n\nIf it was not you, tell an administrator at once."
        ) % {
            "name": user.name,
            "act": act.label,
            "when": timezone.localtime(now).strftime(FORMAT_OF_INSTANTS),
            "address": address or pgettext("address", "unknown"),
        }
        owner = Reader.of(user)._replace(key=None)  # told also once the account is no more
        return _send(owner, gettext("Your account was changed"), text, OutboundKind.NOTICE, now)


def _reset_page() -> str:
    return f"{settings.PUBLIC_URL}{reverse('account_reset_password')}"


def _send(reader: Reader, subject: str, text: str, kind: OutboundKind, now: datetime) -> bool:
    mailbox = mailbox_for_notices()
    if mailbox is None:
        return False
    to_staff(reader, subject, text, kind=kind, mailbox=mailbox, now=now)
    return True
