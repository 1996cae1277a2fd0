"""docs/fields.md says what the forms say (ASVS 2.1.1)."""

from __future__ import annotations

from pathlib import Path

from tests.walls.fields import page


def test_asvs_2_1_1_the_rules_of_every_field_are_documented() -> None:
    written = (Path(__file__).parents[2] / "docs" / "fields.md").read_text(encoding="utf-8")
    assert written == page(), "write the page anew: make fields"
