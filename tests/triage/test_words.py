"""Opening hours, and the names of what was there from the beginning, in the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from sportello.triage.models import Calendar, SlaPolicy
from sportello.triage.words import opening_hours

WEEK = {**{str(day): [["09:00", "13:00"], ["14:00", "18:00"]] for day in range(5)}, "5": [["09:00", "12:00"]]}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", "Lun-Ven 09:00-13:00, 14:00-18:00; Sab 09:00-12:00"),
        ("en", "Mon-Fri 09:00-13:00, 14:00-18:00; Sat 09:00-12:00"),
    ],
)
def test_hours_are_said_in_the_readers_language(language: str, said: str) -> None:
    with translation.override(language):
        assert opening_hours(Calendar(weekly=WEEK)) == said


def test_names_as_shipped_are_read_in_italian_and_given_ones_stay() -> None:
    with translation.override("it"):
        read = [str(Calendar(name="Mon-Fri 9-18")), str(SlaPolicy(name="Pre-sales")), str(SlaPolicy(name="Gold"))]
    assert read == ["Lun-Ven 9-18", "Prevendita", "Gold"]
