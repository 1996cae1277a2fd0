"""What the provider of the demonstration has planned, so that there is something to see of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sportello.demo.setting import Scene
from sportello.incidents.planned.actions import Plan, plan_maintenance, tell_maintenance

IN_DAYS, AT_NIGHT, LASTS = timedelta(days=4), 1, timedelta(hours=2)
SERVICE = "posta ceramichedoria.example"


def plan_something(scene: Scene, now: datetime) -> None:
    """Its customers have been told a while ago."""
    server = scene.services[SERVICE].server
    starts_at = (now + IN_DAYS).replace(hour=AT_NIGHT, minute=0, second=0, microsecond=0)
    plan = Plan(
        title_it="Aggiornamento dei server di posta",
        title_en="Update of the mail servers",
        text_it="La posta sarà ferma per circa mezz’ora: i messaggi in arrivo aspettano e non vanno persi.",
        text_en="Mail will stand still for about half an hour: what arrives waits and is not lost.",
        starts_at=starts_at,
        ends_at=starts_at + LASTS,
        servers=[server] if server else [],
    )
    planned_at = now - timedelta(hours=3)
    plan_maintenance(plan=plan, by=scene.agents[0], now=planned_at)
    tell_maintenance(now=planned_at + timedelta(minutes=5))
