"""Requests and answers between the reader's two processes: a JSON head and raw bytes, never pickle, for the other side has read hostile mail."""

from __future__ import annotations

import dataclasses
import json
import struct
import types
import typing
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import cache, partial
from typing import IO, Any

from sportello.mail.parsing.limits import Limits
from sportello.mail.parsing.model import ParsedMail

_LENGTHS = struct.Struct(">IQ")
_MAX_HEAD = 64 * 1024 * 1024


class GarbledError(Exception):
    """What came over the pipe is not what was agreed."""


def send(stream: IO[bytes], head: dict[str, Any], blobs: tuple[bytes, ...]) -> None:
    encoded = json.dumps(head, separators=(",", ":")).encode("ascii")
    stream.write(_LENGTHS.pack(len(encoded), sum(len(blob) for blob in blobs)) + encoded)
    for blob in blobs:
        stream.write(blob)
    stream.flush()


def receive(stream: IO[bytes], max_bytes: int) -> tuple[dict[str, Any], bytes]:
    """One message. Raises EOFError when the other side has gone, GarbledError when it talks nonsense."""
    head_length, blob_length = _LENGTHS.unpack(_exactly(stream, _LENGTHS.size))
    if head_length > _MAX_HEAD or blob_length > max_bytes:
        raise GarbledError
    encoded, blob = _exactly(stream, head_length), _exactly(stream, blob_length)
    try:
        head = json.loads(encoded)
    except ValueError as error:
        raise GarbledError from error
    if not isinstance(head, dict):
        raise GarbledError
    return head, blob


def _exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise EOFError
    return data


def pack(mail: ParsedMail) -> tuple[dict[str, Any], tuple[bytes, ...]]:
    """The mail as JSON values, and the contents of its attachments beside it."""
    head = _plain(mail)
    for attachment in head["attachments"]:
        del attachment["content"]
    return head, tuple(attachment.content for attachment in mail.attachments)


def unpack(head: dict[str, Any], blob: bytes) -> ParsedMail:
    """The mail again, every value checked against the type it must have. Raises GarbledError."""
    try:
        position = 0
        for attachment in head["attachments"]:
            attachment["content"] = blob[position : position + attachment["size"]]
            position += attachment["size"]
        mail = _taker(ParsedMail)(head)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise GarbledError from error
    assert isinstance(mail, ParsedMail)  # noqa: S101 - for the type checker
    return mail


def limits_of(values: dict[str, Any]) -> Limits:
    return Limits(**values)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime) else value


@cache
def _taker(hint: Any) -> Callable[[Any], Any]:
    """What makes a value of this type of what came over the pipe."""
    if typing.get_origin(hint) is types.UnionType:
        given = _taker(typing.get_args(hint)[0])
        return lambda value: None if value is None else given(value)
    if typing.get_origin(hint) is tuple:
        each = _taker(typing.get_args(hint)[0])
        return lambda value: tuple(map(each, value))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        fields = {name: _taker(field) for name, field in typing.get_type_hints(hint).items()}
        return lambda value: hint(**{name: fields[name](item) for name, item in value.items()})
    if hint is datetime:
        return datetime.fromisoformat
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint
    return partial(_only, hint)


def _only(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise TypeError(kind)
    return value
