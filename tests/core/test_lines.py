"""What others wrote on one line."""

from __future__ import annotations

import pytest

from sportello.core.lines import unturned
from sportello.tickets.rules import one_line

LINES = {
    "Nina \u202eavouN": "Nina avouN",
    "\u2067a\u2069 b": "a b",
    "\u202e\u200b\u2060 ": "",
    "\u05e9\u05dc\u05d5\u05dd \u200fabc": "\u05e9\u05dc\u05d5\u05dd \u200fabc",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467": "\U0001f469\u200d\U0001f469\u200d\U0001f467",
}


@pytest.mark.parametrize(("line", "shown"), LINES.items())
def test_s34_nothing_in_it_turns_what_stands_behind_it_and_something_of_it_can_be_seen(line: str, shown: str) -> None:
    assert (unturned(line), one_line(line, 100)) == (shown, shown)
