"""A person taken out of imports that were done or are going on."""

from __future__ import annotations

from sportello.core.blotting import MARK, Blot
from sportello.core.storing import blot_rows, mentions
from sportello.imports.models import ImportLine, ImportPortion


def forget_in_imports(blot: Blot, external_id: str | None) -> int:
    """In reports, and in rows that wait to be stored; `external_id` is the person's in the billing system."""
    count = blot_rows(ImportLine.objects.filter(mentions(blot.words, "external_id", "why")), blot, "external_id", "why")
    count += blot_rows(ImportPortion.objects.filter(mentions(blot.words, "lines")), blot, "lines")
    if external_id:
        count += ImportLine.objects.filter(external_id=external_id).update(external_id=MARK)
    return count
