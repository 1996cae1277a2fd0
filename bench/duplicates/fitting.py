"""Fits the model of `duplicates/rules/model.toml` to the scenes for fitting: logistic regression by Newton's method, in plain Python.

python -m bench.duplicates --fit
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.duplicates.problems import Half
from bench.duplicates.ranker import known_of, report_of
from bench.duplicates.scenes import scenes
from bench.duplicates.scoring import earlier_of
from bench.duplicates.sets import Line, lines_of
from sportello.duplicates.rules import Model, rank
from sportello.duplicates.rules.features import Feature
from sportello.duplicates.rules.model import probability_of

RIDGE = 1.0
"""How much a weight costs: what few examples speak for stays small."""
ROUNDS = 30
NAMES = [str(feature) for feature in Feature if feature != Feature.SAME_KIND]
"""Within one customer the service itself is compared, not its kind."""
FLAT = Model(begins=0.0, weights=dict.fromkeys(NAMES, 0.0))

Example = tuple[list[float], float]


def fit() -> tuple[Model, int]:
    """The model, and how many comparisons it was fitted to."""
    examples = list(_examples(*lines_of(scenes(Half.FIT))))
    weights = fitted(examples)
    return Model(begins=weights[0], weights=dict(zip(NAMES, weights[1:], strict=True))), len(examples)


def fitted(examples: Sequence[Example]) -> list[float]:
    """The weights, that of the constant first."""
    weights = [0.0] * (len(NAMES) + 1)
    for _ in range(ROUNDS):
        step = _solved(*_slopes(examples, weights))
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
    return weights


def _examples(tickets: Sequence[Line], truth: Iterable[Line]) -> Iterable[Example]:
    by_key = {line["id"]: line for line in tickets}
    for told in truth:
        query = by_key[told["id"]]
        earlier = earlier_of(query, tickets)
        known = [known_of(at, line, query) for at, line in enumerate(earlier)]
        for one in rank(report_of(query), known, FLAT):
            is_right = earlier[one.known.key]["id"] in told["duplicates"]
            yield [1.0, *(one.features[name] for name in NAMES)], float(is_right)


def _slopes(examples: Sequence[Example], weights: Sequence[float]) -> tuple[list[list[float]], list[float]]:
    size = range(len(weights))
    curve = [[RIDGE if row == column and row else 1e-9 for column in size] for row in size]
    slope = [-RIDGE * weight if at else 0.0 for at, weight in enumerate(weights)]
    for figures, label in examples:
        probability = probability_of(sum(weight * figure for weight, figure in zip(weights, figures, strict=True)))
        certainty = probability * (1 - probability)
        held = [at for at in size if figures[at]]
        for row in held:
            slope[row] += (label - probability) * figures[row]
            for column in held:
                curve[row][column] += certainty * figures[row] * figures[column]
    return curve, slope


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of matrix * x = right, by elimination; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        pivot = rows[at][at]
        for below in range(at + 1, size):
            share = rows[below][at] / pivot
            rows[below] = [low - share * high for low, high in zip(rows[below], rows[at], strict=True)]
    solution = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][column] * solution[column] for column in range(at + 1, size))
        solution[at] = (rows[at][size] - known) / rows[at][at]
    return solution
