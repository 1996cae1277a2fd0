"""A person's data, packed for them by a job and given out for a week."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.limits import Limit
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core import files
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.customers.queries import primary_address
from sportello.mail.actions import enqueue
from sportello.mail.enums import OutboundKind
from sportello.mail.queries.mailboxes import mailbox_for_notices
from sportello.privacy.models import Download
from sportello.privacy.packing import packed
from sportello.privacy.queries import readable_by
from sportello.privacy.rules import DOWNLOAD_LASTS

PACK_TASK = "sportello.privacy.pack"
ASKED = Limit("privacy-download", most=3, within=timedelta(days=1))


def ask_for_data(
    *, contact: Contact, by: User | None, now: datetime, address: str | None, with_notes: bool = False
) -> Download:
    """Has everything packed; without `by` the person asks, who is told by mail when it is ready.

    Raises Refused("admin-only"), Refused("asked-too-often").
    """
    check_can_administer(by)
    if not ASKED.take(str(contact.pk), now=now):
        raise Refused("asked-too-often", gettext("This was asked for three times today. Try again tomorrow."))
    with transaction.atomic():
        download = Download.objects.create(
            contact=contact, asked_by=by, asked_at=now, with_notes=with_notes and by is not None
        )
        record(act=Act.DATA_ASKED, subject=str(contact), by=by, now=now, address=address, about=contact)
        app.configure_task(PACK_TASK).defer(download_id=download.pk)
    return download


def pack(*, download_id: int, now: datetime) -> None:
    """Does it, once."""
    with transaction.atomic():
        rows = Download.objects.select_for_update(of=("self",), no_key=True).select_related("contact__customer")
        download = rows.filter(pk=download_id, ready_at__isnull=True).first()
        if download is None:
            return
        download.readable = readable_by(download.contact)  # before: what is lost meanwhile counts as lost after
        content = packed(download, now=now)
        download.sha256, download.size = files.put(content), len(content)
        download.ready_at, download.expires_at = now, now + DOWNLOAD_LASTS
        download.save(update_fields=["sha256", "size", "ready_at", "expires_at", "readable"])
        if download.asked_by_id is None:
            _tell(download.contact, now)


def note_fetched(*, download: Download, by: User | None, now: datetime, address: str | None) -> None:
    contact = download.contact
    record(act=Act.DATA_FETCHED, subject=str(contact), by=by, now=now, address=address, about=contact)


def expire_downloads(*, now: datetime) -> int:
    """Takes away what lay there for a week; how many."""
    return _remove(Download.objects.filter(expires_at__lte=now).exclude(sha256=""))


def drop_downloads(contact: Contact) -> int:
    return _remove(Download.objects.filter(contact=contact).exclude(sha256=""))


@transaction.atomic
def _remove(rows: QuerySet[Download]) -> int:
    names = list(rows.select_for_update(no_key=True).values_list("sha256", flat=True))
    count = rows.update(sha256="", size=0)
    for sha256 in names:
        transaction.on_commit(partial(files.remove, sha256))
    return count


def _tell(contact: Contact, now: datetime) -> None:
    """Tells the person that it is ready. The link leads to a page behind the sign-in."""
    mailbox, mail = mailbox_for_notices(), primary_address(contact)
    if mailbox is None or not mail:
        return
    with translation.override(contact.language):
        text = gettext(
            "Hello,\n\nyour data is ready. For seven days it can be fetched here, after signing in:\n%(link)s"
        ) % {"link": settings.PUBLIC_URL + reverse("portal:privacy")}
        subject = gettext("Your data is ready")
    enqueue(
        mailbox=mailbox, kind=OutboundKind.NOTICE, to=mail, to_name=contact.name, subject=subject, text=text,
        language=contact.language, now=now, automatic=True, reader={"contact": contact.pk},
    )  # fmt: skip
