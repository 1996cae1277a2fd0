"""Every address of the site, read from the URL table itself, so that a new one is in the walls' tests without anybody adding it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sportello.accounts.access import Rule, rule_of

_PARAMETER = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>|\(\?P<(?P<group>\w+)>")


@dataclass(frozen=True)
class Parameter:
    """`place` is the path before it: in `desk/tickets/<uuid:public_id>/` it is "/desk/tickets"."""

    place: str
    name: str
    converter: str


@dataclass(frozen=True)
class Address:
    """One pattern of the table."""

    name: str
    route: str
    view: Callable[..., Any]
    namespaces: tuple[str, ...]

    @property
    def rule(self) -> Rule | None:
        return rule_of(self.view)

    @property
    def parameters(self) -> list[Parameter]:
        found = _PARAMETER.finditer(self.route)
        return [
            Parameter(self._before(match), match["name"] or match["group"], match["converter"] or "str")
            for match in found
        ]

    def _before(self, match: re.Match[str]) -> str:
        return f"/{self.route[: match.start()]}".rstrip("/")

    def path(self, values: Mapping[str, Any]) -> str:
        return reverse(self.name, kwargs=dict(values))

    def __str__(self) -> str:
        return self.name or self.route


def every_address() -> list[Address]:
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, route: str, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, here, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern):
            yield Address(":".join((*spaces, pattern.name or "")), here, pattern.callback, spaces)
