"""What a probe saw, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from sportello.diagnostics.enums import Sign
from sportello.diagnostics.words import seen_words


@pytest.mark.parametrize(("language", "day"), [("it", "29 gennaio 2027"), ("en", "29 January 2027")])
def test_the_last_day_of_a_certificate_stands_as_the_reader_writes_days(language: str, day: str) -> None:
    """It stood as 2027-01-29 in every language."""
    with translation.override(language):
        assert day in seen_words(Sign.CERTIFICATE_GOOD, {"until": "2027-01-29", "days": 61, "names": "bottega.example"})
