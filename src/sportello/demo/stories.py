"""The demo's data files as values: who there is, and who said what when. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib import resources
from itertools import cycle
from typing import Any

DONE_STORIES = 62
AGENTS = {"g": 0, "m": 1, "e": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing said. `who` is "c" for the customer, or an agent's letter; `note` marks what only staff reads."""

    after: timedelta
    who: str
    text: str
    note: bool


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Story:
    """One request. `age` is how long ago it was opened; `service` the name of what it is about, or nothing."""

    sender: Person
    subject: str
    state: str
    age: timedelta
    lines: tuple[Line, ...]
    service: str = ""
    assignee: str = ""
    tags: tuple[str, ...] = ()
    update_in: timedelta = timedelta(0)
    presales: bool = False
    outage: bool = False


def provider() -> dict[str, Any]:
    return _read("provider.toml")


def stories() -> list[Story]:
    """What is on the desk now, and what was done in the last weeks, in no order."""
    customers = {customer["code"]: customer for customer in provider()["customers"]}
    told = _read("conversations.toml")
    return [_now(entry, customers) for entry in told["now"]] + list(_done(told["done"], list(customers.values())))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def _now(entry: dict[str, Any], customers: dict[str, Any]) -> Story:
    customer = customers.get(entry.get("customer", ""))
    sender = _contact(customer, entry["said"][0][2]) if customer else Person(*entry["from"])
    return Story(
        sender=sender,
        subject=entry["subject"],
        state="new" if entry["state"] == "outage" else entry["state"],
        outage=entry["state"] == "outage",
        age=timedelta(minutes=entry["age"]),
        lines=_lines(entry["said"]),
        service=customer["services"][entry["service"]][1] if customer else "",
        assignee=entry.get("assignee", ""),
        tags=tuple(entry.get("tags", ())),
        update_in=timedelta(minutes=entry.get("update_in", 0)),
        presales=entry.get("presales", False),
    )


def _done(entries: list[dict[str, Any]], customers: list[dict[str, Any]]) -> Iterator[Story]:
    """Each story once for every few customers, spread over some weeks so that every figure has something to count."""
    turns = cycle(entries)
    for index in range(DONE_STORIES):
        entry = next(turns)
        customer = customers[(index * 7 + index // len(entries)) % len(customers)]
        yield _past(entry, customer, index)


def _past(entry: dict[str, Any], customer: dict[str, Any], index: int) -> Story:
    sender = _contact(customer, "", entry.get("language", "it"))
    names = {"{domain}": _domain(customer), "{name}": sender.name}
    answers_late = index % 17 == 16
    age = timedelta(hours=3 + index * 14, minutes=(index * 37) % 60)
    return Story(
        sender=sender,
        subject=_filled(entry["subject"], names),
        state="closed" if age > timedelta(days=6) else "solved",
        age=age,
        lines=_lines(entry["said"], names, late=answers_late),
        service=customer["services"][0][1],
        outage=entry.get("outage", False),
    )


def _lines(said: list[list[Any]], names: dict[str, str] | None = None, *, late: bool = False) -> tuple[Line, ...]:
    delay = timedelta(minutes=9 if late else 0)
    return tuple(
        Line(
            after=timedelta(minutes=minutes) + (delay if who != "c" else timedelta(0)),
            who=who.removeprefix("note-"),
            text=_filled(text, names or {}),
            note=who.startswith("note-"),
        )
        for who, minutes, text in sorted(said, key=lambda line: line[1] + (9 if late and line[0] != "c" else 0))
    )


def _filled(text: str, names: dict[str, str]) -> str:
    for mark, value in names.items():
        text = text.replace(mark, value)
    return text


def _contact(customer: dict[str, Any], text: str, language: str = "") -> Person:
    """The contact whose first name the text is signed with, else one of the wanted language, else the first."""
    people = [Person(name, address, speaks) for name, address, _role, speaks in customer["contacts"]]
    signed = [person for person in people if text and person.name.split()[0] in text]
    speaking = [person for person in people if person.language == language]
    return (signed or speaking or people)[0]


def _domain(customer: dict[str, Any]) -> str:
    return str(customer["contacts"][0][1]).partition("@")[2]
