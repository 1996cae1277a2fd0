"""The mails about how a contact gets in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.core.statements import NOTHING
from sportello.customers.models import Contact
from sportello.customers.queries import primary_address
from sportello.customers.sign_in import make_link
from sportello.mail.actions.outbound import enqueue, first_since
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox
from sportello.mail.queries.mailboxes import mailbox_for_notices


@transaction.atomic
def send_link(*, contact: Contact, address: str, then: str, asked_at: datetime, now: datetime) -> bool:
    """Put a new link in the outbox, for the address that asked, once for each time. `then` is the page to open afterwards.

    False when it is there already, or without any mailbox.
    """
    mailbox = mailbox_for_notices()
    if mailbox is None or not first_since(kind=OutboundKind.SIGN_IN, address=address, since=asked_at):
        return False
    with translation.override(contact.language):
        text = gettext(
            "Hello,\n\nthis link opens the customer area of %(provider)s:\n%(link)s\n\n"
            "It works once, for half an hour. If you did not ask for it, nothing needs to be done."
        ) % {
            "provider": settings.PROVIDER_NAME,
            "link": _address(make_link(contact=contact, now=now, address=address), then),
        }
        _put(
            contact, address, mailbox, OutboundKind.SIGN_IN, gettext("Your way in"), text, now, {"contact": contact.pk}
        )
    return True


class Change(Enum):
    """What changed in how a contact signs in: the subject of the mail about it, and its sentence."""

    PASSWORD_SET = (
        _("Your password was set"),
        _("a new password was set for the customer area, and all other sessions have ended."),
    )
    APP_SET = (
        _("An authenticator app was set up"),
        _("an authenticator app was set up for the customer area, and all other sessions have ended."),
    )
    APP_REMOVED = (
        _("The authenticator app was removed"),
        _("the authenticator app is not asked for any more in the customer area."),
    )
    PASSKEY_ADDED = (_("A passkey was added"), _("a passkey that opens the customer area was added."))
    PASSKEY_REMOVED = (_("A passkey was removed"), _("a passkey of the customer area was removed."))
    FACTORS_RESET = (
        _("Password, authenticator app and passkeys were removed"),
        _(
            "our staff removed the password, the authenticator app and the passkeys of the customer area, and all sessions have ended. "
            "The link by mail leads in."
        ),
    )


def tell_change(*, contact: Contact, change: Change, now: datetime) -> None:
    """Tells the owner, so that a thief is noticed. Without a mailbox or an address nobody is told."""
    mailbox, address = mailbox_for_notices(), primary_address(contact)
    if mailbox is None or not address:
        return
    subject, sentence = change.value
    with translation.override(contact.language):
        text = gettext("Hello,\n\n%(sentence)s\n\nIf it was not you, tell us at once.") % {"sentence": sentence}
        _put(contact, address, mailbox, OutboundKind.NOTICE, str(subject), text, now)


def _put(
    contact: Contact,
    address: str,
    mailbox: Mailbox,
    kind: OutboundKind,
    subject: str,
    text: str,
    now: datetime,
    reader: Mapping[str, Any] = NOTHING,
) -> None:
    enqueue(
        mailbox=mailbox,
        kind=kind,
        to=address,
        to_name=contact.name,
        subject=subject,
        text=text,
        language=contact.language,
        now=now,
        automatic=True,
        reader=reader,
    )


def _address(secret: str, then: str) -> str:
    query = f"?{urlencode({'next': then})}" if then else ""
    return f"{settings.PUBLIC_URL}{reverse('portal:enter', kwargs={'secret': secret})}{query}"
