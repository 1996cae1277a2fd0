"""The one mail that goes to an address which somebody typed into the public form: fixed words, and nothing of what they wrote."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.mail import actions as mail
from sportello.mail import composition
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox, OutboundMail
from sportello.presales.rules import LINK_LASTS


def confirm_address(*, address: str, secret: str, language: str, mailbox: Mailbox, at: datetime) -> OutboundMail:
    """It counts among the receipts, of which an address gets one an hour (RFC 3834, 2)."""
    link = f"{settings.PUBLIC_URL}{reverse('presales-confirm', kwargs={'secret': secret})}"
    hours = int(LINK_LASTS.total_seconds()) // 3600
    given = {"provider": settings.PROVIDER_NAME, "link": link, "hours": hours}
    with translation.override(language):
        subject = _("Please confirm your address")
    return mail.enqueue(
        mailbox=mailbox,
        kind=OutboundKind.RECEIPT,
        to=address,
        subject=subject,
        text=composition.write("presales/confirm.txt", language=language, **given),
        language=language,
        now=at,
        automatic=True,
    )
