"""All that is to be done with an incident, in one portion of each kind."""

from __future__ import annotations

from datetime import datetime

from sportello.incidents.actions.linking import gather
from sportello.incidents.actions.settling import let_go, take_back_some
from sportello.incidents.actions.telling import mark_told, tell_some
from sportello.incidents.models import Incident


def go_on_once(*, incident: Incident, now: datetime) -> int:
    """How many tickets were touched: as long as there are some, there may be more."""
    done = (
        take_back_some(incident=incident, now=now)
        + gather(incident=incident, now=now)
        + tell_some(incident=incident, now=now)
        + let_go(incident=incident, now=now)
    )
    if not done:
        mark_told(incident=incident, now=now)
    return done
