"""Words taken out of the audit; what was done, when and by whom stays. The caller has written the row of an erasure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Model, Q, QuerySet

from sportello.accounts.enums import Act
from sportello.accounts.models import AuditEntry, row_name
from sportello.core.blotting import MARK, Blot
from sportello.core.storing import blot_rows, mentions

SIGN_INS = (Act.SIGNED_IN, Act.SIGN_IN_FAILED, Act.SIGNED_OUT, Act.REFUSED)
_NAMES = Q(actor=None) & ~Q(act=Act.REFUSED)


def entries_about(row: Model, words: Collection[str]) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(Q(about=row_name(row)) | mentions(words, "subject", "detail"))


def forget_in_audit(row: Model, blot: Blot) -> int:
    """Entries about the row lose all their words, others those that were asked for."""
    blot_rows(entries_about(row, blot.words).exclude(about=row_name(row)), blot, "subject", "detail")
    return AuditEntry.objects.filter(about=row_name(row)).update(subject=MARK, detail={}, address=None)


def sign_ins_before(moment: datetime) -> QuerySet[AuditEntry]:
    """Those that still say from where, whom somebody tried to be, or which customer's person it was."""
    says = Q(address__isnull=False) | (_NAMES & ~Q(subject=MARK))
    return AuditEntry.objects.filter(says, at__lt=moment, act__in=SIGN_INS)


def forget_sign_ins(entries: QuerySet[AuditEntry]) -> int:
    entries.filter(_NAMES).update(subject=MARK)
    return AuditEntry.objects.filter(pk__in=entries.values("pk")).update(address=None)
