"""Reading a page as a person does: by what stands where."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client
from lxml import html

_PART = re.compile(r"(?P<kind>[.#]?)(?P<name>[\w-]+)|\[(?P<attribute>[\w-]+)(?:=(?P<value>[^\]]+))?\]")


def page(client: Client, address: str, status: int = 200) -> Any:
    """The document at an address, which must answer with this status."""
    response = client.get(address)
    assert response.status_code == status, response.status_code
    return parsed(response.content)


def parsed(content: bytes) -> Any:
    return html.fromstring(f"<div>{content.decode()}</div>")


def find(root: Any, selector: str) -> list[Any]:
    """Elements by a small part of CSS: `tag`, `.class`, `#id`, `[attribute]`, `[attribute=value]`, and descendants."""
    steps = "".join(f"//{_step(compound)}" for compound in selector.split())
    found: list[Any] = root.xpath(f".{steps}")
    return found


def only(root: Any, selector: str) -> Any:
    (element,) = find(root, selector)
    return element


def texts(root: Any, selector: str) -> list[str]:
    return [text_of(element) for element in find(root, selector)]


def text_of(element: Any) -> str:
    return " ".join(element.text_content().split())


def _step(compound: str) -> str:
    tag, conditions = "*", []
    for part in _PART.finditer(compound):
        match part["kind"], part["name"], part["attribute"], part["value"]:
            case ("", str(name), None, None):
                tag = name
            case (".", name, None, None):
                conditions.append(f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')")
            case ("#", name, None, None):
                conditions.append(f"@id='{name}'")
            case (_, _, attribute, None):
                conditions.append(f"@{attribute}")
            case (_, _, attribute, value):
                conditions.append(f"@{attribute}='{value}'")
    return tag + "".join(f"[{condition}]" for condition in conditions)
