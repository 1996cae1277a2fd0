"""What a request brings with it: read before its page is begun, up to a limit, by few at once."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from sportello.config import bodies
from sportello.config.front import Application, StartResponse
from tests.config.house import until

FILES_BYTES = 1000


class Slow:
    """A body that comes once `come` is set."""

    def __init__(self) -> None:
        self.come = threading.Event()
        self.is_waited_for = threading.Event()

    def read(self, _size: int) -> bytes:
        self.is_waited_for.set()
        assert self.come.wait(60)
        return b""


def _reading(seen: list[dict[str, Any]], *, pages: int = 1, files_bytes: int = FILES_BYTES) -> Application:
    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        seen.append(environ)
        start_response("200 OK", [])
        return [environ["wsgi.input"].read()]

    return bodies.read_first(application, pages=pages, files_bytes=files_bytes)


def _post(application: Application, source: object, length: str, address: str = "") -> bytes:
    environ = {"wsgi.input": source, "CONTENT_LENGTH": length, "REMOTE_ADDR": address}
    return b"".join(application(environ, lambda _status, _headers: None))


def _begin(application: Application, slow: list[Slow], address: str = "192.0.2.%d") -> list[threading.Thread]:
    """Have each of them sent, by another address where the address has a place for a number."""
    threads = []
    for number, each in enumerate(slow):
        of = (application, each, "10", address.replace("%d", str(number)))
        threads.append(threading.Thread(target=_post, args=of, daemon=True))
        threads[-1].start()
        assert each.is_waited_for.wait(60)
    return threads


@pytest.mark.parametrize("length", [0, 1, FILES_BYTES + bodies.FORM_BYTES])
def test_what_is_within_the_limit_arrives_whole(length: int) -> None:
    assert _post(_reading([]), BytesIO(b"x" * length + b"the next request"), str(length)) == b"x" * length


def test_what_is_too_large_is_not_read() -> None:
    source, seen = BytesIO(b"x"), list[dict[str, Any]]()
    assert _post(_reading(seen), source, str(FILES_BYTES + bodies.FORM_BYTES + 1)) == b""
    assert (source.tell(), seen[0]["CONTENT_LENGTH"], seen[0]["sportello.unread"]) == (0, "0", 413)


def test_senders_who_never_come_to_an_end_keep_no_page_waiting() -> None:
    seen: list[dict[str, Any]] = []
    application, slow = _reading(seen), [Slow() for _ in range(bodies.AT_ONCE)]
    threads = _begin(application, slow)
    _post(application, BytesIO(), "")
    _post(application, BytesIO(b"x"), "1", address="192.0.2.99")
    assert [environ.get("sportello.unread") for environ in seen] == [None, 503]
    for each in slow:
        each.come.set()
    for thread in threads:
        thread.join(60)
    assert _post(application, BytesIO(b"x"), "1") == b"x"


@pytest.mark.parametrize(("one", "other"), [("192.0.2.1", "192.0.2.2"), ("2001:db8::%d", "2001:db8:0:1::1")])
def test_slow_senders_of_one_network_keep_nobody_else_from_sending(one: str, other: str) -> None:
    """32 of them took all places, and no form could be sent for as long as they liked."""
    seen: list[dict[str, Any]] = []
    application, slow = _reading(seen), [Slow() for _ in range(bodies.OF_ONE_NETWORK)]
    _begin(application, slow, address=one)
    _post(application, BytesIO(b"x"), "1", address=one.replace("%d", "99"))
    assert seen[-1]["sportello.unread"] == 503
    assert _post(application, BytesIO(b"x"), "1", address=other) == b"x"
    for each in slow:
        each.come.set()


def test_a_sender_who_takes_too_long_loses_his_place_and_hears_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 0.0)
    seen: list[dict[str, Any]] = []
    application, slow = _reading(seen), [Slow() for _ in range(bodies.AT_ONCE)]
    for number, each in enumerate(slow):
        _post(application, each, "10", address=f"192.0.2.{number}")
    assert [environ["sportello.unread"] for environ in seen] == [408] * bodies.AT_ONCE
    monkeypatch.setattr(bodies, "PATIENCE_SECONDS", 60.0)
    assert _post(application, BytesIO(b"x"), "1") == b"x"
    monkeypatch.setattr(bodies, "MOST_LEFT", bodies.AT_ONCE)
    _post(application, BytesIO(b"x"), "1")
    assert seen[-1]["sportello.unread"] == 503
    for each in slow:
        each.come.set()
    until(lambda: _post(application, BytesIO(b"x"), "1") == b"x", seconds=60, what="those who were left are gone")


def test_r04_what_finds_no_room_on_the_disk_is_answered_with_a_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fault found: a full disk under the temporary folder ended an upload in the server's bare "500"."""
    seen: list[dict[str, Any]] = []
    application, length = _reading(seen, files_bytes=bodies.FORM_BYTES), bodies.FORM_BYTES
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert _post(application, BytesIO(b"x" * length), str(length)) == b""
    assert seen[-1]["sportello.unread"] == 507
    monkeypatch.undo()
    assert len(_post(application, BytesIO(b"x" * length), str(length))) == length


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (507, "There is no room for it on this server"),
        (413, "all files together may have 25.0\xa0MB"),
        (408, "It came too slowly"),
        (503, "Too much is being sent"),
    ],
)
def test_the_page_says_why_nothing_was_taken(client: Client, status: int, sentence: str) -> None:
    more = {"sportello.unread": status, "HTTP_ACCEPT_LANGUAGE": "en"}
    answer = client.post("/portal/sign-in/", {"address": "anna@example.it"}, **more)  # type: ignore[arg-type]  # a number of ours in environ
    assert (answer.status_code, sentence in answer.content.decode()) == (status, True)
