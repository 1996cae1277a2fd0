"""docs/mail.md says of every reason, answer and gate what it is; none is left out and none is made up."""

from __future__ import annotations

import re
from pathlib import Path

from sportello.intake.gates import GATES
from sportello.mail.reasons import AnswerReason, MailReason

PAGE = (Path(__file__).parents[2] / "docs" / "mail.md").read_text(encoding="utf-8")
FIRST_CELLS = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
NAMED = {name for cell in FIRST_CELLS for name in re.findall(r"`([a-z_.]+)`", cell)}


def test_every_code_and_gate_is_on_the_page() -> None:
    gates = {gate.__name__ for gate in GATES}
    assert {*MailReason, *AnswerReason, *gates} == NAMED


def test_gates_stand_in_their_order() -> None:
    table = PAGE[PAGE.index("| gate |") : PAGE.index("Only the topmost")]
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == [gate.__name__ for gate in GATES]
