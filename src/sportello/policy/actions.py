"""Changes to the policy. Each makes a new edition, and is in the audit; what was promised before stays readable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.core.errors import Refused
from sportello.policy.enums import Section
from sportello.policy.models import Clause, Edition

_CODE = re.compile(rf"(?:{'|'.join(Section.values)})\.[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    text_it: str
    text_en: str


def add_clause(*, code: str, wording: Wording, by: User, now: datetime, address: str | None) -> Clause:
    """At the end of its part. Raises Refused: "clause-id-not-valid", "clause-id-taken" (also by one that was withdrawn)."""
    check_can_administer(by)
    if not _CODE.fullmatch(code):
        raise Refused(
            "clause-id-not-valid", _("Write the id as the part, a dot and a few words: cover.mail or promise.weekend.")
        )
    with transaction.atomic():
        last = _last_edition()
        if Clause.objects.filter(code=code).exists():
            raise Refused("clause-id-taken", _("This id stands for another clause, perhaps one that was withdrawn."))
        section = Section(code.partition(".")[0])
        lowest = Clause.objects.filter(section=section).aggregate(position=Max("position"))["position"] or 0
        edition = _edition_after(last, by, now)
        clause = _begin(code, section, lowest + 1, wording, edition)
        record(act=Act.CLAUSE_ADDED, subject=code, by=by, now=now, address=address, detail=_told(edition, wording))
    return clause


def change_clause(*, code: str, wording: Wording, by: User, now: datetime, address: str | None) -> Clause:
    """Nothing happens when it says so already. Raises Refused: "clause-gone"."""
    check_can_administer(by)
    with transaction.atomic():
        last = _last_edition()
        before = _in_force(code)
        if (before.text_it, before.text_en) == (wording.text_it, wording.text_en):
            return before
        edition = _edition_after(last, by, now)
        _end(before, edition)
        clause = _begin(code, before.section, before.position, wording, edition)
        record(act=Act.CLAUSE_CHANGED, subject=code, by=by, now=now, address=address, detail=_told(edition, wording))
    return clause


def withdraw_clause(*, code: str, by: User, now: datetime, address: str | None) -> None:
    """From this edition on it is not promised any more. Raises Refused: "clause-gone"."""
    check_can_administer(by)
    with transaction.atomic():
        last = _last_edition()
        clause = _in_force(code)
        edition = _edition_after(last, by, now)
        _end(clause, edition)
        record(act=Act.CLAUSE_WITHDRAWN, subject=code, by=by, now=now, address=address, detail=_told(edition))


def _last_edition() -> Edition | None:
    """Held until the end of the transaction: two administrators at once make two editions, one after the other."""
    return Edition.objects.select_for_update(no_key=True).order_by("-number").first()


def _edition_after(last: Edition | None, by: User, now: datetime) -> Edition:
    return Edition.objects.create(number=last.number + 1 if last else 1, published_at=now, published_by=by)


def _in_force(code: str) -> Clause:
    try:
        return Clause.objects.get(code=code, ends=None)
    except Clause.DoesNotExist:
        raise Refused("clause-gone", _("This clause is not in force any more.")) from None


def _begin(code: str, section: str, position: int, wording: Wording, edition: Edition) -> Clause:
    return Clause.objects.create(
        code=code,
        section=section,
        position=position,
        text_it=wording.text_it,
        text_en=wording.text_en,
        begins=edition,
    )


def _end(clause: Clause, edition: Edition) -> None:
    clause.ends = edition
    clause.save(update_fields=["ends"])


def _told(edition: Edition, wording: Wording | None = None) -> dict[str, list[str]]:
    """For the audit: the edition, and what the clause says from then on."""
    texts = {"it": ["", wording.text_it], "en": ["", wording.text_en]} if wording else {}
    return {"edition": ["", str(edition.number)], **texts}
