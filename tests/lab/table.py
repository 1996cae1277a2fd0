"""What the lab found, as docs/laboratory.md has it."""

from __future__ import annotations

from collections.abc import Sequence

Line = dict[str, str | int | bool]


def table(lines: Sequence[Line]) -> str:
    """Of all states, with the sums below."""
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
