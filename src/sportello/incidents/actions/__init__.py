"""Every write to incidents. Each locks the row, writes its event and tells the desk, in one transaction; what takes long is a job."""

from __future__ import annotations

from sportello.incidents.actions.going_on import go_on_once
from sportello.incidents.actions.linking import (
    answer_new,
    gather,
    link_ticket,
    unlink_all,
    unlink_ticket,
)
from sportello.incidents.actions.opening import Opening, open_incident
from sportello.incidents.actions.proposing import propose, set_aside
from sportello.incidents.actions.settling import let_go, take_back_some
from sportello.incidents.actions.speaking import Said, add_note, change_incident, post_update
from sportello.incidents.actions.telling import tell_some

__all__ = [
    "Opening",
    "Said",
    "add_note",
    "answer_new",
    "change_incident",
    "gather",
    "go_on_once",
    "let_go",
    "link_ticket",
    "open_incident",
    "post_update",
    "propose",
    "set_aside",
    "take_back_some",
    "tell_some",
    "unlink_all",
    "unlink_ticket",
]
