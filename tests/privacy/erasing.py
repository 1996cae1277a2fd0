"""An erasure from the request to its end, as a worker carries it out."""

from __future__ import annotations

from sportello.accounts.models import User
from sportello.core import clock
from sportello.customers.models import Contact
from sportello.privacy.actions import begin_erasure, carry_on_erasure, look_at_erasure
from sportello.privacy.models import ErasurePlan


def looked_at(contact: Contact, by: User) -> ErasurePlan:
    look_at_erasure(contact=contact, by=by, now=clock.now())
    return _carried_on(contact)


def erased(contact: Contact, by: User) -> ErasurePlan:
    begin_erasure(contact=contact, by=by, now=clock.now(), address=None)
    return _carried_on(contact)


def _carried_on(contact: Contact) -> ErasurePlan:
    plan = ErasurePlan.objects.get(contact=contact)
    carry_on_erasure(plan_id=plan.pk, now=clock.now)
    plan.refresh_from_db()
    return plan
