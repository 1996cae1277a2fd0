"""What the doctor finds, and what it can find in the settings alone, before the framework that needs them is set up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sportello.config import env, variables
from sportello.config.env import SettingError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `mend` says what to do; a finding without it is good news."""

    subject: str
    words: str
    mend: str = ""

    @property
    def good(self) -> bool:
        return not self.mend


def unusable() -> Iterator[Finding]:
    """The settings whose values cannot be used."""
    for setting in variables.ALL:
        try:
            setting.read()
        except SettingError as error:
            yield Finding("settings", str(error), f"set {setting.name} as docs/settings.md says")


def misspelt() -> Iterator[Finding]:
    for name in env.unknown_names(variables.ALL, variables.FAMILIES):
        yield Finding(
            "settings", f"{name} is set, but there is no such setting", "look for the right name in docs/settings.md"
        )
