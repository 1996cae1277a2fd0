"""What a telephone system tells us: signed, fresh, and in one form. Pure but for the words of the kinds."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sportello.telephone.enums import CallKind

FRESH = timedelta(minutes=5)
LARGEST = 4_096  # bytes
_ID = re.compile(r"[\x21-\x7e]{1,64}")
_NUMBER = re.compile(r"[+()\d /.-]{0,40}", re.ASCII)
_EXTENSION = re.compile(r"[\w+*#.-]{0,20}", re.ASCII)
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


class MalformedError(ValueError):
    """The body is not what docs/telephone.md describes; the words say which part of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event. `event` is unique for ever, `call` the same for all events of one call; a withheld `number` is empty."""

    event: str
    call: str
    kind: CallKind
    number: str = ""
    extension: str = ""


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256 over timestamp, a full stop and body."""
    signed = hmac.new(secret.encode(), timestamp.encode("ascii", "replace") + b"." + body, hashlib.sha256)
    return f"sha256={signed.hexdigest()}"


def is_signed(secret: str, timestamp: str, body: bytes, given: str) -> bool:
    return hmac.compare_digest(signature(secret, timestamp, body).encode(), given.encode("utf-8", "replace"))


def is_fresh(timestamp: str, now: datetime) -> bool:
    """Whether it was signed within five minutes of now; `timestamp` is in seconds since 1970."""
    if not _SECONDS.fullmatch(timestamp):
        return False
    return abs(now - datetime.fromtimestamp(0, UTC) - timedelta(seconds=int(timestamp))) <= FRESH


def read(body: bytes) -> Told:
    """Raises MalformedError."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedError("no JSON") from None
    if not isinstance(said, dict):
        raise MalformedError("no JSON object")
    kind = said.get("kind")
    if kind not in CallKind.values:
        raise MalformedError("kind")
    return Told(
        event=_text(said, "event", _ID),
        call=_text(said, "call", _ID),
        kind=CallKind(kind),
        number=_text(said, "number", _NUMBER),
        extension=_text(said, "extension", _EXTENSION),
    )


def _text(said: Mapping[str, Any], name: str, form: re.Pattern[str]) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or not form.fullmatch(value):
        raise MalformedError(name)
    return value
