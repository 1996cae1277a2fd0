"""What many ask for at once is made once, given to nobody with another key, and never kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from sportello.core import lately as module
from sportello.core.lately import lately

LONG = 3600.0


@pytest.fixture(autouse=True)
def nothing_begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "SECONDS", LONG)
    module._begun.clear()
    yield
    module._begun.clear()


def test_whoever_asks_while_it_is_being_made_has_the_same_answer() -> None:
    begun, may_end, made = threading.Event(), threading.Event(), []

    def make() -> object:
        begun.set()
        assert may_end.wait(60)
        made.append(object())
        return made[0]

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(lately, "queue", make)
        assert begun.wait(60)
        others = [pool.submit(lately, "queue", make) for _ in range(3)]
        may_end.set()
        assert {id(each.result(60)) for each in [first, *others]} == {id(made[0])}
    assert len(made) == 1


def test_another_key_has_another_answer() -> None:
    assert [lately(key, partial(str, key)) for key in ("hers", "his", "hers")] == ["hers", "his", "hers"]


def test_a_moment_later_it_is_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    for _ in range(3):
        lately("queue", lambda: made.append(0))
    monkeypatch.setattr(module, "SECONDS", 0.0)
    lately("queue", lambda: made.append(0))
    assert len(made) == 2


def test_what_went_wrong_goes_wrong_for_all_who_asked_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise OSError("away")

    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            lately("queue", fail)
    monkeypatch.setattr(module, "SECONDS", 0.0)
    assert lately("queue", lambda: "back") == "back"


def test_old_answers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.0)
    for number in range(3 * module.MOST):
        lately(number, lambda: None)
    assert len(module._begun) <= module.MOST


@pytest.mark.parametrize("now", [1.0 + number / 7 for number in range(50)])
def test_whoever_asks_first_makes_it_however_the_clock_rounds(now: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SECONDS", 0.1)
    monkeypatch.setattr(module, "monotonic", lambda: now)
    made: list[str] = []
    whoever = threading.Thread(target=lambda: made.append(lately("queue", lambda: "made")), daemon=True)
    whoever.start()
    whoever.join(60)
    assert made == ["made"]
