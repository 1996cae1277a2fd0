from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connection

if TYPE_CHECKING:
    from tests.intake.open_door import OpenDoor

MAILS = Path(__file__).parent.parent / "mails" / "intake"


@pytest.fixture
def mail() -> Callable[..., bytes]:
    """A mail of tests/mails/intake by its name, as it travels: with CRLF, and with `@@WORDS@@` put in."""

    def read(name: str, **words: str) -> bytes:
        raw = (MAILS / f"{name}.eml").read_bytes().replace(b"\n", b"\r\n")
        for word, value in words.items():
            raw = raw.replace(f"@@{word}@@".encode(), value.encode())
        return raw

    return read


@pytest.fixture
def no_jobs(transactional_db: None) -> None:
    """procrastinate's tables are not emptied between tests."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture
def door(no_jobs: None) -> Iterator[OpenDoor]:
    from tests.intake.open_door import open_door

    with open_door() as opened:
        yield opened
