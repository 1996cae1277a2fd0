"""Parts of a page that hang on nothing but what they are given, in one language: put together once, and kept for whoever is shown the same."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from threading import Lock

from django.db.models import Model
from django.utils.safestring import SafeString

MOST_CHARACTERS = 8_000_000
"""In each web process; what was kept first goes first."""
TOKEN_PLACE = f"token-{secrets.token_hex(20)}"
"""Stands in a kept part for the token against forged requests, which is another one for each answer. Nobody outside this process knows it."""

Key = tuple[Hashable, ...]


class Keeper:
    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most, self._size, self._lock = most, 0, Lock()
        self._kept: dict[Key, SafeString] = {}

    def part(self, key: Key, make: Callable[[], SafeString]) -> SafeString:
        """What `make` gives, which must hang on the key alone."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            self._keep(key, found)
        return found

    def _keep(self, key: Key, part: SafeString) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = part
                self._size += len(part)
            while self._size > self._most:
                self._size -= len(self._kept.pop(next(iter(self._kept))))


def key_of(**given: Hashable) -> Key:
    """Equal for what looks the same. Raises TypeError for a row of the database, which is equal to what it was before it changed."""
    if rows := [name for name, value in given.items() if isinstance(value, Model)]:
        raise TypeError(f"not a plain value: {rows}")
    return tuple((name, type(value), value) for name, value in given.items())


KEEPER = Keeper()
