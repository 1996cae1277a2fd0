"""The numbers at which customers call us [reach.phone]."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.errors import Refused
from sportello.customers.rules import telephone
from sportello.telephone.models import OurNumber

MOST = 10


def set_our_numbers(*, numbers: Sequence[str], by: User | None, now: datetime, address: str | None) -> None:
    """These and no others, in this order, as customers are shown them. Raises Refused("number-not-valid"), Refused("too-many-numbers")."""
    check_can_administer(by)
    wanted = list(dict.fromkeys(_number(number) for number in numbers if number.strip()))
    if len(wanted) > MOST:
        raise Refused("too-many-numbers", _("Ten telephone numbers are the most."))
    with transaction.atomic():
        before = list(OurNumber.objects.select_for_update(no_key=True).values_list("number", flat=True))
        if before == wanted:
            return
        OurNumber.objects.all().delete()
        OurNumber.objects.bulk_create(
            [OurNumber(number=number, position=position) for position, number in enumerate(wanted)]
        )
        detail = {"numbers": [", ".join(before), ", ".join(wanted)]}
        record(act=Act.NUMBERS_CHANGED, subject="", by=by, now=now, address=address, detail=detail)


def _number(written: str) -> str:
    try:
        return telephone(written)
    except ValueError:
        said = _("“%(number)s” is not a telephone number. Write it as +39 06 1234567.") % {"number": written[:40]}
        raise Refused("number-not-valid", said) from None
