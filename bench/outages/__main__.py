"""How well the desk tells requests about an outage from others whose service is hit, too: `python -m bench.outages`.

The problems of bench/duplicates, by whether an outage of their server explains them, and further texts (texts.txt), of which the last were written
when the lists of words were done, and counted before these were mended by them. No customer wrote any of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from bench.duplicates.problems import LANGUAGES, read
from sportello.incidents.rules import Asked, belonging
from sportello.services.enums import ServiceVerdict

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
EXPLAINED = frozenset(
    """
    errore-500-negozio database-non-raggiungibile sito-lento ftp-non-collega posta-non-parte posta-non-arriva webmail-errore vps-spenta
    site-500 db-connection slow-site ftp-timeout cannot-send cannot-receive webmail-down vps-down
    """.split()  # noqa: SIM905 - a list of names is read and changed more easily as a text
)
"""Problems that an outage of the server explains altogether."""


class About(StrEnum):
    """What a request is about, as somebody would say who knows that its server is down."""

    OUTAGE = "the outage"
    FAULT = "another fault"
    MATTER = "another matter"


@dataclass(frozen=True, slots=True)
class Case:
    source: str
    language: str
    about: About
    text: str


def main() -> None:
    counted: Counter[tuple[str, str, About, str]] = Counter()
    for case in (*_of_problems(), *_written()):
        row = (case.source, case.language, case.about)
        counted[*row, "all"] += 1
        counted[*row, "alone"] += _is_put_under(case.text, None)
        counted[*row, "unusable"] += _is_put_under(case.text, ServiceVerdict.UNUSABLE)
    print(
        f"{'texts':10}{'language':10}{'about':16}{'requests':>9}{'put under it: words alone':>27}{'seen unusable':>15}"
    )
    for source, language, about in sorted({key[:3] for key in counted}):
        total, alone, unusable = (counted[source, language, about, what] for what in ("all", "alone", "unusable"))
        print(f"{source:10}{language:10}{about:16}{total:>9}{alone:>27}{unusable:>15}")


def _of_problems() -> Iterator[Case]:
    for language in LANGUAGES:
        for problem in read(language):
            fails = problem.verdict in {"unusable", "degraded"}
            about = About.OUTAGE if problem.key in EXPLAINED else About.FAULT if fails else About.MATTER
            for text in problem.texts:
                filled = text.about("ceramiche.example", "web-07")
                yield Case("problems", language, about, f"{filled.subject}\n{filled.body}")


def _written() -> Iterator[Case]:
    lines = Path(__file__).with_name("texts.txt").read_text(encoding="utf-8").splitlines()
    for line in (line for line in lines if not line.startswith("#")):
        kind, language, text = line.split(" ", 2)
        about = About.OUTAGE if kind in "oO" else About.MATTER
        yield Case("later" if kind.isupper() else "written", language, about, text.replace(" | ", "\n"))


def _is_put_under(text: str, verdict: ServiceVerdict | None) -> bool:
    return belonging(Asked(written_at=NOW, is_question=False, verdict=verdict, text=text), started_at=NOW).by_itself


if __name__ == "__main__":
    main()
