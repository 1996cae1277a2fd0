"""What stands for a letter in HTML is read without an end in sight."""

from __future__ import annotations

import pytest

from sportello.core.entities import unescaped

DIGITS = "9" * 5_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Perch&eacute; &#8364; &#x20ac; &amp;lt;", "Perché € € &lt;"),
        (f"a &#{DIGITS}; b", "a \ufffd b"),
        (f"a &#{DIGITS} b", "a \ufffd b"),
        (f"&amp;#{DIGITS};", f"&#{DIGITS};"),
        (f"&#x{'f' * 5_000};", "\ufffd"),
    ],
)
def test_a_number_of_thousands_of_digits_is_no_letter(text: str, expected: str) -> None:
    """Python refuses to read it: a mail was empty, a page broken off."""
    assert unescaped(text) == expected
