"""A session is told by its browser and system, not by a User-Agent."""

from __future__ import annotations

import pytest

from sportello.ui.devices import device

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (CHROME, "Chrome · Windows"),
        (f"{CHROME} Edg/130.0.0.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1",
            "Safari · iPhone",
        ),
        ("curl/8.9.1", "curl/8.9.1"),
        ("", ""),
    ],
)
def test_a_browser_and_its_system_are_named(agent: str, said: str) -> None:
    assert device(agent) == said
