"""The papers speak of what exists, and the locks of all that is installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", PAGE))
    assert {name for name in named if not (ROOT / name).exists()} == set()


def test_every_check_has_its_line() -> None:
    lines = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| S"))
    assert sorted(re.findall(r"S\d\d", lines)) == [f"S{number:02}" for number in range(1, 51)]


def test_every_check_has_a_test_with_its_number_in_the_name() -> None:
    """So that `pytest -k s17` runs what the page says of S17."""
    names = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    numbers = set(re.findall(r"_(s\d\d)(?=[_(])", "".join(re.findall(r"def (test\w+\()", names))))
    wanted = {
        number.lower()
        for line in PAGE.splitlines()
        if line.startswith("| S") and "| not applicable" not in line
        for number in re.findall(r"S\d\d", line.split("|")[1])
    }
    assert wanted - numbers == set()


RELIABILITY = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")


def test_every_test_that_the_page_of_reliability_names_exists() -> None:
    assert {name for name in re.findall(r"`(tests/[\w/.]+)`", RELIABILITY) if not (ROOT / name).exists()} == set()
    tests = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)", RELIABILITY))
    assert {name for name in named if f"def {name}" not in tests} == set()


ONLY_AT_LENGTH = {"r21", "r22", "r23"}
"""A backlog of 100,000 mails, an hour of load, a day of faults: `make soak`."""


def test_every_fault_has_its_line_and_a_test_with_its_number_in_the_name() -> None:
    """So that `pytest -k r16` runs what the page says of R16."""
    cells = "\n".join(line.split("|")[1] for line in RELIABILITY.splitlines() if line.startswith("| R"))
    lines = {number.lower() for number in re.findall(r"R\d\d", cells)}
    names = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    named = set(re.findall(r"_(r\d\d)(?=[_(])", "".join(re.findall(r"def (test\w+\()", names))))
    wanted = {f"r{number:02}" for number in range(1, 33)}
    assert (wanted - lines, wanted - named - ONLY_AT_LENGTH) == (set(), set())


ASVS = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
LEVELS_1_AND_2 = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
}
"""How many items a chapter of ASVS 5.0.0 has; those of 17 stand in one line."""
LOCKS = [ROOT / "requirements" / name for name in ("build.txt", "run.txt", "dev.txt")]


def _ids(cell: str) -> Iterator[str]:
    """The items that the first cell of a line names: one, some, or from one to another of the same section."""
    for part in cell.split(","):
        first, _, last = part.strip().partition("-")
        section, _, number = first.rpartition(".")
        for each in range(int(number), int((last or first).rpartition(".")[2]) + 1):
            yield f"{section}.{each}"


def test_the_standard_is_gone_through_item_by_item() -> None:
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in ASVS.splitlines() if re.match(r"\| \d", line)]
    assert {state for _ids, _what, state, _how in lines} == {"met", "not met", "n.a."}
    assert all(how for _ids, _what, _state, how in lines)
    named = [each for cell, *_ in lines if not cell.startswith("17.") for each in _ids(cell)]
    assert len(named) == len(set(named))
    chapters = [int(each.partition(".")[0]) for each in named]
    assert {chapter: chapters.count(chapter) for chapter in sorted(set(chapters))} == LEVELS_1_AND_2
    judged = Counter(state for cell, _what, state, _how in lines if not cell.startswith("17.") for _ in _ids(cell))
    sums = (
        f"Of these {judged.total()}: met {judged['met']}, not met {judged['not met']}, not applicable {judged['n.a.']}."
    )
    assert sums in ASVS


def test_every_test_that_the_standards_page_names_exists() -> None:
    named = set(re.findall(r"`([a-z]+/test_\w+\.py)`", ASVS))
    assert {name for name in named if not (ROOT / "tests" / name).exists()} == set()


def _locked(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==([^\s\\;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_s50_every_locked_package_has_one_version_and_its_hashes(lock: Path) -> None:
    entries = re.split(r"^(?=[\w-])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.timeout(600)  # starts a program of its own, which a crowded machine takes minutes for
def test_s50_the_bill_of_materials_lists_every_package_of_a_release(tmp_path: Path) -> None:
    made = tmp_path / "sbom.json"
    command = [sys.executable, "-m", "cyclonedx_py", "requirements", str(ROOT / "requirements" / "run.txt")]
    subprocess.run(
        [*command, "--pyproject", str(ROOT / "pyproject.toml"), "--output-reproducible", "--output-file", str(made)],
        check=True,
    )
    bill = json.loads(made.read_text(encoding="utf-8"))
    assert bill["metadata"]["component"]["name"] == "sportello"
    assert {each["name"]: each["version"] for each in bill["components"]} == _locked(ROOT / "requirements" / "run.txt")


@pytest.mark.parametrize(
    ("said", "code", "ends"),
    [
        ("No known vulnerabilities found", 0, 0),
        ("Found 1 known vulnerability in 1 package", 1, 1),
        ("ConnectionError: name resolution failed", 1, 2),
    ],
    ids=["none", "one", "no network"],
)
def test_s50_known_holes_fail_and_no_network_does_not_look_like_them(
    tmp_path: Path, said: str, code: int, ends: int
) -> None:
    """Continuous integration lets 2 pass (tests/run)."""
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n", encoding="ascii")
    python.chmod(0o700)
    assert subprocess.run([ROOT / "requirements/audit.sh", python], check=False, capture_output=True).returncode == ends


def test_s50_continuous_integration_asks_for_known_holes() -> None:
    assert "requirements/audit.sh" in (ROOT / "tests/run").read_text(encoding="utf-8")
