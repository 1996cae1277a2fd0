"""docs/security.md speaks of tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", PAGE))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_check_has_its_line() -> None:
    lines = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| S"))
    assert sorted(re.findall(r"S\d\d", lines)) == [f"S{number:02}" for number in range(1, 51)]
