"""docs/settings.md, written from `variables.py`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sportello.config import variables
from sportello.config.env import Family, Setting

_HEAD = """# Settings

Everything is set in the environment, or in a file: for any setting `X`, `X_FILE` names a file that holds its value. Give secrets that way
(systemd's `LoadCredential=`, container secrets), since an environment can be read by whoever may look at the process. A value that cannot be used
stops the program with a sentence that names it; `sportello doctor` names variables that look like settings and are none.

This page is written by `sportello settings > docs/settings.md` from `src/sportello/config/variables.py`; a test compares the two.
"""


def text() -> str:
    return "\n".join([_HEAD, *_rows(variables.ALL), "", *(_family(family) for family in variables.FAMILIES)]) + "\n"


def _rows(settings: Iterable[Setting[Any]]) -> Iterable[str]:
    yield "| setting | kind | default | what for |"
    yield "| --- | --- | --- | --- |"
    for setting in settings:
        yield f"| `{setting.name}` | {setting.kind} | {_default(setting.shown_default)} | {setting.about} |"


def _default(shown: str) -> str:
    """Words of explanation stand as they are, values in code."""
    if not shown:
        return "none"
    return shown if " " in shown or "`" in shown else f"`{shown}`"


def _family(family: Family) -> str:
    return f"`{family.prefix}...` and `{family.prefix}..._FILE`: {family.about}"
