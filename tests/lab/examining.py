"""Every state put, looked at, put right and looked at again; and what is said when the trouble is our own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sportello.diagnostics.models import Examination
from sportello.services.enums import ServiceVerdict
from tests.lab.looking import MOMENTS, Register, Watcher, vantage
from tests.lab.network import drop, let_through
from tests.lab.scene import lab
from tests.lab.states import STATES, State
from tests.lab.table import Line

HANDS = 16
DEAD = "127.0.1.99"
"""A resolver that does not answer."""


def examine(folder: Path) -> list[Line]:
    """Those that hit others are looked at alone."""
    begun = dt.datetime.now(dt.UTC)
    lines: dict[str, Line] = {}
    ours: list[Line] = []
    with lab(folder, STATES, today=begun) as built, ThreadPoolExecutor(HANDS) as hands:
        register = Register(built, begun)
        watcher = Watcher(register, vantage(built))
        for group in ([state for state in STATES if not state.alone], [state for state in STATES if state.alone]):
            built.put(group)
            waiting = hands.map(watcher.watch, group)
            ours += own_trouble(register, group, hands)
            courses = list(waiting)
            built.undo(group)
            for state, course, after in zip(group, courses, hands.map(watcher.repaired, group), strict=True):
                lines[state.name] = {**_line(state, course, after), **register.told(state)}
    return [*(lines[state.name] for state in STATES), *ours]


def own_trouble(register: Register, group: Sequence[State], hands: ThreadPoolExecutor) -> list[Line]:
    """Our resolver does not answer; nothing answers us: whatever is looked at then, nothing is said of it."""
    blind, cut_off = vantage(register.lab, resolver=DEAD), vantage(register.lab, canary="packets dropped")
    cases = [
        *(("our resolver is dead", name, blind) for name in ("static site", "plugin fails", "mail")),
        *(("we are cut off", name, cut_off) for name in ("packets dropped", "web server frozen")),
    ]
    states = {state.name: state for state in group}
    asked = [
        (f"{trouble}: {name}", states[name], Watcher(register, place))
        for trouble, name, place in cases
        if name in states
    ]
    if not asked:
        return []
    drop(DEAD)
    courses = hands.map(lambda each: each[2].watch(each[1], MOMENTS[:2], aside=True), asked)
    lines = [
        {**_line(state, course, course[-1]), "state": name, "ours": True}
        for (name, state, _watcher), course in zip(asked, courses, strict=True)
    ]
    let_through(DEAD)
    return lines


def _line(state: State, course: Sequence[Examination], repaired: Examination) -> Line:
    last = course[-1]
    return {
        "state": state.name,
        "unusable": state.unusable,
        "whose": state.whose,
        "expected": " or ".join(sorted(verdict.value for verdict in state.expected)),
        "verdict": last.verdict,
        "right": last.verdict in state.expected,
        "seen": last.sign or last.rule,
        "blame": last.blame,
        "looks": len(course),
        "too_soon": any(each.verdict == ServiceVerdict.UNUSABLE for each in course[:1]),
        "repaired": repaired.verdict in (ServiceVerdict.FINE, ServiceVerdict.DEGRADED)
        or repaired.rule.startswith("register"),
        "after": repaired.verdict,
    }
