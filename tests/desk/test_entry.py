"""Fields that several forms of the desk share."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from sportello.desk.forms.entry import LONGEST_LINES, LinesField


@pytest.mark.parametrize("lines", ["a.example\x00", "a" * (LONGEST_LINES + 1)])
def test_lines_are_checked_before_they_are_parted(lines: str) -> None:
    """A NUL among the services of planned work was once an error of ours, since only each line was looked at."""
    with pytest.raises(ValidationError):
        LinesField().clean(lines)


def test_lines_are_given_without_what_is_around_them() -> None:
    assert LinesField().clean(" a.example \r\n\r\n b.example") == ("a.example", "b.example")
