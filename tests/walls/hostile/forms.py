"""The forms that pages show, found by opening every page there is; and what an ordinary person would fill them in with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from allauth.mfa.models import Authenticator
from django.test import Client

from tests.walls.hostile.pages import text_of
from tests.walls.urls import Address, Parameter, every_address
from tests.walls.world import World

_ID = re.compile(r"[0-9a-f-]{36}|(?<=/)\d+(?=/|$)")
_NOT_TYPED = frozenset({"csrfmiddlewaretoken"})
_FILLED = {
    "email": "anna@forms.example",
    "number": "3",
    "date": "2026-03-04",
    "password": "correct horse battery",
    "url": "https://forms.example",
}
NEVER_SENT = frozenset({"/account/logout/", "/portal/sign-out/"})


@dataclass(frozen=True)
class Form:
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    """Name and a good value."""
    files: tuple[str, ...]
    page: str

    @property
    def key(self) -> tuple[str, str, frozenset[str]]:
        """The same form on another page, or of another row, is the same form."""
        return self.method, _ID.sub("*", urlsplit(self.action).path), frozenset(name for name, _ in self.fields)

    def __str__(self) -> str:
        return f"{self.method} {_ID.sub('*', self.action)}"


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.found: list[Form] = []
        self.links: list[str] = []
        self._open: dict[str, Any] | None = None
        self._choices = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.page, given["href"]))
        elif tag == "form":
            self._open = {
                "action": urljoin(self.page, given.get("action", "")),
                "method": given.get("method", "get").upper(),
                "fields": {},
                "files": [],
            }
        elif self._open is not None:
            self._field(tag, given, self._open)

    def _field(self, tag: str, given: dict[str, str], form: dict[str, Any]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "option" and self._choices and ("selected" in given or not form["fields"][self._choices]):
            form["fields"][self._choices] = given.get("value", "")
        elif not name or name in _NOT_TYPED:
            return
        elif tag == "select":
            self._choices, form["fields"][name] = name, ""
        elif tag == "input" and kind == "file":
            form["files"].append(name)
        elif tag == "input":
            form["fields"].setdefault(name, given.get("value") or _FILLED.get(kind, "Prova"))
        elif tag in {"textarea", "button"}:
            form["fields"].setdefault(name, given.get("value", "Prova"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._choices = ""
        elif tag == "form" and self._open is not None:
            fields = tuple(self._open["fields"].items())
            self.found.append(
                Form(self._open["action"], self._open["method"], fields, tuple(self._open["files"]), self.page)
            )
            self._open = None


@dataclass
class Site:
    """Every page and form of ours as one person finds them."""

    world: World
    _values: dict[Parameter, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, world: World) -> Site:
        site = cls(world)
        for method in ("GET", "POST"):
            site.paths(method)
        Authenticator.objects.all().delete()  # the world's passkey is a row without a key: nobody can sign in with it
        return site

    def paths(self, method: str) -> list[tuple[Address, str]]:
        addresses = [each for each in every_address() if each.rule and method in each.rule.methods]
        return [(each, each.path({one.name: self._value(one) for one in each.parameters})) for each in addresses]

    def _value(self, parameter: Parameter) -> Any:
        if parameter not in self._values:
            self._values[parameter] = self.world._value(parameter)
        return self._values[parameter]

    def pages(self, client: Client, *, most: int = 300) -> Iterator[tuple[str, str]]:
        """What this person may open, and what it links to on our own site: address and HTML."""
        waiting = [path for _, path in self.paths("GET")]
        seen: set[str] = set()
        while waiting and len(seen) < most:
            path = waiting.pop(0)
            if _alike(path) in seen:
                continue
            seen.add(_alike(path))
            answer = client.get(path)
            text = text_of(answer)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                yield path, text
                reader = _Reader(path)
                reader.feed(text)
                waiting += [link for link in reader.links if link.startswith(("/desk/", "/portal/", "/account/"))]

    def forms(self, client: Client) -> Sequence[Form]:
        found: dict[Any, Form] = {}
        for path, text in self.pages(client):
            reader = _Reader(path)
            reader.feed(text)
            for form in reader.found:
                if form.action not in NEVER_SENT and urlsplit(form.action).path.startswith("/"):
                    found.setdefault(form.key, form)
        return list(found.values())


def _alike(path: str) -> str:
    """Pages of the same kind count once: of ids only the kind, of a query only the names."""
    parts = urlsplit(path)
    return f"{_ID.sub('*', parts.path)}?{sorted(name for name, _ in parse_qsl(parts.query))}"
