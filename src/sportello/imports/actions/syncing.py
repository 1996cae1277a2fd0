"""What nobody asks for: imports that stand still go on, and the billing system is looked at when it is time."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from sportello.core.errors import Refused
from sportello.imports.actions.taking import begin_sync, defer
from sportello.imports.adapters.configured import is_configured
from sportello.imports.enums import GOING, Source
from sportello.imports.models import Import

STANDS_STILL = timedelta(minutes=5)


def sweep(*, now: datetime) -> None:
    """Asks for a job for every import that has not moved for five minutes: whoever went through it may be gone."""
    still = Import.objects.filter(state__in=GOING, moved_at__lt=now - STANDS_STILL)
    with transaction.atomic():
        for row in still.select_for_update(skip_locked=True, no_key=True):
            row.moved_at = now
            row.save(update_fields=["moved_at"])
            defer(row)


def sync_if_due(*, now: datetime) -> None:
    """Begins a look at each billing system whose last one is long enough ago, by the settings."""
    every = timedelta(hours=settings.WHMCS_EVERY_HOURS)
    if not every or not is_configured(Source.WHMCS):
        return
    latest = Import.objects.filter(source=Source.WHMCS).order_by("-id").first()
    if latest is None or latest.created_at <= now - every:
        with suppress(Refused):  # one is under way
            begin_sync(source=Source.WHMCS, is_trial=False, by=None, now=now)
