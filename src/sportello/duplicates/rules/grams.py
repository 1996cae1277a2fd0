"""How alike two texts are: runs of three to five characters, the rare ones counting more (TF-IDF, cosine).

Runs of characters bear typing errors and the endings of Italian and English alike, and need no dictionary.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

LENGTHS = (3, 4, 5)
READ = 1500
"""Characters of a text that are compared: the problem stands at its beginning, and the time is bounded."""

_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_GAP = re.compile(r"[^\w@.%-]+")
# What people write around a problem, whatever it is.
_COURTESIES = """
    buongiorno buonasera buondi salve ciao gentile gentili spettabile egregi egregio staff supporto assistenza team grazie anticipatamente
    attesa riscontro cortesia cortese cortesemente saluti cordiali cordialmente distinti saluto scusate disturbo favore piacere prego
    hello hi dear good morning afternoon evening support thanks thank regards kind best sincerely cheers please sorry bother appreciate
"""
_COURTESY = frozenset(_COURTESIES.split())


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without quotes, capitals, accents and courtesy."""
    plain = unicodedata.normalize("NFKD", _QUOTED.sub("", text[: READ * 4]).lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = (word.strip(".-_") for word in _GAP.split(letters[:READ]))
    return [word for word in words if word and word not in _COURTESY]


def grams(text: str) -> Counter[str]:
    """How often each run of characters stands in the text; each word begins and ends with a space."""
    line = f" {' '.join(words_of(text))} "
    return Counter(line[at : at + length] for length in LENGTHS for at in range(len(line) - length + 1))


def similarities(text: str, others: Sequence[str]) -> list[float]:
    """How alike the text is to each of the others, from 0 to 1; how rare a run is, is told by these texts alone."""
    asked, known = grams(text), [grams(other) for other in others]
    rarity = rarities([asked, *known])
    weighed = Weighed(asked, rarity)
    return [weighed.cosine(Weighed(other, rarity)) for other in known]


def alike_each(texts: Sequence[str], others: Sequence[str]) -> list[list[float]]:
    """Of each text, how alike it is to each of the others; for thousands of them, each gone through twice and never all held."""
    asked = [grams(text) for text in texts]
    wanted = frozenset[str]().union(*asked)
    rarity = rarities(dict.fromkeys(grams(other).keys() & wanted, 1) for other in others)
    weighed = [Weighed(each, rarity) for each in asked]
    return _turned(weighed, (Weighed(grams(other), rarity) for other in others))


class Weighed:
    """The runs of a text with what each counts."""

    def __init__(self, runs: Mapping[str, int], rarity: Mapping[str, float]) -> None:
        rarest = max(rarity.values(), default=1.0)
        self._weights = {run: _weight(times) * rarity.get(run, rarest) for run, times in runs.items()}
        self._length = math.sqrt(sum(weight * weight for weight in self._weights.values()))

    def cosine(self, other: Weighed) -> float:
        ours, theirs = self._weights, other._weights
        shared = sum(ours[run] * theirs[run] for run in ours.keys() & theirs.keys())
        return shared / (self._length * other._length) if shared else 0.0


def _turned(asked: Sequence[Weighed], others: Iterable[Weighed]) -> list[list[float]]:
    rows = [[each.cosine(other) for each in asked] for other in others]
    return [list(column) for column in zip(*rows, strict=True)]


def rarities(texts: Iterable[Mapping[str, int]]) -> dict[str, float]:
    """Of each run: the fewer texts have it, the higher."""
    held: Counter[str] = Counter()
    number = 0
    for text in texts:
        held.update(text.keys())
        number += 1
    by_count = {count: math.log((1 + number) / (1 + count)) + 1 for count in set(held.values())}
    return {run: by_count[count] for run, count in held.items()}


def _weight(times: int) -> float:
    return _LOGS[times] if times < len(_LOGS) else 1 + math.log(times)


_LOGS = (0.0, *(1 + math.log(times) for times in range(1, 64)))
