"""R09: whatever happened to a mail on its way, the reader says what it can of it and never fails. The long form is in `make soak`."""

from __future__ import annotations

from collections.abc import Callable

from tests.faults.mutations import read_mutations

MAILS = 300
READABLE = 0.99


def test_r09_mutated_mails_are_readable_and_none_breaks_the_reader(
    record_property: Callable[[str, object], None],
) -> None:
    found = read_mutations(MAILS)
    record_property("counted", f"mutations: mails {found.mails}, readable {found.readable}, raised {len(found.raised)}")
    assert found.raised == []
    assert found.mails == MAILS
    assert found.readable >= READABLE * MAILS, found.reasons
