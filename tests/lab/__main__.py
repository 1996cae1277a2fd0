"""`make lab`: real servers, broken in every way the field knows, looked at by the desk's own probes; prints whether what is said is true.

Only root may make the machine of its own that they stand on. `--json` prints a line for each state instead.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sportello.diagnostics.rules import Judgement
from sportello.services.enums import ServiceVerdict
from tests.lab.looking import MOMENTS, Watcher, vantage
from tests.lab.network import INSIDE, drop, let_through, machine
from tests.lab.scene import Lab, lab
from tests.lab.states import STATES, State

Line = dict[str, str | int | bool]
HANDS = 24


def main() -> int:
    parser = argparse.ArgumentParser(prog="make lab", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if INSIDE not in os.environ:
        with machine(f"sp-lab{os.getpid()}") as mark:
            command = ["ip", "netns", "exec", mark, sys.executable, "-m", "tests.lab", *sys.argv[1:]]
            return subprocess.run(command, env={**os.environ, INSIDE: mark}, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="sportello-lab-") as folder:
        lines, ours = examine(Path(folder))
    if options.json:
        print("\n".join(map(json.dumps, [*lines, *ours])), flush=True)
    else:
        print(table(lines), *(f"{line['state']}: {line['verdict']}" for line in ours), sep="\n", flush=True)
    return 0 if all(line["right"] and line["repaired"] for line in (*lines, *ours)) else 1


def examine(folder: Path) -> tuple[list[Line], list[Line]]:
    """Every state looked at, put right, and looked at again, those that hit others alone; and what is said when the trouble is our own."""
    begun = dt.datetime.now(dt.UTC)
    found: dict[str, Line] = {}
    ours: list[Line] = []
    with lab(folder, STATES, today=begun) as built, ThreadPoolExecutor(HANDS) as hands:
        watcher = Watcher(built, begun, vantage(built))
        for group in ([state for state in STATES if not state.alone], [state for state in STATES if state.alone]):
            built.put(group)
            waiting = hands.map(watcher.watch, group)
            ours += own_trouble(built, begun, group, hands)
            courses = list(waiting)
            built.undo(group)
            repaired = list(hands.map(watcher.repaired, group))
            for state, course, after in zip(group, courses, repaired, strict=True):
                found[state.name] = _line(state, course, after)
    return [found[state.name] for state in STATES], ours


def own_trouble(built: Lab, begun: dt.datetime, group: Sequence[State], hands: ThreadPoolExecutor) -> list[Line]:
    """Our resolver does not answer; nothing answers us: whatever is looked at then, nothing is said of it."""
    dead = "127.0.1.99"
    cases = [
        *(
            ("our resolver is dead", name, vantage(built, resolver=dead))
            for name in ("static site", "plugin fails", "mail")
        ),
        *(
            ("we are cut off", name, vantage(built, canary="packets dropped"))
            for name in ("packets dropped", "web server frozen")
        ),
    ]
    states = {state.name: state for state in group}
    drop(dead)
    asked = [
        (f"{trouble}: {name}", states[name], Watcher(built, begun, place))
        for trouble, name, place in cases
        if name in states
    ]
    courses = hands.map(lambda each: each[2].watch(each[1], MOMENTS[:2]), asked)
    lines = [
        {**_line(state, course, course[-1]), "state": name}
        for (name, state, _watcher), course in zip(asked, courses, strict=True)
    ]
    let_through(dead)
    return [{**line, "right": line["verdict"] == "unknown", "repaired": True, "ours": True} for line in lines]


def _line(state: State, course: Sequence[Judgement], repaired: Judgement) -> Line:
    last = course[-1]
    return {
        "state": state.name,
        "unusable": state.unusable,
        "whose": state.whose,
        "expected": " or ".join(sorted(verdict.value for verdict in state.expected)),
        "verdict": last.verdict.value,
        "right": last.verdict in state.expected,
        "seen": last.sign.value if last.sign else last.rule,
        "blame": last.blame.value,
        "looks": len(course),
        "too_soon": any(each.verdict == ServiceVerdict.UNUSABLE for each in course[:1]),
        "repaired": repaired.verdict in (ServiceVerdict.FINE, ServiceVerdict.DEGRADED)
        or repaired.rule.startswith("register"),
        "after": repaired.verdict.value,
    }


def table(lines: Sequence[Line]) -> str:
    """As docs/diagnostics.md has it."""
    head = (
        "state",
        "verdict",
        "expected",
        "right",
        "seen",
        "whose it is",
        "whose it was said to be",
        "looks",
        "put right",
    )
    rows = [
        (
            line["state"],
            line["verdict"],
            line["expected"],
            "right" if line["right"] else "**WRONG**",
            line["seen"],
            line["whose"],
            line["blame"] or "-",
            line["looks"],
            line["after"],
        )
        for line in lines
    ]
    written = [head, ("---",) * len(head), *rows]
    return "\n".join([*(f"| {' | '.join(map(str, row))} |" for row in written), "", *sums(lines)])


def sums(lines: Sequence[Line]) -> list[str]:
    unusable = [line for line in lines if line["unusable"]]
    found = sum(line["verdict"] == "unusable" for line in unusable)
    others = [line for line in lines if not line["unusable"]]
    wrongly = sum(line["verdict"] == "unusable" for line in others)
    accused = [
        line
        for line in lines
        if line["blame"] in ("provider", "customer") and line["whose"] in ("provider", "customer")
    ]
    wrong_blame = sum(line["blame"] != line["whose"] for line in accused)
    return [
        f"states: {len(lines)}; right: {sum(bool(line['right']) for line in lines)}",
        f"cannot be used: {len(unusable)}; found: {found}; said after one look alone: {sum(bool(line['too_soon']) for line in lines)}",
        f"can be used, or is not ours: {len(others)}; said to be unusable: {wrongly}",
        f"somebody was named: {len(accused)}; the wrong one: {wrong_blame}",
        f"put right again: {sum(bool(line['repaired']) for line in lines)}",
    ]


if __name__ == "__main__":
    sys.exit(main())
