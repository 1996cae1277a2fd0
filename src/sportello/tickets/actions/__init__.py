"""Every write to tickets. Each locks the row, settles its clocks, writes its event and tells the desk, in one transaction."""

from __future__ import annotations

from sportello.tickets.actions.alarms import fire_alarms, post_alarm
from sportello.tickets.actions.answering import Then, add_message, add_note, record_bounce, reply, undo_reply
from sportello.tickets.actions.asking import discard_request_draft, expire_sealed_drafts, save_request_draft
from sportello.tickets.actions.assigning import assign, assign_team, release, take
from sportello.tickets.actions.belonging import attach_contact, make_customer, take_back_customer
from sportello.tickets.actions.changing import hold_for
from sportello.tickets.actions.concerns import dismiss_concern, look_at_customers, restore_concern
from sportello.tickets.actions.delays import tell_delays
from sportello.tickets.actions.drafting import (
    attach_to_draft,
    be_present,
    discard_draft,
    leave,
    remove_from_draft,
    save_draft,
)
from sportello.tickets.actions.following import accept_copy, add_colleague, follow, note_copy, remove_contact, unfollow
from sportello.tickets.actions.holding import as_new_files, expire_held, held_of, hold_files, let_go
from sportello.tickets.actions.informing import Informed, Word, inform, note_incident, take_back_word
from sportello.tickets.actions.joining import merge, split, undo_merge
from sportello.tickets.actions.opening import open_ticket
from sportello.tickets.actions.ordering import decide, put_up, withdraw
from sportello.tickets.actions.planned import run_through_work, stand_still, stand_still_again
from sportello.tickets.actions.previews import make_preview
from sportello.tickets.actions.rating import rate
from sportello.tickets.actions.receipts import record_receipt
from sportello.tickets.actions.rereading import reread
from sportello.tickets.actions.sorting import (
    add_tag,
    link,
    remove_tag,
    rename,
    set_customer,
    set_queue,
    set_service,
    unlink,
)
from sportello.tickets.actions.standing import (
    close,
    close_by_customer,
    close_solved,
    reopen,
    set_aside,
    solve,
    start_analysis,
    wait_for_customer,
)
from sportello.tickets.actions.tallying import fold_tallies
from sportello.tickets.actions.undelivered import tell_undelivered
from sportello.tickets.actions.weighing import give_back, lapse_claims, overrule, set_outage, weigh
from sportello.tickets.actions.writing import Content, NewFile, new_files

__all__ = [
    "Content",
    "Informed",
    "NewFile",
    "Then",
    "Word",
    "accept_copy",
    "add_colleague",
    "add_message",
    "add_note",
    "add_tag",
    "as_new_files",
    "assign",
    "assign_team",
    "attach_contact",
    "attach_to_draft",
    "be_present",
    "close",
    "close_by_customer",
    "close_solved",
    "decide",
    "discard_draft",
    "discard_request_draft",
    "dismiss_concern",
    "expire_held",
    "expire_sealed_drafts",
    "fire_alarms",
    "fold_tallies",
    "follow",
    "give_back",
    "held_of",
    "hold_files",
    "hold_for",
    "inform",
    "lapse_claims",
    "leave",
    "let_go",
    "link",
    "look_at_customers",
    "make_customer",
    "make_preview",
    "merge",
    "new_files",
    "note_copy",
    "note_incident",
    "open_ticket",
    "overrule",
    "post_alarm",
    "put_up",
    "rate",
    "record_bounce",
    "record_receipt",
    "release",
    "remove_contact",
    "remove_from_draft",
    "remove_tag",
    "rename",
    "reopen",
    "reply",
    "reread",
    "restore_concern",
    "run_through_work",
    "save_draft",
    "save_request_draft",
    "set_aside",
    "set_customer",
    "set_outage",
    "set_queue",
    "set_service",
    "solve",
    "split",
    "stand_still",
    "stand_still_again",
    "start_analysis",
    "take",
    "take_back_customer",
    "take_back_word",
    "tell_delays",
    "tell_undelivered",
    "undo_merge",
    "undo_reply",
    "unfollow",
    "unlink",
    "wait_for_customer",
    "weigh",
    "withdraw",
]
