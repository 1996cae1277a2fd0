"""One line of the log for each request, and the counts behind /metrics. Of the address only the route is told: what stands in it may be secret."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from sportello.config import logs

log = logging.getLogger("sportello.access")
_QUIET = frozenset({"health", "metrics"})


@dataclass(slots=True)
class _Count:
    seconds: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)


_counts: dict[str, _Count] = {}
_lock = threading.Lock()


def counted() -> dict[str, Any]:
    """By route: seconds, and answers by kind ("2xx"), since this process began."""
    with _lock:
        return {
            route: {"seconds": round(one.seconds, 4), "answers": dict(one.answers)} for route, one in _counts.items()
        }


class Journal:
    """Gives each request a number that stands on every line logged meanwhile and in the answer's X-Request-Id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number, begun = secrets.token_hex(8), time.perf_counter()
        token = logs.about.set(number)
        try:
            response = self.get_response(request)
            self._note(request, response, time.perf_counter() - begun)
        finally:
            with suppress(ValueError):  # another thread's context, which ends by itself
                logs.about.reset(token)
        response.headers["X-Request-Id"] = number
        return response

    def _note(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        route = logs.route_of(request)
        kind = f"{response.status_code // 100}xx"
        with _lock:
            count = _counts.setdefault(route, _Count())
            count.seconds += seconds
            count.answers[kind] = count.answers.get(kind, 0) + 1
        if route not in _QUIET and log.isEnabledFor(logging.INFO):
            facts = {
                "method": _method(request),
                "route": route,
                "status": response.status_code,
                "ms": round(seconds * 1000, 1),
            }
            log.info("%(method)s %(route)s %(status)s %(ms)s ms", facts, extra={"facts": facts})


def _method(request: HttpRequest) -> str:
    """Anybody may invent one."""
    method = request.method or ""
    return method if method in {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"} else "OTHER"
