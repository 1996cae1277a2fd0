"""The problems that hosting customers report, each in several wordings; written by the people who make Sportello."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).parent
LANGUAGES = ("it", "en")
VERDICTS = {"u": "unusable", "d": "degraded", "f": "fine", "-": ""}
_HEAD = re.compile(r"\[(?P<key>\S+) (?P<kind>\w+) (?P<verdict>[udf-])\]")


class Half(StrEnum):
    """Every other problem is for fitting; the rest are never looked at in fitting."""

    FIT = "fit"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Text:
    subject: str
    body: str

    def about(self, service: str, server: str) -> Text:
        return Text(_filled(self.subject, service, server), _filled(self.body, service, server))


@dataclass(frozen=True, slots=True)
class Problem:
    key: str
    language: str
    kind: str
    verdict: str
    texts: tuple[Text, ...]


def problems(half: Half) -> list[Problem]:
    return [problem for language in LANGUAGES for problem in read(language)[half == Half.UNSEEN :: 2]]


def read(language: str) -> list[Problem]:
    lines = (HERE / f"problems_{language}.txt").read_text(encoding="utf-8").splitlines()
    blocks: list[list[str]] = []
    for line in filter(None, (line for line in lines if not line.startswith("#"))):
        if _HEAD.fullmatch(line):
            blocks.append([])
        blocks[-1].append(line)
    return [_problem(language, *block) for block in blocks]


def _problem(language: str, head: str, *texts: str) -> Problem:
    found = _HEAD.fullmatch(head)
    if found is None:
        raise ValueError(head)
    told = tuple(map(_text, texts))
    return Problem(found["key"], language, found["kind"], VERDICTS[found["verdict"]], told)


def _text(line: str) -> Text:
    subject, body = line.split(" | ", 1)
    return Text(subject, body.replace(" // ", "\n"))


def _filled(text: str, service: str, server: str) -> str:
    return text.replace("{d}", service).replace("{s}", server)
