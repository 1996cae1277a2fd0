"""What pages and commands ask about imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from django.db.models import QuerySet

from sportello.core.loading import Outcome
from sportello.core.paging import Page, Place, instant, page_of
from sportello.imports.enums import Kind, Source
from sportello.imports.models import Import, ImportLine, ImportPortion

SHOWN = 3
FILTERS: Mapping[str, Sequence[Outcome]] = MappingProxyType(
    {
        "": tuple(Outcome),
        "wrong": (Outcome.WRONG,),
        "conflict": (Outcome.CONFLICT,),
        "changed": (Outcome.CHANGED,),
        "new": (Outcome.NEW,),
        "ended": (Outcome.ENDED,),
        "waits": (Outcome.WAITS,),
        "same": (Outcome.SAME,),
    }
)


def imports() -> QuerySet[Import]:
    return Import.objects.select_related("by").defer("header", "chosen")


def imports_page(place: Place) -> Page[Import]:
    return page_of(imports(), key="created_at", read=instant, place=place)


def import_by_id(public_id: UUID) -> Import | None:
    return Import.objects.select_related("by").filter(public_id=public_id).first()


def report_page(row: Import, shown: str, place: Place) -> Page[ImportLine]:
    """The rows of the report with one of the outcomes that the filter names, in their order."""
    lines = row.lines.all() if not shown else row.lines.filter(outcome__in=FILTERS.get(shown, ()))
    return page_of(lines, key="id", read=int, place=place, descending=False)


def report_lines(row: Import, shown: str = "") -> Iterator[ImportLine]:
    lines = row.lines.all() if not shown else row.lines.filter(outcome__in=FILTERS.get(shown, ()))
    yield from lines.order_by("id").iterator(chunk_size=2000)


def first_rows(row: Import) -> list[list[str]]:
    """The cells of the first rows, to see what is in which column."""
    portion = ImportPortion.objects.filter(of=row).order_by("number").first()
    return [cells for _number, cells, problem in portion.lines if not problem][:SHOWN] if portion else []


def columns_chosen_before(kind: Kind, header: Sequence[str]) -> dict[str, str] | None:
    """Which column was which the last time that a file of this kind had the same ones; None if there was none."""
    before = Import.objects.filter(source=Source.FILE, kind=kind, header=list(header)).exclude(state="draft")
    found = before.order_by("-id").values_list("chosen", flat=True).first()
    return dict(found) if found is not None else None


def is_kept(row: Import) -> bool:
    """Whether what was read is still there."""
    return row.portions.exists()
