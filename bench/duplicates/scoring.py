"""How well the ranker and the rule for joining do on the pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.duplicates.deciding import decide
from bench.duplicates.problems import Half
from bench.duplicates.ranker import known_of, report_of
from bench.duplicates.scenes import scenes
from bench.duplicates.sets import Line, lines_of
from sportello.duplicates.rules import SHIPPED, Way, rank, shipped_model

PRIOR = 0.1
"""The share of duplicates in real traffic, by which precision is reckoned."""
PRECISION = 0.7


@dataclass(frozen=True, slots=True)
class Score:
    """`recall_1`, `recall_5`: of the requests with a right ticket, the share that has it first, or among five. `warned`: the share for which a
    warning could be given that is right in 70 of 100 cases, were one request in ten a duplicate.
    """

    asked: int
    recall_1: float
    recall_5: float
    warned: float
    joined: int
    joined_right: int
    proposed: int
    proposed_right: int


@dataclass(frozen=True, slots=True)
class _Case:
    """A request: the ticket it belongs to, those it may belong to in their order, how sure the first is, and what the desk did."""

    right: str | None
    order: Sequence[str]
    sure: float
    way: Way
    target: str | None
    shown: Sequence[str]


def score(half: Half) -> Score:
    cases = list(_cases(half))
    places = [case.order.index(case.right) for case in cases if case.right]
    joined = [case for case in cases if case.way == Way.JOIN]
    proposed = [case for case in cases if case.way == Way.PROPOSE]
    return Score(
        asked=len(cases),
        recall_1=sum(place < 1 for place in places) / len(places),
        recall_5=sum(place < 5 for place in places) / len(places),
        warned=_warned(cases),
        joined=len(joined),
        joined_right=sum(case.target == case.right for case in joined),
        proposed=len(proposed),
        proposed_right=sum(case.right in case.shown for case in proposed),
    )


def _cases(half: Half) -> Iterator[_Case]:
    tickets, truth = lines_of(scenes(half))
    by_key = {line["id"]: line for line in tickets}
    for told in truth:
        yield _case(by_key[told["id"]], (*told["duplicates"], None)[0], tickets)


def _case(query: Line, right: str | None, tickets: Sequence[Line]) -> _Case:
    earlier = earlier_of(query, tickets)
    known = [known_of(at, line, query) for at, line in enumerate(earlier)]
    names = [str(line["id"]) for line in earlier]
    ranked = rank(report_of(query), known, shipped_model())
    decision = decide(report_of(query), known, SHIPPED)
    return _Case(
        right=right,
        order=[names[one.known.key] for one in ranked],
        sure=ranked[0].score if ranked else -99.0,
        way=decision.way,
        target=None if decision.target is None else names[decision.target],
        shown=[names[key] for key in decision.shown],
    )


def earlier_of(query: Line, tickets: Sequence[Line]) -> list[Line]:
    """The customer's tickets before a request."""
    own = (line for line in tickets if line["customer"] == query["customer"] and not line.get("query"))
    return [line for line in own if line["time"] < query["time"]]


def _warned(cases: Sequence[_Case]) -> float:
    """The best over all thresholds: one that is set beforehand does a little worse."""
    positives = sum(case.right is not None for case in cases)
    for_right, for_wrong = PRIOR / positives, (1 - PRIOR) / (len(cases) - positives)
    right = wrong = best = 0.0
    for case in sorted(cases, key=_surest_first):
        hit = case.right is not None and case.order[:1] == [case.right]
        right += for_right * hit
        wrong += 0.0 if hit else for_right if case.right else for_wrong
        if right >= PRECISION * (right + wrong):
            best = right / PRIOR
    return best


def _surest_first(case: _Case) -> float:
    return -case.sure
