"""Telephone numbers as people read them."""

from __future__ import annotations

import pytest

from sportello.customers.rules import telephone, telephone_to_read


@pytest.mark.parametrize(
    ("written", "read"), [("06 1234567", "+39 06 123 4567"), ("333/1234567", "+39 333 123 4567"), ("", "")]
)
def test_a_number_that_is_kept_without_gaps_is_read_with_them(written: str, read: str) -> None:
    assert telephone_to_read(telephone(written)) == read


def test_what_is_no_number_stays_as_it_is() -> None:
    assert telephone_to_read("reception") == "reception"
