"""A member of staff at a browser: signed in, and listening for live updates. Without a screen, for what is looked at are answers."""

from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.cookiejar import CookieJar
from types import MappingProxyType
from typing import Any

from tests.faults.installation import AGENT, PASSWORD, Installation

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    headers: Message
    seconds: float


@dataclass
class Browser:
    desk: Installation
    notices: list[dict[str, Any]] = field(default_factory=list)
    """What the live stream has told."""

    def __post_init__(self) -> None:
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open

    def get(self, path: str) -> Answer:
        return self._ask(path, None)

    def send(self, path: str, form: dict[str, str], file: tuple[str, bytes]) -> Answer:
        """A form with a file, by its name and content."""
        token = _TOKEN.search(self.get("/desk/").text)
        assert token
        fields = {"csrfmiddlewaretoken": token[1], **form}
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
        parts.append(f'name="uploads"; filename="{file[0]}"\r\nContent-Type: text/plain\r\n\r\n'.encode() + file[1])
        body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--\r\n"
        return self._ask(path, body, {"Content-Type": "multipart/form-data; boundary=b"})

    def sign_in(self) -> None:
        token = _TOKEN.search(self.get("/account/login/").text)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "login": AGENT, "password": PASSWORD}
        assert "Giulia Rinaldi" in self._ask("/account/login/", urllib.parse.urlencode(form).encode()).text

    def listen(self) -> None:
        """Open the live stream once and read it for ever; as long as it is not cut, nothing else is opened."""
        stream = self._open(f"http://localhost:{self.desk.house.ports[1]}/live/", timeout=300)

        def read() -> None:
            for line in stream:
                if line.startswith(b"data: "):
                    self.notices.append(json.loads(line[6:]))

        threading.Thread(target=read, daemon=True).start()

    def heard(self, topic: str) -> bool:
        return any(notice["topic"] == topic for notice in self.notices)

    def _ask(self, path: str, form: bytes | None, headers: Mapping[str, str] = MappingProxyType({})) -> Answer:
        url = f"http://localhost:{self.desk.house.ports[0]}{path}"
        request = urllib.request.Request(url, form, {"Accept-Language": "en", "Referer": url, **headers})
        begun = time.monotonic()
        try:
            with self._open(request, timeout=60) as answer:
                return Answer(
                    answer.status, answer.read().decode(errors="replace"), answer.headers, time.monotonic() - begun
                )
        except urllib.error.HTTPError as error:
            with error:
                return Answer(
                    error.code, error.read().decode(errors="replace"), error.headers, time.monotonic() - begun
                )
