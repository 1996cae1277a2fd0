"""Our addresses, and the IMAP accounts that are fetched into them, as administrators set them up. Every act is in the audit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.addresses import BadAddressError
from sportello.core.errors import Refused
from sportello.core.reach import may_be_reached
from sportello.mail import headers
from sportello.mail.enums import ImapMode, Purpose
from sportello.mail.models import ImapAccount, Mailbox

SECRET_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,59}")
HOST_NAME = re.compile(r"(?=.{1,253}\Z)(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)*[^\W\d_](?:[\w-]{0,61}[^\W_])?\.?")
"""Its last label begins with a letter, so that no other spelling of an address is a name: 2130706433, 0x7f.1."""
OWN_SETTING = "KEY"
"""SPORTELLO_SECRET_KEY is a setting of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailboxFields:
    """What is entered about one of our addresses. `aliases` are further addresses whose mail goes here too."""

    address: str
    display_name: str
    aliases: tuple[str, ...] = ()
    purpose: Purpose = Purpose.SUPPORT
    signature_it: str = ""
    signature_en: str = ""
    authserv_id: str = ""
    accepts_without_result: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapFields:
    """What is entered about an account. `secret` names the setting that holds its password; `since` is the cut-off date."""

    host: str
    port: int
    tls: bool
    username: str
    secret: str
    folder: str
    mode: ImapMode
    since: date


WHERE_MAIL_LIES = ("host", "port", "username", "folder")


# -- mailboxes -----------------------------------------------------------------------------------------------------------
def create_mailbox(*, fields: MailboxFields, by: User | None, now: datetime, address: str | None) -> Mailbox:
    """Raises Refused("address-not-valid"), Refused("address-taken")."""
    check_can_administer(by)
    with transaction.atomic():
        mailbox = _save_mailbox(Mailbox(), _checked(fields, Mailbox()))
        record(act=Act.MAILBOX_CREATED, subject=mailbox.address, by=by, now=now, address=address)
    return mailbox


def change_mailbox(*, mailbox: Mailbox, fields: MailboxFields, by: User, now: datetime, address: str | None) -> Mailbox:
    """Raises Refused("address-not-valid"), Refused("address-taken")."""
    check_can_administer(by)
    with transaction.atomic():
        mailbox.refresh_from_db(from_queryset=Mailbox.objects.select_for_update(no_key=True))
        wanted = _checked(fields, mailbox)
        detail = _differences(mailbox, wanted)
        _save_mailbox(mailbox, wanted)
        record(act=Act.MAILBOX_CHANGED, subject=mailbox.address, by=by, now=now, address=address, detail=detail)
    return mailbox


def _checked(fields: MailboxFields, mailbox: Mailbox) -> dict[str, Any]:
    """The columns, with addresses as they are compared: in lower case, each once."""
    own = _address(fields.address)
    others = [other for other in dict.fromkeys(_address(alias) for alias in fields.aliases) if other != own]
    _check_free([own, *others], mailbox)
    return {**asdict(fields), "address": own, "aliases": others, "authserv_id": fields.authserv_id.strip().lower()}


def _check_free(addresses: list[str], mailbox: Mailbox) -> None:
    for other in Mailbox.objects.exclude(pk=mailbox.pk):
        taken = {name.lower() for name in (other.address, *other.aliases)} & set(addresses)
        if taken:
            raise Refused(
                "address-taken",
                _("%(address)s is already an address of the mailbox %(mailbox)s.")
                % {"address": min(taken), "mailbox": other.address},
            )


def _address(value: str) -> str:
    try:
        return headers.address(value).lower()
    except BadAddressError:
        raise Refused("address-not-valid", _("%(address)s is not a mail address.") % {"address": value}) from None


def _save_mailbox(mailbox: Mailbox, columns: Mapping[str, Any]) -> Mailbox:
    for name, value in columns.items():
        setattr(mailbox, name, value)
    mailbox.save()
    return mailbox


# -- IMAP ----------------------------------------------------------------------------------------------------------------
def create_imap_account(
    *, mailbox: Mailbox, fields: ImapFields, by: User, now: datetime, address: str | None
) -> ImapAccount:
    """Raises what `_check_server` does, Refused("secret-not-valid"), ("imap-taken"), and ("not-yet-live"): a new one begins by receiving only."""
    check_can_administer(by)
    _check_server(fields)
    _check_secret(fields.secret)
    account = ImapAccount(mailbox=mailbox, **asdict(fields))
    _check_mode(account, fields.mode)
    with transaction.atomic():
        _save_account(account)
        record(act=Act.IMAP_CREATED, subject=str(account), by=by, now=now, address=address)
    return account


def change_imap_account(
    *, account: ImapAccount, fields: ImapFields, by: User, now: datetime, address: str | None
) -> ImapAccount:
    """Another server, user or folder is another store of mail: it begins anew, by receiving only.

    Raises what `_check_server` does, Refused("secret-not-valid"), ("imap-taken"), ("not-yet-live").
    """
    check_can_administer(by)
    if (account.host, account.port) != (fields.host, fields.port):
        _check_server(fields)
    _check_secret(fields.secret)
    with transaction.atomic():
        account.refresh_from_db(from_queryset=ImapAccount.objects.select_for_update(of=("self",), no_key=True))
        detail = _differences(account, asdict(fields))
        for name, value in asdict(fields).items():
            setattr(account, name, value)
        if not detail.keys().isdisjoint(WHERE_MAIL_LIES):
            account.uidvalidity, account.last_uid, account.connected_at = None, 0, None
        _check_mode(account, fields.mode)
        account.failing_since, account.last_error = None, ""
        _save_account(account)
        record(act=Act.IMAP_CHANGED, subject=str(account), by=by, now=now, address=address, detail=detail)
    return account


def remove_imap_account(*, account: ImapAccount, by: User, now: datetime, address: str | None) -> None:
    """It is fetched no more; what came from it stays."""
    check_can_administer(by)
    with transaction.atomic():
        record(act=Act.IMAP_REMOVED, subject=str(account), by=by, now=now, address=address)
        account.delete()


def _check_server(fields: ImapFields) -> None:
    """Raises Refused("port-not-allowed"), ("host-not-valid"). What a name leads to is looked at whenever it is connected to."""
    if fields.port not in settings.IMAP_PORTS:
        ports = ", ".join(map(str, sorted(settings.IMAP_PORTS)))
        raise Refused(
            "port-not-allowed",
            _("Mail is fetched from these ports only: %(ports)s. The setting SPORTELLO_IMAP_PORTS names others.")
            % {"ports": ports},
        )
    try:
        allowed = may_be_reached(ip_address(fields.host), settings.IMAP_NETWORKS)
    except ValueError:
        allowed = HOST_NAME.fullmatch(fields.host) is not None
    if not allowed:
        raise Refused(
            "host-not-valid",
            _("This is not the name of a server, or an address that may not be reached: see SPORTELLO_IMAP_NETWORKS."),
        )


def _check_secret(name: str) -> None:
    if not SECRET_NAME.fullmatch(name) or name == OWN_SETTING or name.endswith("_FILE"):
        raise Refused(
            "secret-not-valid",
            _(
                "A password setting is named with capital letters, digits and underscores, as INFO. KEY and names that end in _FILE are taken."
            ),
        )


def _check_mode(account: ImapAccount, mode: ImapMode) -> None:
    if mode == ImapMode.LIVE and account.connected_at is None:
        raise Refused(
            "not-yet-live",
            _("Begin with “receive only”: once it has connected and you have seen what it would do, make it live."),
        )


def _save_account(account: ImapAccount) -> None:
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        raise Refused("imap-taken", _("This folder of this account is fetched already.")) from None


def _differences(row: Mailbox | ImapAccount, wanted: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is about to change, as [before, after]."""
    changed = {name: [str(getattr(row, name)), str(value)] for name, value in wanted.items()}
    return {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
