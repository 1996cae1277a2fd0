"""What the front door does: takes requests in, judges mail, and lets people decide where it would not."""

from __future__ import annotations

from sportello.intake.actions.asking import ask_in_portal
from sportello.intake.actions.floods import file_flood, file_held_back, refuse_flood
from sportello.intake.actions.held import refuse_held, release_held
from sportello.intake.actions.receiving import NotYet, receive_mail
from sportello.intake.actions.reconsidering import reconsider_proposed
from sportello.intake.actions.requests import Request, open_request
from sportello.intake.actions.rereading import READING_QUEUE, REREAD_TASK, read_again, reread_filed
from sportello.intake.actions.self_test import self_test
from sportello.intake.actions.waiting import HELD, WEBHOOK_TASK, post_held, ring_for_held

__all__ = [
    "HELD",
    "READING_QUEUE",
    "REREAD_TASK",
    "WEBHOOK_TASK",
    "NotYet",
    "Request",
    "ask_in_portal",
    "file_flood",
    "file_held_back",
    "open_request",
    "post_held",
    "read_again",
    "receive_mail",
    "reconsider_proposed",
    "refuse_flood",
    "refuse_held",
    "release_held",
    "reread_filed",
    "ring_for_held",
    "self_test",
]
