"""An erasure is looked at, and then meant: a job does either (privacy/actions/going.py)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from procrastinate.contrib.django import app

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.errors import Refused
from sportello.customers.models import Contact
from sportello.mail.queries.words import how_many_raws
from sportello.privacy.enums import UNDER_WAY, Progress
from sportello.privacy.models import ErasurePlan

ERASE_TASK = "sportello.privacy.erase"
SEARCH_LASTS = timedelta(days=1)
"""After that the mails are searched again: those that came since are looked through in one go, in the transaction that erases."""


def look_at_erasure(*, contact: Contact, by: User, now: datetime) -> None:
    """Has it found out what would go and what would stay. Raises Refused("admin-only"), Refused("erasure-going-on")."""
    check_can_administer(by)
    with transaction.atomic():
        plan = _held(contact, by, now)
        _begin(plan, Progress.LOOKING, **_from_the_start(now), by=by, moved_at=now)


def begin_erasure(*, contact: Contact, by: User, now: datetime, address: str | None) -> None:
    """Has it erased for good, with or without a look before. Raises Refused("admin-only"), Refused("erasure-going-on")."""
    check_can_administer(by)
    with transaction.atomic():
        plan = _held(contact, by, now)
        is_fresh = plan.state in (Progress.LOOKING, Progress.LOOKED) and plan.began_at > now - SEARCH_LASTS
        changes = {} if is_fresh else _from_the_start(now)
        _begin(plan, Progress.ERASING, **changes, by=by, address=address, moved_at=now)
        record(act=Act.ERASURE_BEGUN, subject=str(contact.public_id), by=by, now=now, address=address)


def count_anew(*, contact_id: int, now: datetime) -> None:
    """Once something is to stay that went, or the other way round; the mails that were searched are not searched again."""
    plan = ErasurePlan.objects.select_for_update(no_key=True).filter(contact=contact_id, state=Progress.LOOKED).first()
    if plan is not None:
        _begin(plan, Progress.LOOKING, moved_at=now)


def _held(contact: Contact, by: User, now: datetime) -> ErasurePlan:
    """The one of this person, locked; made by the first who asks. Raises Refused while it is being carried out."""
    ErasurePlan.objects.get_or_create(
        contact=contact, defaults={"by": by, "state": Progress.ERASED, "began_at": now, "moved_at": now}
    )
    plan = ErasurePlan.objects.select_for_update(no_key=True).get(contact=contact)
    if plan.state == Progress.ERASING:
        raise Refused("erasure-going-on", gettext("This person is being erased already."))
    return plan


def _from_the_start(now: datetime) -> dict[str, Any]:
    return {
        "began_at": now,
        "is_searched": False,
        "searched_to": "",
        "searched": 0,
        "mails": how_many_raws(),
        "found": [],
        "counts": {},
        "stays": [],
    }


def _begin(plan: ErasurePlan, state: Progress, **changes: Any) -> None:
    was_under_way = plan.state in UNDER_WAY
    for name, value in {**changes, "state": state}.items():
        setattr(plan, name, value)
    plan.save()
    if not was_under_way:
        app.configure_task(ERASE_TASK, lock=f"{ERASE_TASK}:{plan.pk}").defer(plan_id=plan.pk)
