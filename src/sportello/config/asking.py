"""Asking at the terminal, one thing after the other; what was answered stands at once, so that whoever leaves can go on later."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sportello.config.env import SettingError

LATER = "-"
Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """`option` names it on the command line. `stands` is what is there now, or what is proposed; `is_done` whether somebody decided it.

    `put` takes an answer, and raises SettingError with a sentence for one that cannot be used. What `fixed` says cannot be changed here.
    """

    option: str
    title: str
    stands: Callable[[], str]
    is_done: Callable[[], bool]
    put: Callable[[str], None]
    is_needed: bool = True
    fixed: str = ""


def give(steps: Sequence[Step], given: Mapping[str, str]) -> None:
    """What was given as options. Raises SettingError at the first that cannot be used: those before it stand."""
    for step in steps:
        value = given.get(step.option)
        if value is None:
            continue
        if step.fixed and value != step.stands():
            raise SettingError(f"--{step.option}: {step.fixed}")
        _put(step, value)


def ask(steps: Sequence[Step], *, by: Ask, again: bool) -> None:
    """Ask for what is not there yet, or, with `again`, for everything."""
    for step in steps:
        if not step.fixed and (again or not step.is_done()):
            _ask(step, by)


def missing(steps: Sequence[Step]) -> list[Step]:
    return [step for step in steps if step.is_needed and not step.is_done()]


def line(step: Step) -> str:
    """How a step stands, as `--check` prints it."""
    sign = "done" if step.is_done() else "MISSING" if step.is_needed else "open"
    return f"  {sign:8} {step.title}: {step.stands() or '-'}{f' ({step.fixed})' if step.fixed else ''}"


def _ask(step: Step, by: Ask) -> None:
    while True:
        proposed = step.stands()
        answer = by(f"{step.title}{f' [{proposed}]' if proposed else ''}: ").strip()
        if answer == LATER or not (answer or proposed):
            return
        try:
            _put(step, answer or proposed)
        except SettingError as error:
            print(f"  {error}")
        else:
            return


def _put(step: Step, value: str) -> None:
    try:
        step.put(value)
    except SettingError as error:
        raise SettingError(f"{step.title}: {error}") from None
