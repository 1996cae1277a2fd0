"""The mail about planned maintenance to one person, in their language, with the hours of their own clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.customers.models import Contact
from sportello.customers.queries import primary_address
from sportello.incidents.enums import NoticeKind
from sportello.incidents.models import Maintenance
from sportello.incidents.planned.queries import customers_hit, services_of_person
from sportello.incidents.words import window_words
from sportello.mail import actions as mail
from sportello.mail import composition
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox, OutboundMail


def tell(
    maintenance: Maintenance, contact: Contact, kind: NoticeKind, *, mailbox: Mailbox, now: datetime
) -> OutboundMail | None:
    """None for somebody without an address, who reads it in the customer area."""
    address = primary_address(contact)
    if not address:
        return None
    language = contact.language
    with translation.override(language):
        subject = _SUBJECTS[kind]() % {"title": title_of(maintenance, language)}
    return mail.enqueue(
        mailbox=mailbox,
        kind=OutboundKind.NOTICE,
        to=address,
        to_name=contact.name,
        subject=subject,
        text=_text(maintenance, contact, kind),
        language=language,
        now=now,
        automatic=True,
        reader={"contact": contact.pk, "customers": customers_hit(maintenance, contact)},
    )


def title_of(maintenance: Maintenance, language: str) -> str:
    return maintenance.title_it if language == "it" else maintenance.title_en


def _text(maintenance: Maintenance, contact: Contact, kind: NoticeKind) -> str:
    services, more = services_of_person(maintenance, contact)
    own_zone = contact.customer.time_zone if contact.customer else settings.TIME_ZONE
    language, zones = contact.language, dict.fromkeys([own_zone, settings.TIME_ZONE])
    with translation.override(language):
        windows = [window_words(maintenance.starts_at, maintenance.ends_at, ZoneInfo(zone)) for zone in zones]
    return composition.write(
        "incidents/planned.txt",
        language=language,
        kind=kind.value,
        title=title_of(maintenance, language),
        said=maintenance.text_it if language == "it" else maintenance.text_en,
        windows=list(dict.fromkeys(windows)),
        services=services,
        more=more,
        link=f"{settings.STATUS_URL}{language}/{maintenance.public_id}.html" if maintenance.is_public else "",
    )


_SUBJECTS = {
    NoticeKind.PLANNED: lambda: _("Planned maintenance: %(title)s"),
    NoticeKind.CHANGED: lambda: _("Planned maintenance, changed: %(title)s"),
    NoticeKind.REMINDER: lambda: _("Reminder of planned maintenance: %(title)s"),
    NoticeKind.CALLED_OFF: lambda: _("Called off: %(title)s"),
}
