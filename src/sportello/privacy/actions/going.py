"""The way through an erasure. Each portion of the search stands by itself; the erasure is one transaction, done once whoever does it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.core import live
from sportello.mail.queries.words import raws_naming, raws_since
from sportello.privacy.actions.erasing import Outcome, erase, rehearse
from sportello.privacy.enums import UNDER_WAY, Progress
from sportello.privacy.models import ErasurePlan

PORTION = 200  # mails


def carry_on_erasure(*, plan_id: int, now: Callable[[], datetime]) -> None:
    """Searches what is left of the mails, then counts or erases, as it was asked."""
    while _search(plan_id, now()):
        pass
    _count(plan_id, now())
    _erase(plan_id, now())


def _search(plan_id: int, now: datetime) -> bool:
    """Looks through the next mails; False once there are none."""
    with transaction.atomic():
        plan = _locked(plan_id, *UNDER_WAY)
        if plan is None or plan.is_searched:
            return False
        portion = raws_naming(_addresses(plan), after=plan.searched_to, most=PORTION)
        plan.found = sorted({*plan.found, *portion.found})
        plan.searched, plan.searched_to = plan.searched + portion.looked_at, portion.last
        plan.is_searched = portion.looked_at < PORTION
        _save(plan, now)
    return True


def _count(plan_id: int, now: datetime) -> None:
    plan = ErasurePlan.objects.select_related("contact", "by").filter(pk=plan_id, state=Progress.LOOKING).first()
    if plan is None:
        return
    outcome = rehearse(contact=plan.contact, raws=_raws(plan), by=plan.by, now=now)
    with transaction.atomic():
        still = _locked(plan_id, Progress.LOOKING)
        if still is not None:
            _conclude(still, Progress.LOOKED, outcome, now)


def _erase(plan_id: int, now: datetime) -> None:
    with transaction.atomic():
        plan = _locked(plan_id, Progress.ERASING)
        if plan is None:
            return
        outcome = erase(contact=plan.contact, raws=_raws(plan), by=plan.by, now=now)
        stays = ", ".join(f"#{keeping.ticket.number}" for keeping in outcome.stays)
        record(
            act=Act.ERASED, subject=str(plan.contact.public_id), by=plan.by, now=now, address=plan.address,
            detail={**outcome.gone, **({"stays": stays} if stays else {})},
        )  # fmt: skip
        plan.found, plan.address = [], None
        _conclude(plan, Progress.ERASED, outcome, now)


def _locked(plan_id: int, *states: Progress) -> ErasurePlan | None:
    rows = ErasurePlan.objects.select_for_update(of=("self",), no_key=True).select_related("contact", "by")
    return rows.filter(pk=plan_id, state__in=states).first()


def _conclude(plan: ErasurePlan, state: Progress, outcome: Outcome, now: datetime) -> None:
    plan.state, plan.counts = state, outcome.gone
    plan.stays = [[keeping.ticket.number, keeping.ground] for keeping in outcome.stays]
    _save(plan, now)


def _save(plan: ErasurePlan, now: datetime) -> None:
    plan.moved_at = now
    plan.save()
    live.publish("erasure", contact=str(plan.contact.public_id))


def _addresses(plan: ErasurePlan) -> list[str]:
    return list(plan.contact.addresses.values_list("address", flat=True))


def _raws(plan: ErasurePlan) -> list[str]:
    """Those found, and those that came while it was searched or waited for a word."""
    return sorted({*plan.found, *raws_since(_addresses(plan), since=plan.began_at)})
