"""A person taken out of imports that were done or are going on."""

from __future__ import annotations

from sportello.core.blotting import MARK, Blot
from sportello.core.storing import blot_rows, mentions
from sportello.imports.models import Import, ImportLine, ImportPortion

_OF_IMPORTS = ("name", "trouble_detail")


def forget_in_imports(blot: Blot, external_id: str | None) -> int:
    """In reports, and in rows that wait to be stored; `external_id` is the person's in the billing system."""
    count = blot_rows(ImportLine.objects.filter(mentions(blot.words, "external_id", "why")), blot, "external_id", "why")
    count += blot_rows(ImportPortion.objects.filter(mentions(blot.words, "lines")), blot, "lines")
    count += blot_rows(Import.objects.filter(mentions(blot.words, *_OF_IMPORTS)), blot, *_OF_IMPORTS)
    if external_id:
        count += ImportLine.objects.filter(external_id=external_id).update(external_id=MARK)
    return count
