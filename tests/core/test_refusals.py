"""Every refusal is documented, and nothing else is."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_list_of_refusals_is_the_one_in_the_source() -> None:
    documented = re.findall(r"^\| `([a-z-]+)`", (ROOT / "docs/refusals.md").read_text("utf-8"), re.MULTILINE)
    sources = (file.read_text("utf-8") for file in (ROOT / "src/sportello").rglob("*.py"))
    raised = {code for source in sources for code in re.findall(r'Refused\(\s*"([a-z-]+)"', source)}

    assert documented == sorted(raised)
