"""How alike two texts are: runs of four characters, the rare ones counting more (TF-IDF, cosine).

Runs of characters bear typing errors and the endings of Italian and English alike, and need no dictionary.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import methodcaller, mul

LENGTH = 4
"""Characters of a run. Those of three and of five beside them find nothing more (docs/duplicates.md), and take twice the time again."""
READ = 1200
"""Characters of a text that are compared: the problem stands at its beginning, and the time is bounded."""

_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_ACCENT = re.compile("[\u0300-\u036f]")
_GAP = re.compile(r"[^\w@.%-]+")
# What people write around a problem, whatever it is.
_COURTESIES = """
    buongiorno buonasera buondi salve ciao gentile gentili spettabile egregi egregio staff supporto assistenza team grazie anticipatamente
    attesa riscontro cortesia cortese cortesemente saluti cordiali cordialmente distinti saluto scusate disturbo favore piacere prego
    hello hi dear good morning afternoon evening support thanks thank regards kind best sincerely cheers please sorry bother appreciate
"""
_LEFT_OUT = frozenset({"", *_COURTESIES.split()})
_stripped = methodcaller("strip", ".-_")


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without quotes, capitals, accents and courtesy."""
    plain = unicodedata.normalize("NFKD", _QUOTED.sub("", text[: READ * 4]).lower())
    words = map(_stripped, _GAP.split(_ACCENT.sub("", plain)[:READ]))
    return [word for word in words if word not in _LEFT_OUT]


def grams(words: Sequence[str]) -> Counter[str]:
    """How often each run of characters stands in them."""
    return Counter(_runs(words))


def _runs(words: Sequence[str]) -> Iterator[str]:
    """Each word begins and ends with a space."""
    line = f" {' '.join(words)} "
    return map("".join, zip(*(line[at:] for at in range(LENGTH)), strict=False))


def similarities(
    words: Sequence[str], others: Sequence[Sequence[str]], beside: Iterable[Sequence[str]] = ()
) -> list[float]:
    """How alike a text is to each of the others, from 0 to 1; how rare a run is, is told by these texts and those `beside` them alone."""
    if not others:
        return []
    asked, known = grams(words), [grams(other) for other in others]
    texts = [asked.keys(), *(runs.keys() for runs in known), *(set(_runs(other)) for other in beside)]
    rarity = rarities(texts, fewest=2)
    weighed = Weighed(asked, rarity)
    return [weighed.cosine(Weighed(other, rarity)) for other in known]


def alike_each(texts: Sequence[str], others: Sequence[str]) -> list[list[float]]:
    """Of each text, how alike it is to each of the others; for thousands of them, each gone through twice and never all held."""
    asked = [grams(words_of(text)) for text in texts]
    wanted = frozenset[str]().union(*asked)
    rarity = rarities((set(_runs(words_of(other))) & wanted for other in others), fewest=1)
    weighed = [Weighed(each, rarity) for each in asked]
    return _turned(weighed, (Weighed(grams(words_of(other)), rarity) for other in others))


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare each run is that two of the compared texts may have; all others are as rare as any."""

    of: Mapping[str, float]
    of_others: float


def rarities(texts: Iterable[AbstractSet[str]], *, fewest: int) -> Rarity:
    """Of each run that so many texts have at the least, each given by its runs: the fewer have it, the higher."""
    held: Counter[str] = Counter()
    number = 0
    for text in texts:
        held.update(text)
        number += 1
    by_count = {count: math.log((1 + number) / (1 + count)) + 1 for count in set(held.values())}
    common = {run: by_count[count] for run, count in held.items() if count >= fewest}
    return Rarity(common, max(by_count.values(), default=1.0))


class Weighed:
    """The runs of a text with what each counts. Map and sum stay in C: there are thousands of runs in a comparison.

    Most runs stand in one text alone: they count for its length only, and are reckoned all at once.
    """

    def __init__(self, runs: Mapping[str, int], rarity: Rarity) -> None:
        common = runs.keys() & rarity.of.keys()
        counts = list(map(_weight, map(runs.__getitem__, common)))
        weights = list(map(mul, counts, map(rarity.of.__getitem__, common)))
        others = sum(number * _weight(times) ** 2 for times, number in Counter(runs.values()).items())
        alone = max(others - sum(map(mul, counts, counts)), 0.0)
        self._weights = dict(zip(common, weights, strict=True))
        self._length = math.sqrt(sum(map(mul, weights, weights)) + alone * rarity.of_others**2)

    def cosine(self, other: Weighed) -> float:
        ours, theirs = self._weights, other._weights
        both = list(ours.keys() & theirs.keys())
        shared = sum(map(mul, map(ours.__getitem__, both), map(theirs.__getitem__, both)))
        return shared / (self._length * other._length) if shared else 0.0


def _turned(asked: Sequence[Weighed], others: Iterable[Weighed]) -> list[list[float]]:
    rows = [[each.cosine(other) for each in asked] for other in others]
    return [list(column) for column in zip(*rows, strict=True)]


_LOGS = tuple(1 + math.log(max(times, 1)) for times in range(READ + LENGTH))
"""What a run counts that stands so often in a text; more often than there are characters it cannot."""
_weight = _LOGS.__getitem__
