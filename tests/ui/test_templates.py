"""What holds for every template of the product."""

from __future__ import annotations

import re
from pathlib import Path

import sportello

TEMPLATES = sorted(Path(sportello.__file__).parent.rglob("templates/**/*.html"))
SCROLLER = re.compile(r'<div class="scroller"[^>]*>')
REACHED = re.compile(r' tabindex="0" role="region" aria-label(?:ledby)?="')


def test_what_scrolls_sideways_on_a_phone_is_reached_and_named_for_the_keyboard() -> None:
    """The figures of what is joined by itself could not be scrolled to without a pointer."""
    found = [tag for file in TEMPLATES for tag in SCROLLER.findall(file.read_text(encoding="utf-8"))]
    assert len(found) >= 10
    assert [tag for tag in found if not REACHED.search(tag)] == []
