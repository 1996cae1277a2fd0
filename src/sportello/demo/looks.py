"""What the demo's desk saw of some services. Nothing is looked at: what would have been seen is written, and judged as ever."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import resources
from typing import Any

from sportello.demo.setting import Scene
from sportello.demo.stories import Story
from sportello.diagnostics.actions import ask, examine
from sportello.diagnostics.enums import Occasion, Probe, Role, Sign
from sportello.diagnostics.rules import Seen
from sportello.evidence.actions import conclude

KNOWN_AFTER = timedelta(seconds=20)
CERTIFICATE_LEFT = timedelta(days=61)
Act = Callable[[datetime], None]


def looks(scene: Scene, told: list[Story], present: datetime) -> Iterator[tuple[datetime, Act]]:
    """Each look after its ticket was opened, as its own job would do it."""
    entries = tomllib.loads(resources.files(__package__).joinpath("looks.toml").read_text(encoding="utf-8"))["looks"]
    begun = {story.service: present - story.age for story in told if story.state == "new"}
    for entry in entries:
        for turn, seconds in enumerate(entry["after"]):
            at = begun[entry["service"]] + KNOWN_AFTER + timedelta(seconds=seconds)
            yield at, partial(_look, scene, entry, Occasion.AGAIN if turn else Occasion.OPENING)


def _look(scene: Scene, entry: dict[str, Any], occasion: Occasion, now: datetime) -> None:
    examination = ask(service=scene.services[entry["service"]], occasion=occasion, now=now)
    examine(examination=examination, now=now, looker=lambda *_asked: tuple(_seen(entry, now)))
    examination.refresh_from_db()
    conclude(examination=examination, now=now)


def _seen(entry: dict[str, Any], now: datetime) -> Iterator[Seen]:
    name, address, sign = entry["service"], entry["address"], Sign(entry["sign"])
    yield from _way_to(name, address, now)
    yield Seen(
        Probe.PAGE,
        f"https://{name}/",
        sign,
        now,
        name,
        address=address,
        milliseconds=entry["milliseconds"],
        head=entry["head"].lstrip(),
    )
    for other in entry["neighbours"]:
        yield Seen(Probe.PAGE, f"https://{other}/", Sign.PAGE_FINE, now, other, Role.NEIGHBOUR, address, 203)


def _way_to(name: str, address: str, now: datetime) -> Iterator[Seen]:
    leads = {"addresses": address, "where": "ours"}
    until = {"until": (now + CERTIFICATE_LEFT).date().isoformat()}
    yield Seen(Probe.DNS, name, Sign.NAME_FOUND, now, name, milliseconds=11, params=leads)
    yield Seen(
        Probe.TCP, f"{address}:443", Sign.PORT_OPEN, now, name, address=address, milliseconds=2, params={"port": 443}
    )
    yield Seen(
        Probe.TLS, f"{name}:443", Sign.CERTIFICATE_GOOD, now, name, address=address, milliseconds=9, params=until
    )
