"""What `make eval-duplicates` measures stays as good as it is promised to be."""

from __future__ import annotations

from bench.duplicates.fitting import fit
from bench.duplicates.minutes import within_minutes
from bench.duplicates.problems import LANGUAGES, Half, problems, read
from bench.duplicates.scoring import score
from bench.duplicates.traffic import month
from sportello.duplicates.rules import shipped_model


def test_the_shipped_weights_are_those_that_fitting_gives() -> None:
    model, _number = fit()
    fitted = {name: round(weight, 2) for name, weight in model.weights.items()}
    assert (round(model.begins, 2), fitted) == (shipped_model().begins, dict(shipped_model().weights))


def test_the_right_ticket_of_the_customer_comes_first_and_what_joins_by_itself_is_right() -> None:
    told = score(Half.UNSEEN)
    assert told.recall_1 >= 0.91
    assert told.recall_5 >= 0.97
    assert told.joined_right >= 0.99 * told.joined
    assert told.joined >= 20


def test_in_a_months_traffic_what_joins_by_itself_is_right() -> None:
    told = month(1, customers=120, number=500)
    assert told.joined >= 20
    assert told.right_share >= 0.99
    assert sum(told.counted.values()) == told.requests


def test_another_problem_of_the_service_within_minutes_is_not_joined() -> None:
    told = within_minutes([Half.UNSEEN])
    assert told.other_joined == 0
    assert told.same_joined >= 8


def test_no_problem_is_in_both_halves() -> None:
    halves = [{problem.key for problem in problems(half)} for half in Half]
    assert halves[0] & halves[1] == set()
    assert sum(map(len, halves)) == sum(len(read(language)) for language in LANGUAGES)
