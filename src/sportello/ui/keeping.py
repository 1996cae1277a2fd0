"""Parts of a page that hang on nothing but what they are given, in one language: put together once, and kept for whoever is shown the same."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable, Iterator
from dataclasses import fields, is_dataclass
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
        """What `make` gives, which must hang on the key alone. Raises TypeError for a row of the database in it, which is never kept."""
        found = self._kept.get(key)
        if found is None:
            _check_plain(key)
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
    """Equal for what looks the same."""
    return tuple((name, type(value), value) for name, value in given.items())


def _check_plain(key: Key) -> None:
    """A row of the database is equal to what it was before it changed."""
    if rows := list(_rows(key)):
        raise TypeError(f"not a plain value: {rows}")


def _rows(value: object) -> Iterator[str]:
    """The models of the rows in it, however deep."""
    if isinstance(value, Model):
        yield type(value).__name__
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from _rows(part)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield from _rows(getattr(value, field.name))


KEEPER = Keeper()
