"""The demo's outages: one that is over, and one that goes on with a ticket under it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from importlib import resources
from typing import Any

from sportello.accounts.models import User
from sportello.demo.setting import Scene
from sportello.demo.stories import AGENTS
from sportello.incidents.actions import Opening, Said, go_on_once, open_incident, post_update
from sportello.incidents.enums import ComponentStatus, IncidentState
from sportello.incidents.models import Incident
from sportello.services.models import Server

ROUNDS = 20
NEXT_UPDATE = timedelta(minutes=30)
Act = Callable[[datetime], None]


def outages(scene: Scene, present: datetime) -> Iterator[tuple[datetime, Act]]:
    """What was said of each, and when; and that who wrote in between is told."""
    told = tomllib.loads(resources.files(__package__).joinpath("outages.toml").read_text(encoding="utf-8"))
    for entry in told["outages"]:
        begun = present - timedelta(minutes=entry["age"])
        for minutes, state, text_it, text_en in entry["said"]:
            said = Said(state=IncidentState(state), text_it=text_it, text_en=text_en)
            yield begun + timedelta(minutes=minutes), partial(_say, entry, begun, said, scene)
    yield present, _go_on


def _say(entry: dict[str, Any], begun: datetime, said: Said, scene: Scene, now: datetime) -> None:
    by = scene.agents[AGENTS[entry["by"]]]
    incident = Incident.objects.filter(title_en=entry["title_en"]).first()
    if incident is None:
        _open(entry, begun, said, scene, by, now)
    else:
        post_update(incident=incident, said=said, by=by, now=now, seen_version=incident.version)
    _go_on(now)


def _open(entry: dict[str, Any], begun: datetime, said: Said, scene: Scene, by: User, now: datetime) -> None:
    opening = Opening(
        title_it=entry["title_it"],
        title_en=entry["title_en"],
        text_it=said.text_it,
        text_en=said.text_en,
        state=said.state,
        impact=ComponentStatus(entry["impact"]),
        started_at=begun,
        servers=list(Server.objects.filter(name__in=entry["servers"])),
        services=[scene.services[name] for name in entry["services"]],
        next_update_at=now + NEXT_UPDATE,
    )
    open_incident(opening=opening, by=by, now=now)


def _go_on(now: datetime) -> None:
    """What the jobs do."""
    for incident in Incident.objects.all():
        for _round in range(ROUNDS):
            if not go_on_once(incident=incident, now=now):
                break
