"""The pure rules of tickets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.tickets.enums import Status
from sportello.tickets.rules import (
    Act,
    FollowUp,
    Reopen,
    clock_state,
    file_name,
    is_allowed,
    one_line,
    reopen_or_follow_up,
    snippet_of,
    storable,
)
from sportello.triage.enums import ClockState

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


@dataclass
class Ticket:
    status: str
    closed_at: datetime | None = None


@pytest.mark.parametrize(
    ("status", "closed_before", "becomes"),
    [
        (Status.OPEN, None, Reopen()),
        (Status.SOLVED, None, Reopen()),
        (Status.CLOSED, timedelta(0), Reopen()),
        (Status.CLOSED, timedelta(days=14) - timedelta(microseconds=1), Reopen()),
        (Status.CLOSED, timedelta(days=14), FollowUp(NOW - timedelta(days=14))),
        (Status.CLOSED, timedelta(days=400), FollowUp(NOW - timedelta(days=400))),
    ],
)
def test_closed_for_less_than_fourteen_days_reopens(
    status: Status, closed_before: timedelta | None, becomes: Reopen | FollowUp
) -> None:
    closed_at = NOW - closed_before if closed_before is not None else None

    assert reopen_or_follow_up(Ticket(status, closed_at), NOW) == becomes


def test_what_each_status_allows() -> None:
    allowed = {act: {status.value for status in Status if is_allowed(act, status)} for act in Act}

    on_the_desk = {"new", "open", "in_analysis", "waiting"}
    assert allowed == {
        Act.ANALYSE: on_the_desk,
        Act.WAIT: on_the_desk,
        Act.SOLVE: on_the_desk,
        Act.CLOSE: on_the_desk | {"solved"},
        Act.REOPEN: {"in_analysis", "waiting", "solved", "closed"},
    }


@pytest.mark.parametrize(
    ("status", "before_answer", "after_answer"),
    [
        (Status.NEW, ClockState.RUNNING_FIRST, ClockState.RUNNING_NEXT),
        (Status.OPEN, ClockState.RUNNING_FIRST, ClockState.RUNNING_NEXT),
        (Status.IN_ANALYSIS, ClockState.IN_ANALYSIS, ClockState.IN_ANALYSIS),
        (Status.WAITING, ClockState.WAITING_CUSTOMER, ClockState.WAITING_CUSTOMER),
        (Status.SOLVED, ClockState.STOPPED, ClockState.STOPPED),
        (Status.CLOSED, ClockState.STOPPED, ClockState.STOPPED),
    ],
)
def test_which_clock_runs(status: Status, before_answer: ClockState, after_answer: ClockState) -> None:
    assert (clock_state(status, None), clock_state(status, NOW)) == (before_answer, after_answer)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("fattura.pdf", "fattura.pdf"),
        ("C:\\Users\\x\\..\\log.txt", "log.txt"),
        ("../../etc/passwd", "passwd"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nb\x00.txt", "ab.txt"),
        ("...", "file"),
        ("", "file"),
        ("/", "file"),
        (".htaccess", "htaccess"),
        ("x" * 300 + ".pdf", "x" * 200 + ".pdf"),
        ("è già.tar.gz", "è già.tar.gz"),
    ],
)
def test_a_files_name_is_harmless(given: str, kept: str) -> None:
    assert file_name(given) == kept


@given(st.text())
def test_any_text_can_be_kept(text: str) -> None:
    for kept in (storable(text), one_line(text, 300), snippet_of(text), file_name(text)):
        storable(kept).encode()
        assert "\x00" not in storable(kept)
    assert len(one_line(text, 30)) <= 30
    assert "\n" not in one_line(text, 300)
    assert 0 < len(file_name(text)) <= 255
