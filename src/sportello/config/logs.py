"""One line a record, on standard error, where a service manager expects it."""

from __future__ import annotations

import logging
import sys
from typing import Any

_CONTROL = {number: f"\\x{number:02x}" for number in (*range(32), 127, 0x85, 0x2028, 0x2029) if number not in (9, 10)}


class OneLine(logging.Formatter):
    """Text from outside can add no line: control characters are written as escapes. Only a traceback has lines of its own."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        return super().formatMessage(record).translate(_CONTROL).replace("\n", "\\n")


def not_health(record: logging.LogRecord) -> bool:
    """A bad answer of /health is for the monitor that asked, every few seconds; the cause has lines of its own."""
    return getattr(getattr(record, "request", None), "path", "") != "/health"


def process_name() -> str:
    """The command that this process runs: "web", "worker", "mail-door"."""
    return next((word for word in sys.argv[1:] if not word.startswith("-")), "sportello")


def configuration(level: str) -> dict[str, Any]:
    """For logging.config.dictConfig. Libraries speak from warnings on, Sportello from `level` on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "sportello.config.logs.OneLine",
                "datefmt": "%Y-%m-%dT%H:%M:%S%z",
                "fmt": f"%(asctime)s {process_name():9} %(levelname)-7s %(name)s: %(message)s",
            }
        },
        "filters": {"not_health": {"()": "django.utils.log.CallbackFilter", "callback": not_health}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "sportello": {"level": level.upper()},
            "procrastinate": {"level": "DEBUG" if level == "debug" else "WARNING"},
            "django.request": {"filters": ["not_health"]},
            # Refused hosts and missing pages are the callers' mistakes, not ours to be woken for.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
