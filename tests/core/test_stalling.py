"""Who asks something that hangs is answered all the same, and what came back is asked again."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from sportello.core import stalling
from sportello.core.stalling import Askers
from tests.config.house import until

SOON, PATIENT = 0.05, 60.0


def test_what_is_asked_is_given_or_raised_as_it_came() -> None:
    askers = Askers("store")

    def fails() -> None:
        raise FileNotFoundError("a")

    assert [askers.answer(lambda: 7, seconds=PATIENT) for _ in range(3)] == [7, 7, 7]
    with pytest.raises(FileNotFoundError):
        askers.answer(fails, seconds=PATIENT)


def test_one_that_hangs_is_not_waited_for_and_what_came_back_is_asked_again() -> None:
    askers, over = Askers("store"), threading.Event()
    with pytest.raises(TimeoutError, match="no answer from the store"):
        askers.answer(over.wait, seconds=SOON)
    assert askers.answer(lambda: 7, seconds=PATIENT) == 7, "another thread asks"
    over.set()


def test_after_one_that_hung_one_tries_for_less_and_all_others_are_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stalling, "TRIAL_SECONDS", SOON)
    monkeypatch.setattr(stalling, "BETWEEN_TRIALS_SECONDS", PATIENT)
    askers, over = Askers("store"), threading.Event()
    words = []
    for seconds in (SOON, PATIENT, PATIENT, PATIENT):
        with pytest.raises(TimeoutError) as told:
            askers.answer(over.wait, seconds=seconds)
        words.append(str(told.value))
    at_once = "no answer from the store a moment ago"
    assert words == ["no answer from the store", "no answer from the store", at_once, at_once]
    over.set()
    until(lambda: answers(askers), seconds=60, what="the answer of one that hung opens the way")


def answers(askers: Askers) -> bool:
    with suppress(TimeoutError):
        return askers.answer(lambda: True, seconds=PATIENT)
    return False


def test_more_than_may_hang_are_not_begun_and_what_was_given_up_is_not_asked_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stalling, "MOST_HANGING", 2)
    monkeypatch.setattr(stalling, "BETWEEN_TRIALS_SECONDS", 0.0)
    askers, over, begun = Askers("store"), threading.Event(), []

    def hang() -> None:
        begun.append(1)
        over.wait()

    for _ in range(6):
        with pytest.raises(TimeoutError):
            askers.answer(hang, seconds=SOON)
    over.set()
    assert askers.answer(lambda: len(begun), seconds=PATIENT) == 2
