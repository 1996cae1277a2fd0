"""What each feature weighs: figures in a file beside this one, which says how they were fitted."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType

from sportello.duplicates.rules.facts import Known

FILE = Path(__file__).with_name("model.toml")


@dataclass(frozen=True, slots=True)
class Model:
    """Logistic: the sum of what each feature weighs becomes a probability."""

    begins: float
    weights: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        return self.begins + sum([weight * features.get(name, 0.0) for name, weight in self.weights.items()])


@dataclass(frozen=True, slots=True)
class Ranked:
    known: Known
    score: float
    probability: float
    features: Mapping[str, float]


def probability_of(score: float) -> float:
    return 1 / (1 + math.exp(-max(min(score, 30.0), -30.0)))


class Among(StrEnum):
    """Whose tickets are compared."""

    CUSTOMER = "customer"
    """The same customer's: what it is about, where and when say most."""
    ALL = "all"
    """Everybody's solved ones, for staff: the words say most."""


@cache
def shipped_model(among: Among = Among.CUSTOMER) -> Model:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))[among]
    return Model(begins=read.pop("begins"), weights=MappingProxyType(read))
