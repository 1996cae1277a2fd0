"""What many ask for at the same moment is made once for all of them, in each process.

A page that was told of a change asks at least 0.12 s later (sportello.js). What was begun at most SECONDS before its question was therefore begun
after the change, and shows it. Nothing is kept for longer, and what belongs to one person is given to nobody else: that is in the key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from time import monotonic
from typing import Any, TypeVar

T = TypeVar("T")
SECONDS = 0.1
MOST = 500
"""Answers kept; more than that in so short a time are each made for whoever asked."""

_lock = threading.Lock()
_begun: dict[Hashable, tuple[float, Future[Any]]] = {}


def lately(key: Hashable, make: Callable[[], T]) -> T:
    """What `make` gave for this key a moment ago, or gives just now for somebody else; else what it gives to us. Raises what it raised."""
    now, ours = monotonic(), Future[T]()
    with _lock:
        at, answer = _begun.get(key, (now, ours))
        if answer is not ours and now - at >= SECONDS:
            answer = ours
        if answer is ours:
            _forget(now)
            _begun[key] = now, ours
    if answer is ours:
        _fill(ours, make)
    found: T = answer.result()
    return found


def _fill(answer: Future[Any], make: Callable[[], Any]) -> None:
    try:
        answer.set_result(make())
    except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it
        answer.set_exception(error)


def _forget(now: float) -> None:
    if len(_begun) >= MOST:
        for key in [key for key, (at, _answer) in _begun.items() if now - at >= SECONDS]:
            del _begun[key]
