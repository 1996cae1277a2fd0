"""One line a record, on standard error, where a service manager expects it: as text, or as one JSON object."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

about: ContextVar[str] = ContextVar("about", default="")
"""The number of the request or job in hand; stands on every line logged meanwhile."""

_CONTROL = {number: f"\\x{number:02x}" for number in (*range(32), 127, 0x85, 0x2028, 0x2029) if number not in (9, 10)}


_DETAIL = re.compile(r"^DETAIL:.*?(?=^CONTEXT:|^\nThe above exception|^\nDuring handling|\Z)", re.MULTILINE | re.DOTALL)


class Discreet(logging.Formatter):
    """What PostgreSQL says of an error it explains with the row itself: names, addresses, texts. Those stay in the database."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return _DETAIL.sub("DETAIL: not logged\n", super().formatException(ei)).rstrip("\n")


class OneLine(Discreet):
    """Text from outside can add no line: control characters are written as escapes. Only a traceback has lines of its own.

    Times are UTC, as in the objects: a process has the machine's zone or the pages', by what it has imported.
    """

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        number = about.get()
        record.process_does = process_name()
        line = super().formatMessage(record) + (f" [{number}]" if number else "")
        return line.translate(_CONTROL).replace("\n", "\\n")


class OneObject(Discreet):
    """A JSON object a record, whatever it holds; a traceback is one of its texts."""

    def format(self, record: logging.LogRecord) -> str:
        found: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "process": process_name(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if number := about.get():
            found["request"] = number
        if record.exc_info:
            found["traceback"] = self.formatException(record.exc_info)
        return json.dumps(found, default=str, ensure_ascii=True)


def not_health(record: logging.LogRecord) -> bool:
    """A bad answer of /health is for the monitor that asked, every few seconds; the cause has lines of its own."""
    return getattr(getattr(record, "request", None), "path", "") not in {"/health", "/metrics"}


def route_of(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name or match.route) if match else "none"


def by_route(record: logging.LogRecord) -> bool:
    """Django names the address of what it refuses, always last. A link that signs somebody in may stand in it: the route is told instead."""
    request = getattr(record, "request", None)
    if isinstance(request, HttpRequest) and isinstance(record.args, tuple) and record.args:
        record.args = (*record.args[:-1], route_of(request))
    return True


def of_the_sender(record: logging.LogRecord) -> bool:
    """What cannot be read of a request is its sender's mistake: a line, and no traceback, which anybody could have us write."""
    is_security, is_refusal = record.name.startswith("django.security."), record.name == "django.request"
    if is_security or (is_refusal and record.levelno < logging.ERROR):
        record.exc_info = None
        if record.levelno > logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def not_about_threads(record: logging.LogRecord) -> bool:
    """The web server finds those that wait for slow senders many (config/bodies.py); nobody who starts a desk can do anything about it."""
    return "Python threads" not in record.getMessage()


def process_name() -> str:
    """The command that this process runs: "web", "worker", "mail-door"."""
    return next((word for word in sys.argv[1:] if not word.startswith("-")), "sportello")


def configuration(level: str, *, form: str = "text") -> dict[str, Any]:
    """For logging.config.dictConfig. Libraries speak from warnings on, Sportello from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {
                "()": "sportello.config.logs.OneLine",
                "datefmt": "%Y-%m-%dT%H:%M:%SZ",
                "fmt": "%(asctime)s %(process_does)-9s %(levelname)-7s %(name)s: %(message)s",
            },
            "json": {"()": "sportello.config.logs.OneObject"},
        },
        "filters": {
            "not_health": {"()": "django.utils.log.CallbackFilter", "callback": not_health},
            "by_route": {"()": "django.utils.log.CallbackFilter", "callback": by_route},
            "of_the_sender": {"()": "django.utils.log.CallbackFilter", "callback": of_the_sender},
            "not_about_threads": {"()": "django.utils.log.CallbackFilter", "callback": not_about_threads},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": form, "filters": ["by_route", "of_the_sender"]}
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "sportello": {"level": level.upper()},
            "procrastinate": {"level": "DEBUG" if level == "debug" else "WARNING"},
            "django.request": {"filters": ["not_health"]},
            "_granian": {"filters": ["not_about_threads"]},
            # Refused hosts and missing pages are the callers' mistakes, not ours to be woken for.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
