"""`make eval-duplicates`: how well it is recognised that two requests are about one problem.

Scores the desk's ranker on its own pairs of hosting requests (half of which fitting has never seen), in a simulated month, and on folders of
duplicates from elsewhere, with the scorer that lies beside them.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.duplicates.fitting import fit
from bench.duplicates.minutes import within_minutes
from bench.duplicates.problems import Half
from bench.duplicates.ranker import ranked
from bench.duplicates.scenes import scenes
from bench.duplicates.scoring import score
from bench.duplicates.sets import write_set
from bench.duplicates.traffic import Month, month

SHOWN = (
    "positives",
    "negatives",
    "recall@1",
    "recall@5",
    "recall@10",
    "mrr",
    "warn_recall@p90",
    "warn_recall@p70",
    "warn_auc",
)


def main() -> int:
    options = _options()
    if options.fit:
        _tell_fit()
    elif options.write:
        for half in Half:
            write_set(options.write / f"hosting-{half}", scenes(half))
    else:
        _tell_pairs()
        _tell_minutes()
        _tell_months(options.months)
        if options.sets:
            _tell_set(options.sets)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make eval-duplicates", description=__doc__)
    parser.add_argument(
        "--sets",
        type=Path,
        default=os.environ.get("DUPLICATE_SETS") or None,
        help="a folder with evaluate.py and gitbugs/ ($DUPLICATE_SETS); takes a few minutes",
    )
    parser.add_argument("--months", type=int, default=3, help="how many months are simulated")
    parser.add_argument("--fit", action="store_true", help="fit the model anew and print what belongs into model.toml")
    parser.add_argument("--write", type=Path, help="write the pairs into this folder, for other scorers, and end")
    return parser.parse_args()


def _tell_pairs() -> None:
    print("Pairs of hosting requests, within one customer, written by the makers of Sportello")
    print(
        f"{'':10}{'asked':>7}{'R@1':>7}{'R@5':>7}{'warn p70':>10}{'joined':>8}{'right':>7}{'proposed':>10}{'right':>7}"
    )
    for half in Half:
        told = score(half)
        print(
            f"{half:10}{told.asked:>7}{told.recall_1:>7.3f}{told.recall_5:>7.3f}{told.warned:>10.3f}"
            f"{told.joined:>8}{told.joined_right:>7}{told.proposed:>10}{told.proposed_right:>7}"
        )


def _tell_minutes() -> None:
    told = within_minutes()
    print("\nOne open ticket, and ten minutes later the same person writes of the same service")
    print(f"the same problem in other words: {told.same_joined} of {told.same} joined by itself")
    print(f"another problem:                 {told.other_joined} of {told.other} joined by itself")


def _tell_months(number: int) -> None:
    print("\nA simulated month, problems that fitting has not seen")
    print(f"{'seed':10}{'requests':>9}{'again':>7}{'joined':>8}{'right':>7}{'proposed':>10}{'right':>7}{'missed':>8}")
    found = [month(seed) for seed in range(1, number + 1)]
    for seed, told in enumerate(found, start=1):
        print(_line(str(seed), told))
    print(_line("all", _sum(found)))


def _sum(months: Iterable[Month]) -> Month:
    total = Month()
    for one in months:
        total.requests += one.requests
        total.again += one.again
        total.counted += one.counted
    return total


def _line(name: str, told: Month) -> str:
    counted = told.counted
    proposed = counted["proposed right"] + counted["proposed wrong"]
    return (
        f"{name:10}{told.requests:>9}{told.again:>7}{told.joined:>8}{told.right_share:>7.1%}"
        f"{proposed:>10}{counted['proposed right']:>7}{counted['missed']:>8}"
    )


def _tell_set(folder: Path) -> None:
    """By the scorer's own reckoning."""
    scorer = _module(folder / "evaluate.py")
    tickets, truth = (scorer.load(folder / "gitbugs" / f"{name}.jsonl") for name in ("tickets", "truth"))
    found = scorer.evaluate(tickets, truth, ranked(tickets, [line["id"] for line in truth], 50, "all"), "all")
    print("\ngitbugs, everybody's tickets")
    for name in SHOWN:
        print(f"{name:18}{found[name]:.3f}")


def _module(file: Path) -> Any:
    described = importlib.util.spec_from_file_location("scorer", file)
    if described is None or described.loader is None:
        raise FileNotFoundError(file)
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module


def _tell_fit() -> None:
    model, number = fit()
    print(f"# Fitted to {number:,} comparisons\n[customer]\nbegins = {model.begins:.2f}")
    for name, weight in model.weights.items():
        print(f"{name} = {weight:.2f}")


if __name__ == "__main__":
    raise SystemExit(main())
