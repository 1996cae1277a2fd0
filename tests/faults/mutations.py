"""Mutated mails through the reader of a worker, as it reads them: in a child process, with its limits (R09)."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from sportello.mail.parsing import ParsedMail
from sportello.mail.sandbox import Reader
from tests.faults.poison import mutations


@dataclass
class Outcome:
    mails: int = 0
    readable: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Why the others are not."""
    raised: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds for one."""


def read_mutations(count: int) -> Outcome:
    """A mail counts as readable when it has a sender, a subject or a text: what a person needs to go on."""
    reader, outcome = Reader(), Outcome()
    try:
        for name, raw in mutations(count):
            outcome.mails += 1
            begun = time.monotonic()
            try:
                found = reader.read(raw)
            except Exception as error:  # noqa: BLE001 - that there is none is what is looked at
                outcome.raised.append(f"{name}: {error!r}")
                continue
            finally:
                outcome.slowest = max(outcome.slowest, time.monotonic() - begun)
            if isinstance(found, ParsedMail) and (found.from_addr or found.subject or found.text or found.html_text):
                outcome.readable += 1
            else:
                outcome.reasons["empty" if isinstance(found, ParsedMail) else str(found)[:80]] += 1
    finally:
        reader.close()
    return outcome
