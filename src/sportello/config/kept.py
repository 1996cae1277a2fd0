"""Settings that `sportello setup` wrote down: the file `environment` in the data folder. What the environment itself says comes first."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from sportello.config import variables
from sportello.config.env import Setting, SettingError

FILE = "environment"
WRITTEN: tuple[Setting[str], ...] = (
    variables.PROVIDER_NAME,
    variables.LANGUAGE,
    variables.TIMEZONE,
    variables.PUBLIC_URL,
)
"""What is asked for at set-up and read by every process when it starts."""
_HEAD = "# Written by `sportello setup`. What is set in the environment counts instead. A change counts from the next start.\n"
_loaded: set[str] = set()


def load() -> None:
    """Set what is written down and not set otherwise. Called before any setting but SPORTELLO_DATA is read."""
    for name, value in read().items():
        if not (os.environ.get(name) or os.environ.get(f"{name}_FILE")):
            os.environ[name] = value
            _loaded.add(name)


def is_from_outside(setting: Setting[str]) -> bool:
    """Whether the environment sets it, so that what is written down does not count."""
    return setting.name not in _loaded and setting.raw() is not None


def was_loaded(name: str) -> bool:
    return name in _loaded


def read() -> dict[str, str]:
    """Raises SettingError for a line that is none of ours."""
    file = variables.DATA.read() / FILE
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{file} cannot be read: {error}.") from None
    return dict(_pair(line, str(file)) for line in lines if line.strip() and not line.lstrip().startswith("#"))


def write(values: Mapping[str, str]) -> None:
    """Add to what is written down, wholly or not at all; it counts at once in this process."""
    file = variables.DATA.read() / FILE
    after = {**read(), **values}
    draft = file.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as target:
        target.write(_HEAD + "".join(f"{name}={shlex.quote(value)}\n" for name, value in after.items()))
        target.flush()
        os.fsync(target.fileno())
    draft.replace(file)
    os.environ.update(values)
    _loaded.update(values)


def _pair(line: str, where: str) -> tuple[str, str]:
    name, sign, value = line.partition("=")
    words = shlex.split(value)
    if not sign or name not in {setting.name for setting in WRITTEN} or len(words) != 1:
        known = ", ".join(setting.name for setting in WRITTEN)
        raise SettingError(f"{where}: the line “{line[:60]}” cannot be used; it holds {known} alone, as NAME=VALUE.")
    return name, words[0]
