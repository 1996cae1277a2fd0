"""Parts of pages that are kept: the same for the same values, never for others, and no more of them than there is room for."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import pytest
from django.utils.safestring import SafeString

from sportello.triage.models import Queue
from sportello.ui.keeping import Keeper, key_of


def test_a_part_is_put_together_once_for_the_same_values_and_anew_for_others() -> None:
    keeper, made = Keeper(), []

    def part(name: str) -> SafeString:
        def make() -> SafeString:
            made.append(name)
            return SafeString(name)

        return keeper.part(key_of(name=name), make)

    assert [part("Ada"), part("Ada"), part("Eva")] == ["Ada", "Ada", "Eva"]
    assert made == ["Ada", "Eva"]


def test_text_and_html_that_read_the_same_are_two_things() -> None:
    assert key_of(text="<b>") != key_of(text=SafeString("<b>"))
    assert key_of(shown=True) != key_of(shown=1)


def test_what_was_kept_first_makes_room_for_the_latest() -> None:
    keeper = Keeper(most=10)
    for number in range(4):
        keeper.part(key_of(number=number), lambda: SafeString("12345"))

    assert [keeper.part(key_of(number=number), lambda: SafeString("anew")) for number in (3, 2, 0)] == [
        "12345",
        "12345",
        "anew",
    ]


@dataclass(frozen=True)
class Shown:
    queue: object


ROW = Queue(pk=1)


@pytest.mark.parametrize(
    "given",
    [ROW, (ROW,), ("a", (1, (ROW,))), frozenset([ROW]), Shown(ROW), (Shown((ROW,)),)],
    ids=["itself", "in a tuple", "deeper", "in a set", "in a value", "deep in a value"],
)
def test_a_row_of_the_database_is_no_plain_value(given: Hashable) -> None:
    """A fault found: one within a tuple passed, and what was kept for it would have been shown after it had changed."""
    with pytest.raises(TypeError, match="Queue"):
        Keeper().part(key_of(given=given), lambda: SafeString(""))
