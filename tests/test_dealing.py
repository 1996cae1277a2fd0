"""No worker is left alone with a slow test at the end, and none is dealt with twice or forgotten."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.dealing import dealt, seconds_of


@pytest.fixture
def items(request: pytest.FixtureRequest) -> list[pytest.Item]:
    """Thirty quick ones, and then three slow ones."""
    found: list[pytest.Item] = [
        pytest.Function.from_parent(request.node.parent, name="quick", callobj=_nothing) for _ in range(30)
    ]
    for seconds in (30, 200, 5):
        item = pytest.Function.from_parent(request.node.parent, name=f"slow {seconds}", callobj=_nothing)
        item.add_marker(pytest.mark.slow(seconds))
        found.append(item)
    return found


def _nothing() -> None:
    """What none of them is asked to do."""


@pytest.mark.parametrize("workers", [1, 2, 3, 5, 8])
def test_each_is_dealt_once_and_the_longest_comes_first(items: list[pytest.Item], workers: int) -> None:
    order = dealt(items, workers=workers, cores=2)
    assert Counter(map(id, order)) == Counter(map(id, items))
    assert [seconds_of(item) for item in order[:3]] == [200, 30, 5]


def test_as_many_workers_as_there_are_cores_begin_with_quick_ones(items: list[pytest.Item]) -> None:
    order = dealt(items, workers=3, cores=2)
    assert [seconds_of(item) for item in order[11:]] == [0] * 22
