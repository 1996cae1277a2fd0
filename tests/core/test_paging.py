"""Pages of a list that grows while it is read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import QuerySet

from sportello.core import paging
from sportello.core.paging import Page, Place, instant, page_of, text
from sportello.customers.models import Customer
from sportello.tickets.models import Note
from tests.factories import NOW, make_customer, make_ticket, make_user

pytestmark = pytest.mark.django_db


TOP = Place()


def _customers(place: Place = TOP, size: int = 3) -> Page[Customer]:
    rows: QuerySet[Customer] = Customer.objects.all()
    return page_of(rows, key="name", read=text, place=place, descending=False, size=size)


def _names(page: Page[Customer]) -> list[str]:
    return [row.name for row in page.rows]


def test_every_row_is_on_one_page_whatever_the_names() -> None:
    for name in ("Ada", "Bice", "Bice", "Bice", "Bice", "Ciro", "Dora"):
        make_customer(name)
    first = _customers()
    second = _customers(Place(older=first.older))
    third = _customers(Place(older=second.older))
    assert [_names(page) for page in (first, second, third)] == [
        ["Ada", "Bice", "Bice"],
        ["Bice", "Bice", "Ciro"],
        ["Dora"],
    ]
    assert (first.newer, third.older) == ("", "")


def test_the_way_back_shows_the_same_pages() -> None:
    for name in "ABCDEFG":
        make_customer(name)
    second = _customers(Place(older=_customers().older))
    third = _customers(Place(older=second.older))
    back = _customers(Place(newer=third.newer))
    assert _names(back) == _names(second) == ["D", "E", "F"]
    assert _names(_customers(Place(newer=back.newer))) == ["A", "B", "C"]
    assert _customers(Place(newer=back.newer)).newer == ""


def test_rows_that_come_in_between_move_nothing() -> None:
    ticket, author = make_ticket(), make_user()
    notes = [
        Note.objects.create(ticket=ticket, user=author, text=str(n), created_at=NOW + timedelta(minutes=n // 2))
        for n in range(4)
    ]
    rows: QuerySet[Note] = Note.objects.all()
    first = page_of(rows, key="created_at", read=instant, place=Place(), size=2)
    Note.objects.create(ticket=ticket, user=author, text="new", created_at=NOW + timedelta(hours=1))
    second = page_of(rows, key="created_at", read=instant, place=Place(older=first.older), size=2)
    assert [note.pk for note in (*first.rows, *second.rows)] == [note.pk for note in reversed(notes)]


@pytest.mark.parametrize(
    "position",
    [
        "x",
        "%00",
        "W10",
        "WzEsMl0",
        "WyJhIiwtMV0",
        "WyJhIixudWxsXQ",
        "WyJcdTAwMDAiLDFd",
        "W" * 5000,
        "WyJhIiwxZTQwMF0",
        "è",
    ],
)
def test_a_position_that_somebody_made_up_shows_the_first_page(position: str) -> None:
    make_customer("Ada")
    assert _names(_customers(Place(older=position))) == ["Ada"]


def test_an_instant_without_a_zone_is_no_position() -> None:
    with pytest.raises(ValueError, match="2026"):
        instant("2026-03-04T10:00:00")


def test_what_is_sought_is_looked_for_in_so_many_rows_a_page_and_found_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A fault found: a word in a sender was sought in all mails at once, a second and a half among 300,000."""
    monkeypatch.setattr(paging, "LOOKED_AT", 4)
    for name in ("A wanted", "B", "C", "D", "E", "F", "G", "H", "I wanted", "J wanted", "K"):
        make_customer(name)

    def look(place: Place = TOP) -> Page[Customer]:
        every: QuerySet[Customer] = Customer.objects.all()
        wanted = every.filter(name__endswith="wanted")
        return page_of(wanted, key="name", read=text, place=place, descending=False, size=3, among=every)

    first = look()
    second = look(Place(older=first.older))
    third = look(Place(older=second.older))
    assert [_names(page) for page in (first, second, third)] == [["A wanted"], ["I wanted", "J wanted"], []]
    assert [page.looked_to for page in (first, second, third)] == ["E", "J wanted", None]
    assert (first.newer, third.older) == ("", "")
    back = look(Place(newer=third.newer))
    assert _names(back) == ["I wanted"], "the row that it began after is the neighbour's"
    assert _names(look(Place(newer=back.newer))) == ["A wanted"]
    assert _names(look(Place(older=back.older))) == ["J wanted"]


def test_a_full_page_says_nothing_of_how_far_was_looked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "LOOKED_AT", 6)
    for name in "ABCDEFGH":
        make_customer(name)
    every: QuerySet[Customer] = Customer.objects.all()
    page = page_of(every, key="name", read=text, place=TOP, descending=False, size=3, among=every)
    assert (_names(page), page.looked_to) == (["A", "B", "C"], None)
