"""docs/settings.md: nothing undocumented, nothing documented that is not there, nothing read that is not declared."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sportello.config import PACKAGE, reference, variables

ROOT = PACKAGE.parent.parent
PAGE = ROOT / "docs" / "settings.md"


def test_the_page_is_what_the_declarations_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference.text(), "run: make settings"


def test_every_declared_setting_has_its_row_and_no_row_is_left_over() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert Counter(rows) == Counter(setting.name for setting in variables.ALL)


def test_the_environment_is_read_in_the_house_only() -> None:
    """A room that reads the environment by itself has a setting nobody can find."""
    reading = re.compile(r"os\.environ|os\.getenv|getenv\(")
    files = {path.relative_to(PACKAGE): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    readers = {str(name) for name, code in files.items() if name.parts[0] != "config" and reading.search(code)}
    assert readers == set()


def test_no_setting_is_named_that_does_not_exist() -> None:
    """In code, documents and service files: a name that nobody declared is a typing error or a leftover."""
    known = {setting.name for setting in variables.ALL}
    known |= {f"{name}_FILE" for name in known}
    prefixes = tuple(family.prefix for family in variables.FAMILIES)
    named = {
        (name, path.name)
        for path in _texts()
        for name in re.findall(r"\bSPORTELLO_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
        if name not in known and not name.startswith(prefixes)
    }
    assert named == set()


def _texts() -> list[Path]:
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*")]
    return [*documents, *PACKAGE.rglob("*.py")]


def test_every_setting_is_used() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.name != "variables.py")
    constants = [name for name, value in vars(variables).items() if value in variables.ALL]
    assert [name for name in constants if f"variables.{name}" not in code] == []
