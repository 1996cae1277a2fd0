"""A mail to oneself: sent through the outbox, it must come back through a door."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.mail.actions.outbound import enqueue
from sportello.mail.enums import OutboundKind
from sportello.mail.models import InboundMail, Mailbox, OutboundMail, RawMail, SelfTest
from sportello.mail.reasons import MailReason

KEPT = timedelta(days=7)


def begin_self_test(*, mailbox: Mailbox, now: datetime) -> SelfTest:
    """Puts the mail in the outbox. Those older than a week are forgotten."""
    with transaction.atomic(), translation.override(settings.LANGUAGE_CODE):
        _forget(before=now - KEPT)
        test = SelfTest.objects.create(mailbox=mailbox, started_at=now)
        test.outbound = enqueue(
            mailbox=mailbox,
            kind=OutboundKind.SELF_TEST,
            to=mailbox.address,
            subject=_("Sportello's self-test %(token)s") % {"token": test.token},
            text=_("This mail proves that mail goes out and comes back. Nobody needs to read it."),
            language=settings.LANGUAGE_CODE,
            automatic=True,
            now=now,
        )
        test.save(update_fields=["outbound"])
    return test


def end_self_test(*, test_id: int, now: datetime) -> bool:
    """It came back. False when it had before."""
    return SelfTest.objects.filter(pk=test_id, arrived_at__isnull=True).update(arrived_at=now) == 1


def _forget(*, before: datetime) -> None:
    """Their rows and bytes on both sides: they are ours, and there are hundreds a day."""
    came_back = InboundMail.objects.filter(reason=MailReason.SELF_TEST_ARRIVED, received_at__lt=before)
    contents = list(came_back.values_list("raw", flat=True))
    came_back.delete()
    RawMail.objects.filter(pk__in=contents).exclude(
        pk__in=InboundMail.objects.filter(raw__in=contents).values("raw")
    ).delete()
    OutboundMail.objects.filter(kind=OutboundKind.SELF_TEST, created_at__lt=before).delete()
