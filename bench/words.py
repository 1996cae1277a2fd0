"""Support talk from a fixed seed: common words often, rare words seldom (Zipf's law)."""

from __future__ import annotations

import random
from itertools import accumulate

SEED = 20261123
TOPICS = (
    "certificato scaduto", "posta bloccata", "sito irraggiungibile", "dominio da trasferire", "database lento",
    "spazio esaurito", "errore del server", "password dimenticata", "webmail lenta", "fattura da correggere",
    "certificate expired", "mailbox full", "slow database", "restore needed", "tunnel down",
)  # fmt: skip
COMMON = tuple(
    """
    il la di che e un per non sono con del si al ma come abbiamo questo alla anche ho sul fare stato dopo prima sempre ancora quando cliente
    sito server web mail posta dominio errore problema accesso pannello pagina file cartella rete indirizzo verifica log versione tema plugin
    aggiornamento memoria disco piano rinnovo grazie saluti buongiorno gentile oggi ieri domani minuti giorni the to and of in we is it on for
    with our please page could not after before from this that have service account message
    """.split()  # noqa: SIM905 - words are read and changed as a text
)


class Writer:
    """Writes texts; the same numbers give the same texts. With a `talk` the same words in an order of its own."""

    def __init__(self, talk: str = "") -> None:
        self._random = random.Random(SEED)  # noqa: S311 - the same texts every time
        syllables = [first + second for first in "bcdfglmnprstvz" for second in "aeiou"]
        rare = ["".join(self._random.choices(syllables, k=self._random.randint(2, 4))) for _ in range(8000)]
        self._words = [*COMMON, *rare]
        self._weights = list(accumulate(1 / (rank + 2) for rank in range(len(self._words))))
        if talk:
            self._random.seed(f"{SEED} {talk}")

    def words(self, count: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=count))

    def subject(self) -> str:
        return f"{self._random.choice(TOPICS)} {self.words(4)}".capitalize()

    def text(self) -> str:
        return f"Buongiorno,\n\n{self.words(self._random.randint(30, 120))}\n\nGrazie e saluti"

    def half_text(self) -> str:
        """Half of a message of about eighty words."""
        return f"{self.words(self._random.randint(15, 60)).capitalize()}."

    def rare_word(self) -> str:
        return self._words[-self._random.randint(1, 2000)]

    def below(self, limit: int) -> int:
        return self._random.randrange(limit)
