from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from sportello.accounts.limits import KEPT, Limit, count_in_turn, forget_old
from sportello.accounts.models import Attempts

NOW = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)
THRICE_AN_HOUR = Limit("test", most=3, within=timedelta(hours=1))


@pytest.mark.django_db
def test_one_too_many_is_refused_and_the_next_stretch_begins_anew() -> None:
    assert [THRICE_AN_HOUR.take("a", now=NOW) for _ in range(4)] == [True, True, True, False]
    assert THRICE_AN_HOUR.take("b", now=NOW)
    assert THRICE_AN_HOUR.take("a", now=NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_what_is_given_back_can_be_taken_again() -> None:
    for _ in range(10):
        assert THRICE_AN_HOUR.take("a", now=NOW)
        THRICE_AN_HOUR.give_back("a", now=NOW)


@pytest.mark.django_db
def test_who_tried_what_is_kept_only_as_a_hash_and_not_for_long() -> None:
    THRICE_AN_HOUR.take("giulia@provider.example", now=NOW)
    assert "giulia" not in Attempts.objects.get().key_sha256
    assert forget_old(now=NOW + timedelta(hours=3)) == 0
    assert forget_old(now=NOW + KEPT + timedelta(hours=1)) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_are_counted_one_by_one() -> None:
    def take(_: int) -> bool:
        try:
            return THRICE_AN_HOUR.take("crowd", now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        let_through = list(pool.map(take, range(20)))
    assert sum(let_through) == 3


@pytest.mark.django_db
def test_of_several_limits_only_those_up_to_the_first_that_is_used_up_are_counted() -> None:
    """A sender who floods must not use up what their colleagues may write."""
    wide = Limit("wide", most=10, within=timedelta(hours=1))
    counts = [count_in_turn([(THRICE_AN_HOUR, "one"), (wide, "all")], now=NOW) for _ in range(5)]
    assert counts == [[1, 1], [2, 2], [3, 3], [4], [5]]
    assert wide.left("all", now=NOW) == 7
