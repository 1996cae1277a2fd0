"""`sportello check-files`."""

from __future__ import annotations

import argparse

from sportello.config.env import SettingError
from sportello.core import clock
from sportello.core.files import FileStoreAway
from sportello.watch import actions, queries


def run(options: argparse.Namespace) -> int:
    """Read every file that a row names; 1 when one is missing or altered. Raises SettingError when the store does not answer."""
    try:
        for name in actions.give_up(options.give_up, now=clock.now()):
            print(f"{name} is given up: {', '.join(queries.where_named(name))}")
        looked_at, damaged = actions.check_files()
    except FileStoreAway as error:
        raise SettingError(f"Nothing can be said of the files: the file store does not answer: {error}.") from None
    for name in damaged:
        print(f"{name} is missing or altered: {', '.join(queries.where_named(name)) or 'named nowhere any more'}")
    print(f"{looked_at} files, {len(damaged)} missing or altered.")
    return 1 if damaged else 0
